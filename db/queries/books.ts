import type { MikroORM } from '@mikro-orm/postgresql';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { inSnapshot, type ReadRows } from '../snapshot.ts';

/** A posting with its booking, as the accountant reads it. Amounts are minor units as text, debit positive; instants epoch milliseconds. */
export interface PostingRow {
  readonly journalId: string;
  readonly at: number;
  readonly kind: string;
  readonly card: string | null;
  readonly account: string;
  readonly amount: string;
  readonly currency: string;
  readonly actor: string;
  readonly staffName: string | null;
  readonly reason: string | null;
  readonly reverses: string | null;
  readonly paymentId: string | null;
}

/** The first instant of a period and the first after it. */
export interface Between {
  readonly from: Date;
  readonly to: Date;
}

/** Bookings of a page; a booking's postings stay together. */
const page = 1_000;

const postings: Statement = {
  name: 'books-postings',
  text: `
    select journal.id as "journalId", ${epochMs('journal.at')} as at, journal.at::text as "exactly", journal.kind, patron.card, posting.account, posting.amount::text,
      posting.currency, journal.actor, staff_member.name as "staffName", journal.reason, journal.reverses, journal.payment_id as "paymentId"
    from (select * from journal where library = $1 and at >= $2 and at < $3 and ($4::timestamptz is null or (at, id) > ($4, $5::uuid))
        order by at, id limit ${page}) journal
      join posting on posting.journal_id = journal.id
      left join patron on patron.id = journal.patron_id left join staff_member on journal.actor = 'staff:' || staff_member.id
    order by journal.at, journal.id, posting.amount < 0, posting.account`,
};

/** A library's postings of a period as of now, in the order of time, page by page: however many there are, one page of them is in memory. */
export function postingsOf(orm: MikroORM, library: string, between: Between): AsyncGenerator<PostingRow[]> {
  return inSnapshot(orm, (read) => pagesOfPostings(read, library, between));
}

async function* pagesOfPostings(
  read: ReadRows,
  library: string,
  { from, to }: Between,
): AsyncGenerator<PostingRow[]> {
  let after: { exactly: string; journalId: string } | undefined;
  for (;;) {
    const rows = await read<PostingRow & { exactly: string }>(postings, [
      library,
      from,
      to,
      after?.exactly,
      after?.journalId,
    ]);
    after = rows.at(-1);
    if (!after) return;
    yield rows;
  }
}

/** An account over a period; readers' accounts are told together, as `receivable`, `prepaid` and `deposit`. Minor units as text. */
export interface AccountRow {
  readonly account: string;
  readonly currency: string;
  readonly opening: string;
  readonly debit: string;
  readonly credit: string;
  readonly closing: string;
}

const trialBalance: Statement = {
  name: 'books-trial-balance',
  text: `
    select case when account like 'receivable:%' then 'receivable' when account like 'prepaid:%' then 'prepaid' when account like 'deposit:%' then 'deposit' else account end as account, posting.currency,
      coalesce(sum(amount) filter (where at < $2), 0)::text as opening, coalesce(sum(amount) filter (where at >= $2 and amount > 0), 0)::text as debit,
      coalesce(-sum(amount) filter (where at >= $2 and amount < 0), 0)::text as credit, sum(amount)::text as closing
    from journal join posting on posting.journal_id = journal.id where library = $1 and at < $3 group by 1, 2 order by 1, 2`,
};

/** The trial balance of a library for a period: every account's balance before it, what came and went, and the balance after it. */
export function trialBalanceOf(orm: MikroORM, library: string, { from, to }: Between): Promise<AccountRow[]> {
  return rowsOf(orm, trialBalance, [library, from, to]);
}

/** What was open of a charge at a moment. Minor units as text, instants epoch milliseconds. */
export interface OpenItemRow {
  readonly id: string;
  readonly at: number;
  readonly card: string;
  readonly name: string;
  readonly cause: string;
  readonly amount: string;
  readonly open: string;
  readonly currency: string;
  readonly disputed: boolean;
}

const openItems: Statement = {
  name: 'books-open-items',
  text: `
    select charge.id, ${epochMs('raised.at')} as at, patron.card, patron.name, charge.cause, charge.amount::text, item.open::text, charge.currency,
      exists (select from dispute where charge_id = charge.id and opened_at < $2 and (decided_at is null or decided_at >= $2)) as disputed
    from (select * from charge where library = $1 and ($3::uuid is null or id > $3) order by id limit ${page}) charge
      join journal raised on raised.id = charge.journal_id and raised.at < $2 join patron on patron.id = charge.patron_id
      cross join lateral (select charge.amount - coalesce(sum(allocation.amount), 0) as open from allocation join journal on journal.id = journal_id
        where charge_id = charge.id and journal.at < $2) item
    where item.open > 0 order by charge.id`,
};

const lastOfPage: Statement = {
  name: 'books-open-items-last',
  text: `select max(id::text)::uuid as id from (select id from charge where library = $1 and ($2::uuid is null or id > $2) order by id limit ${page}) part`,
};

/** What readers owed at a moment, as it is known now, item by item in the order they were charged, page by page. */
export function openItemsOf(orm: MikroORM, library: string, before: Date): AsyncGenerator<OpenItemRow[]> {
  return inSnapshot(orm, (read) => pagesOfOpenItems(read, library, before));
}

async function* pagesOfOpenItems(
  read: ReadRows,
  library: string,
  before: Date,
): AsyncGenerator<OpenItemRow[]> {
  let after: string | null | undefined;
  for (;;) {
    const [last] = await read<{ id: string | null }>(lastOfPage, [library, after]);
    if (!last?.id) return;
    yield await read<OpenItemRow>(openItems, [library, before, after]);
    after = last.id;
  }
}
