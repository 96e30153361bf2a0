import type { MikroORM } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** What happened to a staff account. Instants are epoch milliseconds. */
export interface StaffChangeRow {
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  readonly actor: Actor;
  readonly actorName: string | null;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

const changes: Statement = {
  name: 'staff-changes',
  text: `select staff_change.id, kind, ${epochMs('at')} as at, actor, staff_member.name as "actorName", before, after
    from staff_change left join staff_member on actor = 'staff:' || staff_member.id
    where staff_change.staff_id = $1 and ($2::timestamptz is null or (at, staff_change.id) < ($2, $3::uuid))
    order by at desc, staff_change.id desc limit $4`,
};

/** The history of an account, the latest first; one more than asked for tells that there is a next page. */
export function staffChanges(
  orm: MikroORM,
  staffId: string,
  before: { readonly at: Date; readonly id: string } | undefined,
  limit: number,
): Promise<StaffChangeRow[]> {
  return rowsOf(orm, changes, [staffId, before?.at, before?.id, limit + 1]);
}
