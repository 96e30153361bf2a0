import type { MikroORM } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import type { PageBack } from './patrons.ts';

/** An applied change of a reader's data. Instants are epoch milliseconds. */
export interface PatronChangeRow {
  readonly id: string;
  readonly at: number;
  readonly actor: Actor;
  readonly actorName: string | null;
  readonly fields: readonly string[];
  readonly before: Readonly<Record<string, unknown>>;
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly note: string | null;
}

const changes: Statement = {
  name: 'patron-changes',
  text: `select patron_change.id, ${epochMs('applied_at')} as at, actor, staff_member.name as "actorName", fields, before, wanted, remark.text as note
    from patron_change
    left join staff_member on actor = 'staff:' || staff_member.id
    left join remark on remark.id = patron_change.remark_id
    where patron_change.library = $1 and patron_id = $2 and cardinality(fields) > 0
      and ($3::timestamptz is null or (applied_at, patron_change.id) < ($3, $4::uuid))
    order by applied_at desc, patron_change.id desc limit $5`,
};

/** Who changed what about a reader, the latest first; one more than asked for tells that there is a next page. */
export function patronChanges(
  orm: MikroORM,
  library: string,
  { patronId, before, limit }: PageBack,
): Promise<PatronChangeRow[]> {
  return rowsOf(orm, changes, [library, patronId, before?.at, before?.id, limit + 1]);
}
