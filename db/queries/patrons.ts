import type { MikroORM } from '@mikro-orm/postgresql';
import type { BounceOutcome } from '../../domain/email.ts';
import { noticesWithSecret } from '../../domain/kinds.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Notice } from '../entities/index.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { returnedColumn } from './email.ts';
import { type DeskHold, readerColumns, type ReaderColumns } from './desk.ts';
import { holdColumns, holdTables } from './holds.ts';

/** A reader among those found. `birthDate` tells two of the same name apart. */
export interface FoundPatron extends ReaderColumns {
  readonly birthDate: string | null;
  readonly closed: boolean;
  readonly blocked: boolean;
}

const blocked = `exists (select from block where block.patron_id = patron.id and block.lifted_at is null)`;

const found = `
  select ${readerColumns}, patron.birth_date::text as "birthDate", patron.closed_at is not null as closed, ${blocked} as blocked
  from patron where library = $1 and erased_at is null`;

const byCard: Statement = { name: 'patrons-by-card', text: `${found} and card = $2` };

const folded = (text: string): string => `normalize(lower(${text}), NFKC)`;

/** The index leads to the few names that have every pair of neighbouring characters; strpos then decides. */
const byName: Statement = {
  name: 'patrons-by-name',
  text: `${found} and search_grams(${folded('name')}) @> search_grams(${folded('$2')}) and strpos(${folded('name')}, ${folded('$2')}) > 0
    order by closed, name, card limit $3`,
};

/** The reader of the library with that card, if there is one. */
export function patronsByCard(orm: MikroORM, library: string, card: string): Promise<FoundPatron[]> {
  return rowsOf(orm, byCard, [library, card]);
}

/** Readers of the library by a part of the name, at most `limit`; width and case of letters do not matter. */
export function patronsByName(
  orm: MikroORM,
  library: string,
  name: string,
  limit: number,
): Promise<FoundPatron[]> {
  return rowsOf(orm, byName, [library, name, limit]);
}

/** A block as staff see it. Instants are epoch milliseconds. */
export interface BlockRow {
  readonly id: string;
  readonly reason: string;
  readonly note: string | null;
  readonly placedBy: Actor;
  readonly placedByName: string | null;
  readonly placedAt: number;
  readonly liftedAt: number | null;
  readonly liftedByName: string | null;
}

const blocks: Statement = {
  name: 'patron-blocks',
  text: `select block.id, block.reason, remark.text as note, block.placed_by as "placedBy", placer.name as "placedByName",
      ${epochMs('block.placed_at')} as "placedAt", ${epochMs('block.lifted_at')} as "liftedAt", lifter.name as "liftedByName"
    from block left join remark on remark.id = block.remark_id
    left join staff_member placer on block.placed_by = 'staff:' || placer.id
    left join staff_member lifter on block.lifted_by = 'staff:' || lifter.id
    where block.patron_id = $1 order by block.placed_at desc, block.id`,
};

/** Every block of a card, those lifted too, the latest first. */
export function blocksOf(orm: MikroORM, patronId: string): Promise<BlockRow[]> {
  return rowsOf(orm, blocks, [patronId]);
}

/** What only staff see of a card, beyond what its reader does. */
export interface PatronFile {
  readonly birthDate: string | null;
  readonly createdAt: number;
  readonly closedAt: number | null;
  /** Open charges, minor units of `currency`. */
  readonly owedMinor: number;
}

const file: Statement = {
  name: 'patron-file',
  text: `select patron.birth_date::text as "birthDate", ${epochMs('patron.created_at')} as "createdAt", ${epochMs('patron.closed_at')} as "closedAt",
      (select coalesce(sum(remaining), 0)::float8 from charge where patron_id = patron.id and remaining > 0) as "owedMinor"
    from patron where library = $1 and id = $2 and erased_at is null`,
};

export async function patronFile(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<PatronFile | undefined> {
  return (await rowsOf<PatronFile>(orm, file, [library, id]))[0];
}

/** A page of what goes back in time: what was before `before`. */
export interface PageBack {
  readonly patronId: string;
  readonly limit: number;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
}

const holds = (name: string, which: string, order: string): Statement => ({
  name,
  text: `select ${holdColumns}, ${readerColumns}, hold.channel, item.at_branch as "atBranch"
    from ${holdTables} join patron on patron.id = hold.patron_id
    where hold.patron_id = $1 and ${which}
      and ($2::timestamptz is null or (${order}, hold.id) < ($2, $3::uuid))
    order by ${order} desc, hold.id desc limit $4`,
});

const openHolds = holds('patron-holds-open', 'hold.ended_at is null', 'hold.placed_at');
const endedHolds = holds('patron-holds-ended', 'hold.ended_at is not null', 'hold.ended_at');

/** A reader's open or ended holds as staff see them, the latest first; one more than asked for tells that there is a next page. */
export function patronHolds(
  orm: MikroORM,
  state: 'open' | 'ended',
  { patronId, before, limit }: PageBack,
): Promise<DeskHold[]> {
  return rowsOf(orm, state === 'open' ? openHolds : endedHolds, [
    patronId,
    before?.at,
    before?.id,
    limit + 1,
  ]);
}

/** A notice as staff see it (N1): what became of it, and why it did not go out. Instants are epoch milliseconds. */
export interface NoticeRow extends Pick<
  Notice,
  | 'id'
  | 'patronId'
  | 'kind'
  | 'subjectType'
  | 'subjectId'
  | 'channel'
  | 'state'
  | 'language'
  | 'attempts'
  | 'failures'
> {
  readonly recipient: string | null;
  readonly subject: string | null;
  readonly text: string | null;
  readonly lastError: string | null;
  readonly createdAt: number;
  readonly settledAt: number | null;
  /** Whether its mail came back. */
  readonly returned: BounceOutcome | null;
}

const noticeColumns = `id, patron_id as "patronId", kind, subject_type as "subjectType", subject_id as "subjectId", channel, state, language,
  attempts, failures, recipient, subject, case when kind not in (${noticesWithSecret.map((kind) => `'${kind}'`).join(', ')}) then body_text end as text, last_error as "lastError",
  ${epochMs('created_at')} as "createdAt", ${epochMs('settled_at')} as "settledAt", ${returnedColumn} as returned`;

const notices: Statement = {
  name: 'patron-notices',
  text: `select ${noticeColumns} from notice
    where patron_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
    order by created_at desc, id desc limit $4`,
};

/** What a reader was told, the latest first; one more than asked for tells that there is a next page. */
export function patronNotices(orm: MikroORM, { patronId, before, limit }: PageBack): Promise<NoticeRow[]> {
  return rowsOf(orm, notices, [patronId, before?.at, before?.id, limit + 1]);
}

const notice: Statement = {
  name: 'staff-notice',
  text: `select ${noticeColumns} from notice where library = $1 and id = $2`,
};

/** A notice of the library. */
export async function staffNotice(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<NoticeRow | undefined> {
  return (await rowsOf<NoticeRow>(orm, notice, [library, id]))[0];
}
