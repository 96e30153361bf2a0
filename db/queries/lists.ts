import type { MikroORM } from '@mikro-orm/postgresql';
import type { ContactMethod, ItemState } from '../../domain/kinds.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import {
  type DeskHold,
  type DeskItem,
  type DeskLoan,
  itemColumns,
  loanColumns,
  loanTables,
  readerColumns,
  type ReaderColumns,
} from './desk.ts';
import { holdColumns, holdTables } from './holds.ts';
import { issueKey } from './title-facts.ts';

/** A page of a list of the desk (H10). */
export interface ListPage {
  readonly library: string;
  /** Only what concerns this branch. */
  readonly branch?: string | undefined;
  readonly limit: number;
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
}

/** Epoch milliseconds by which a list is ordered. */
interface Listed {
  readonly at: number;
}

/** A copy by its name. */
export type CopyColumns = Pick<
  DeskItem,
  'itemId' | 'barcode' | 'shelfMark' | 'issue' | 'issuedOn' | 'titleId' | 'kind' | 'title' | 'author'
>;

/** Rows behind the cursor in the order of `at` and `id`; `$1` to `$5` are those of every list. */
const paged = (at: string, id: string, limit = '$5') => `
  and ($3::timestamptz is null or (${at}, ${id}) > ($3, $4::uuid)) order by ${at}, ${id} limit ${limit}`;

const valuesOf = ({ library, branch, after, limit }: ListPage): unknown[] => [
  library,
  branch,
  after?.at,
  after?.id,
  limit + 1,
];

export interface FetchRow extends CopyColumns, ReaderColumns, Listed {
  readonly holdId: string;
  readonly atBranch: string;
  readonly pickupPlace: string;
  readonly contact: ContactMethod;
}

/**
 * Waiting holds for which a copy stands on a shelf: as many as there are copies, from the head of the queue, without those who would be passed over. Which of
 * several copies goes to whom is decided by the order in which they are scanned.
 */
const toFetch: Statement = {
  name: 'list-to-fetch',
  text: `
    with free as materialized (
      select id, title_id, ${issueKey('item')} as issue, row_number() over (partition by title_id order by at_branch, barcode) as n,
        row_number() over (partition by title_id, ${issueKey('item')} order by at_branch, barcode) as of_issue
      from item
      where library = $1 and state in ('available', 'put-away') and for_loan
        and exists (select from hold where hold.title_id = item.title_id and hold.state = 'waiting')),
    waiting as materialized (
      select hold.id, hold.title_id, requested_item_id, ${issueKey('asked')} as issue, queue_no, patron_id
      from hold left join item asked on asked.id = requested_item_id
      where hold.state = 'waiting' and hold.title_id in (select title_id from free)),
    queue as (
      select waiting.id, waiting.title_id, requested_item_id, issue,
        row_number() over (partition by waiting.title_id, coalesce(issue, requested_item_id::text) order by queue_no) as n
      from waiting join patron on patron.id = waiting.patron_id
      where patron.closed_at is null and (patron.expires_on is null or patron.expires_on >= $6::date)
        and not exists (select from block where block.patron_id = patron.id and block.lifted_at is null)),
    served as materialized (
      select queue.id as hold_id, free.id as item_id
      from queue join free on free.title_id = queue.title_id
        and case
          when requested_item_id is null then free.n = queue.n
          when queue.issue is null then free.id = requested_item_id and queue.n = 1
          else free.issue = queue.issue and free.of_issue = queue.n end)
    select hold.id as "holdId", ${itemColumns}, ${readerColumns}, item.at_branch as "atBranch",
      hold.pickup_place as "pickupPlace", hold.contact, ${epochMs('hold.placed_at')} as at
    from served
    join hold on hold.id = hold_id join item on item.id = served.item_id join title on title.id = hold.title_id
    join patron on patron.id = hold.patron_id
    where ($2::text is null or item.at_branch = $2) ${paged('hold.placed_at', 'hold.id')}`,
};

/** @param today civil day at the library, `YYYY-MM-DD`: readers whose card has expired are passed over */
export function listToFetch(orm: MikroORM, page: ListPage, today: string): Promise<FetchRow[]> {
  return rowsOf(orm, toFetch, [...valuesOf(page), today]);
}

export interface PutAwayRow extends CopyColumns, Listed {
  readonly branch: string;
  readonly atBranch: string;
}

const toPutAway: Statement = {
  name: 'list-to-put-away',
  text: `select ${itemColumns}, item.branch, item.at_branch as "atBranch", ${epochMs('item.state_since')} as at
    from item join title on title.id = item.title_id
    where item.library = $1 and item.state = 'put-away' and ($2::text is null or item.at_branch = $2) ${paged('item.state_since', 'item.id')}`,
};

/** Copies on the hold shelf that are nobody's any more. */
export function listToPutAway(orm: MikroORM, page: ListPage): Promise<PutAwayRow[]> {
  return rowsOf(orm, toPutAway, valuesOf(page));
}

const shelfEnd = `coalesce(hold.keep_until, timestamptz '9999-01-01 00:00:00Z')`;

const holdShelf: Statement = {
  name: 'list-hold-shelf',
  text: `select ${holdColumns}, ${readerColumns}, hold.channel, item.at_branch as "atBranch", ${epochMs(shelfEnd)} as at
    from ${holdTables} join patron on patron.id = hold.patron_id
    where hold.library = $1 and hold.state = 'secured' and ($2::text is null or item.at_branch = $2)
      and ($6::text is null or hold.pickup_place = $6) ${paged(shelfEnd, 'hold.id')}`,
};

/** Kept copies, those whose time ends first at the top and those whose reader has yet to be told at the end. */
export function listHoldShelf(
  orm: MikroORM,
  page: ListPage,
  place: string | undefined,
): Promise<(DeskHold & Listed)[]> {
  return rowsOf(orm, holdShelf, [...valuesOf(page), place]);
}

export interface TransitRow extends CopyColumns, Listed {
  readonly from: string;
  readonly to: string;
  /** For whom it travels; all null for one that goes home. */
  readonly holdId: string | null;
  readonly patronId: string | null;
  readonly card: string | null;
  readonly name: string | null;
  readonly pickupPlace: string | null;
}

const inTransit: Statement = {
  name: 'list-in-transit',
  text: `select ${itemColumns}, item.at_branch as "from", item.transit_to as "to", hold.id as "holdId", hold.pickup_place as "pickupPlace",
      ${readerColumns}, ${epochMs('item.state_since')} as at
    from item join title on title.id = item.title_id left join hold on hold.id = item.hold_id left join patron on patron.id = hold.patron_id
    where item.library = $1 and item.state = 'in-transit' and ($2::text is null or $2 in (item.at_branch, item.transit_to))
      ${paged('item.state_since', 'item.id')}`,
};

/** Copies on their way from or to a branch, those longest under way at the top. */
export function listInTransit(orm: MikroORM, page: ListPage): Promise<TransitRow[]> {
  return rowsOf(orm, inTransit, valuesOf(page));
}

export interface OverdueRow extends DeskLoan, Listed {
  readonly phone: string | null;
  /** How many overdue notices have gone out. */
  readonly notices: number;
}

const overdue: Statement = {
  name: 'list-overdue',
  text: `select ${loanColumns}, patron.phone, ${epochMs('loan.due_at')} as at,
      (select count(*)::int from notice where notice.subject_id = loan.id and notice.kind = 'overdue' and notice.state in ('sent', 'shown')) as notices
    from ${loanTables}
    where loan.library = $1 and loan.ended_at is null and loan.due_at < $6 and ($2::text is null or loan.branch = $2) ${paged('loan.due_at', 'loan.id')}`,
};

/** Loans past their due date, the oldest first. */
export function listOverdue(orm: MikroORM, page: ListPage, now: Date): Promise<OverdueRow[]> {
  return rowsOf(orm, overdue, [...valuesOf(page), now]);
}

export interface LapsedRow extends DeskHold, Listed {
  readonly itemState: ItemState | null;
}

const lapsed: Statement = {
  name: 'list-lapsed',
  text: `select ${holdColumns}, ${readerColumns}, hold.channel, item.at_branch as "atBranch", item.state as "itemState",
      ${epochMs('hold.ended_at')} as at
    from ${holdTables} join patron on patron.id = hold.patron_id
    where hold.library = $1 and hold.state = 'lapsed' and hold.ended_at >= $6 and ($2::text is null or item.at_branch = $2)
      ${paged('hold.ended_at', 'hold.id')}`,
};

/** Holds that lapsed since then, in the order they did. */
export function listLapsed(orm: MikroORM, page: ListPage, since: Date): Promise<LapsedRow[]> {
  return rowsOf(orm, lapsed, [...valuesOf(page), since]);
}
