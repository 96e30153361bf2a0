import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Temporal } from 'temporal-polyfill';
import { daysBetween, type Month } from '../../domain/months.ts';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

interface Closing {
  readonly id: string;
  readonly month: string;
  readonly endsAt: Date;
}

/** The latest month of the library that is closed. */
export async function latestClosing(em: EntityManager, library: string): Promise<Closing | undefined> {
  const [row] = await em.execute<{ id: string; month: string; ends_at: string }[]>(
    'select id, month, ends_at from month_closing where library = ? and reopened_at is null order by month desc limit 1',
    [library],
  );
  return row && { id: row.id, month: row.month, endsAt: new Date(row.ends_at) };
}

/** What stands against the closing of a month. */
export interface MonthState {
  /** Its days since the library's first booking that no report has looked at since they were over; `YYYY-MM-DD`. */
  readonly unreported: readonly string[];
  /** Differences that began before its end and are neither solved nor acknowledged. */
  readonly differences: number;
  /** Drawers opened before its end that have not been counted and closed. */
  readonly drawers: number;
  /** Entries of the bank up to its end that wait, and whose waiting is not acknowledged. */
  readonly entries: number;
  /** Keys of the differences that are open and acknowledged. */
  readonly acknowledged: readonly string[];
}

const openOnes = `
  select
    (select count(*)::int from difference where library = :library and since < :ends and solved_at is null and acknowledged_at is null) as differences,
    (select count(*)::int from bank_entry where library = :library and booked_on <= :lastDay and state in ('new', 'suspended') and not exists (
      select from difference where library = bank_entry.library and subject_type = 'bank-entry' and subject_id = bank_entry.id::text
        and acknowledged_at is not null)) as entries,
    (select count(*)::int from drawer_session where library = :library and opened_at < :ends and closed_at is null) as drawers,
    (select coalesce(jsonb_agg(key order by key), '[]') from difference
      where library = :library and since < :ends and solved_at is null and acknowledged_at is not null) as acknowledged`;

/** Reads what stands against the closing of a month in the library's zone. */
export async function monthState(
  em: EntityManager,
  library: string,
  zone: string,
  { month, to }: Month,
): Promise<MonthState> {
  const lastDay = Temporal.PlainYearMonth.from(month);
  const last = lastDay.toPlainDate({ day: lastDay.daysInMonth }).toString();
  const given = { library, ends: new Date(to.epochMilliseconds), lastDay: last };
  const [row] = await em.execute<Omit<MonthState, 'unreported'>[]>(openOnes, given);
  if (!row) throw new Error('A query without FROM gave no row.');
  const from = await firstDay(em, library, zone);
  const first = from === undefined || from < `${month}-01` ? `${month}-01` : from;
  const reported = await reportedDays(em, library, first, last);
  return {
    ...row,
    unreported:
      from === undefined || from > last ? [] : daysBetween(first, last).filter((day) => !reported.has(day)),
  };
}

/** The day of the library's first booking. */
async function firstDay(em: EntityManager, library: string, zone: string): Promise<string | undefined> {
  const [row] = await em.execute<{ day: string | null }[]>(
    `select to_char(min(at) at time zone ?, 'YYYY-MM-DD') as day from journal where library = ?`,
    [zone, library],
  );
  return row?.day ?? undefined;
}

async function reportedDays(
  em: EntityManager,
  library: string,
  first: string,
  last: string,
): Promise<ReadonlySet<string>> {
  const rows = await em.execute<{ day: string }[]>(
    `select to_char(day, 'YYYY-MM-DD') as day from reconciliation where library = ? and day between ? and ? and run_at >= ends_at`,
    [library, first, last],
  );
  return new Set(rows.map(({ day }) => day));
}

/** How many bookings a library has before an instant, and what their debits come to. */
export const booksBefore = `
  select count(distinct journal.id)::text as journals, coalesce(sum(posting.amount) filter (where posting.amount > 0), 0)::text as debits
  from journal left join posting on posting.journal_id = journal.id where journal.library = ? and journal.at < ?`;

/** A closing as staff see it. Instants are epoch milliseconds. */
export interface ClosingRow {
  readonly month: string;
  readonly closedAt: number;
  readonly closedBy: Actor;
  readonly closerName: string | null;
  readonly acknowledged: readonly string[];
  readonly reopenedAt: number | null;
  readonly reopenedBy: Actor | null;
  readonly reopenerName: string | null;
  /** Why it was reopened. */
  readonly reason: string | null;
}

const closings: Statement = {
  name: 'month-closings',
  text: `
    select month, ${epochMs('closed_at')} as "closedAt", closed_by as "closedBy", closer.name as "closerName", acknowledged,
      ${epochMs('reopened_at')} as "reopenedAt", reopened_by as "reopenedBy", reopener.name as "reopenerName", remark.text as reason
    from month_closing
    left join staff_member closer on closed_by = 'staff:' || closer.id
    left join staff_member reopener on reopened_by = 'staff:' || reopener.id
    left join remark on remark.id = remark_id
    where month_closing.library = $1 order by month desc, closed_at desc limit 240`,
};

/** Months that are closed, or were, the latest first. */
export function closingsOf(orm: MikroORM, library: string): Promise<ClosingRow[]> {
  return rowsOf(orm, closings, [library]);
}
