import type { MikroORM } from '@mikro-orm/postgresql';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { chargedThings, chargedTitle } from './charges.ts';

/** For what a line of a statement was: part of a charge. Minor units. */
export interface LinePart {
  readonly chargeId: string;
  readonly cause: string;
  readonly title: string | null;
  readonly amount: number;
}

/**
 * A booking on a reader's account (账户收支). Minor units: `amount` is what it adds to the balance, below zero for what is charged; `balance`, `owed` and `credit` are
 * as they stood after it, the balance being credit less what is owed. Instants are epoch milliseconds.
 */
export interface StatementRow {
  readonly id: string;
  readonly at: number;
  readonly kind: string;
  readonly currency: string;
  readonly amount: number;
  readonly balance: number;
  readonly owed: number;
  readonly credit: number;
  readonly reason: string | null;
  readonly parts: readonly LinePart[];
}

export interface StatementPage {
  readonly patronId: string;
  /** The first instant of the period, and the first after it. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/** Sums run over the whole account, which is one reader's; what the lines were for is looked up for the page alone. */
const statement: Statement = {
  name: 'account-statement',
  text: `
    with line as (
      select journal.id, journal.at, journal.kind, journal.reason, min(posting.currency) as currency,
        coalesce(sum(posting.amount) filter (where account like 'receivable:%'), 0) as owed,
        coalesce(-sum(posting.amount) filter (where account like 'prepaid:%'), 0) as credit
      from posting join journal on journal.id = posting.journal_id
      where posting.account in ('receivable:' || $1, 'prepaid:' || $1) group by journal.id
    ), told as (
      select id, at, kind, reason, currency, credit - owed as amount, sum(owed) over so_far as owed, sum(credit) over so_far as credit
      from line window so_far as (order by at, id rows unbounded preceding)
    ), page as (
      select * from told where ($2::timestamptz is null or at >= $2) and ($3::timestamptz is null or at < $3)
        and ($4::timestamptz is null or (at, id) < ($4, $5::uuid))
      order by at desc, id desc limit $6
    )
    select page.id, ${epochMs('page.at')} as at, page.kind, page.reason, page.currency, page.amount::float8 as amount,
      page.owed::float8 as owed, page.credit::float8 as credit, (page.credit - page.owed)::float8 as balance, part.parts
    from page cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('chargeId', charge.id, 'cause', charge.cause, 'title', ${chargedTitle}, 'amount', of_charge.amount)
        order by charge.raised_at, charge.id), '[]') as parts
      from (select id, amount from charge where journal_id = page.id
          union all select charge_id, amount from allocation where journal_id = page.id) of_charge
        join charge on charge.id = of_charge.id
        ${chargedThings}) part
    order by page.at desc, page.id desc`,
};

/** What came onto a reader's account and went off it, the latest first, each with the balance after it (P1); one more than asked for tells that there is a next page. */
export function statementOf(orm: MikroORM, page: StatementPage): Promise<StatementRow[]> {
  const { patronId, from, to, before, limit } = page;
  return rowsOf(orm, statement, [patronId, from, to, before?.at, before?.id, limit + 1]);
}
