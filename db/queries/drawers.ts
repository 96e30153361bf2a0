import type { MikroORM } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** A till from count to count. Amounts are minor units, instants epoch milliseconds. */
export interface DrawerRow {
  readonly id: string;
  readonly branch: string;
  readonly currency: string;
  readonly openedAt: number;
  readonly openedBy: Actor;
  readonly openedByName: string | null;
  readonly openingBooked: number;
  readonly openingCount: number;
  readonly closedAt: number | null;
  readonly closedBy: Actor | null;
  readonly closedByName: string | null;
  readonly closingBooked: number | null;
  readonly closingCount: number | null;
  /** What the ledger says is in it now, or was when it was closed and its difference booked. */
  readonly content: number;
  /** What the cashier said of a difference. */
  readonly note: string | null;
}

/** What was booked in a session by one means for one cause; minor units, below zero what was given back. */
export interface DrawerLine {
  readonly means: 'cash' | 'card';
  /** A charge's cause, `credit` for what went into a balance, or the kind of another booking. */
  readonly cause: string;
  readonly count: number;
  readonly amount: number;
}

const named = (column: string): string =>
  `(select name from staff_member where 'staff:' || staff_member.id = drawer_session.${column})`;

const columns = `drawer_session.id, branch, currency, ${epochMs('opened_at')} as "openedAt", opened_by as "openedBy", ${named('opened_by')} as "openedByName",
  opening_booked::float8 as "openingBooked", opening_count::float8 as "openingCount",
  ${epochMs('closed_at')} as "closedAt", closed_by as "closedBy", ${named('closed_by')} as "closedByName",
  closing_booked::float8 as "closingBooked", closing_count::float8 as "closingCount", remark.text as note,
  (opening_booked + (select coalesce(sum(amount), 0) from journal join posting on posting.journal_id = journal.id
    where drawer_id = drawer_session.id and account = 'cash:' || branch))::float8 as content`;

const tables = 'drawer_session left join remark on remark.id = drawer_session.remark_id';

const one: Statement = {
  name: 'drawer-session',
  text: `select ${columns} from ${tables} where drawer_session.library = $1 and drawer_session.id = $2`,
};

/** A session of one of the library's tills. */
export async function drawerSession(
  orm: MikroORM,
  library: string,
  sessionId: string,
): Promise<DrawerRow | undefined> {
  return (await rowsOf<DrawerRow>(orm, one, [library, sessionId]))[0];
}

const past: Statement = {
  name: 'drawer-sessions',
  text: `select ${columns} from ${tables} where drawer_session.library = $1 and ($2::text is null or branch = $2)
    and (not $3::boolean or closed_at is null)
    and ($4::timestamptz is null or (opened_at, drawer_session.id) < ($4, $5::uuid)) order by opened_at desc, drawer_session.id desc limit $6`,
};

export interface DrawerSearch {
  readonly library: string;
  readonly branch?: string | undefined;
  /** Only those that are open. */
  readonly open: boolean;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/** Sessions of a library's tills, the latest first; one more than asked for tells that there is a next page. */
export function drawerSessions(orm: MikroORM, search: DrawerSearch): Promise<DrawerRow[]> {
  const { library, branch, open, before, limit } = search;
  return rowsOf(orm, past, [library, branch, open, before?.at, before?.id, limit + 1]);
}

const lines: Statement = {
  name: 'drawer-lines',
  text: `with booked as (
      select journal.id, journal.kind, split_part(account, ':', 1) as means, sum(amount) as amount
      from journal join posting on posting.journal_id = journal.id
      where drawer_id = $1 and (account like 'cash:%' or account like 'card:%') group by 1, 2, 3
    ), part as (
      select booked.id, means, cause, allocation.amount from booked join allocation on allocation.journal_id = booked.id join charge on charge.id = charge_id
      union all
      select id, means, case when kind like 'payment-%' or kind = 'reversal-payment' then 'credit' else kind end,
        booked.amount - (select coalesce(sum(amount), 0) from allocation where journal_id = booked.id) from booked
    )
    select means, cause, count(distinct id)::int as count, sum(amount)::float8 as amount from part where amount <> 0 group by means, cause order by means desc, cause`,
};

/** What was booked in a session, by means and cause. */
export function drawerLines(orm: MikroORM, sessionId: string): Promise<DrawerLine[]> {
  return rowsOf(orm, lines, [sessionId]);
}
