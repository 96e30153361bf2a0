import type { MikroORM } from '@mikro-orm/postgresql';
import type { AccountFigures } from '../../domain/differences.ts';
import type { Actor, StaffRole } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** A day's report, without its differences. Instants are epoch milliseconds, days `YYYY-MM-DD`. */
export interface ReportRow {
  readonly id: string;
  readonly day: string;
  readonly firstRunAt: number;
  readonly runAt: number;
  readonly accounts: readonly AccountFigures[];
  /** Differences that are open, and of them those nobody has acknowledged. */
  readonly open: number;
  readonly waiting: number;
  readonly solved: number;
}

const select = `
  select reconciliation.id, to_char(day, 'YYYY-MM-DD') as day, ${epochMs('first_run_at')} as "firstRunAt", ${epochMs('run_at')} as "runAt", accounts,
    counted.open, counted.waiting, counted.solved
  from reconciliation, lateral (
    select count(*) filter (where solved_at is null)::int as open, count(*) filter (where solved_at is not null)::int as solved,
      count(*) filter (where solved_at is null and acknowledged_at is null)::int as waiting
    from reconciliation_line join difference on difference.id = difference_id where reconciliation_id = reconciliation.id) counted
  where reconciliation.library = $1`;

const page: Statement = {
  name: 'reconciliations',
  text: `${select} and ($2::timestamptz is null or (ends_at, id) < ($2, $3::uuid)) order by ends_at desc, id desc limit $4`,
};

const one: Statement = { name: 'reconciliation', text: `${select} and reconciliation.id = $2` };

export interface ReportPage {
  readonly library: string;
  readonly limit: number;
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
}

/** Reports, the latest day first; one more than asked for tells that there is a next page. */
export function reportsOf(orm: MikroORM, { library, limit, after }: ReportPage): Promise<ReportRow[]> {
  return rowsOf(orm, page, [library, after?.at, after?.id, limit + 1]);
}

export async function reportById(orm: MikroORM, library: string, id: string): Promise<ReportRow | undefined> {
  return (await rowsOf<ReportRow>(orm, one, [library, id]))[0];
}

/** A difference, as the report names it. Amounts are minor units, as text. */
export interface DifferenceRow {
  readonly id: string;
  readonly kind: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly account: string | null;
  readonly expected: string | null;
  readonly found: string | null;
  readonly amount: string;
  readonly currency: string;
  readonly since: number;
  readonly role: StaffRole;
  readonly solvedAt: number | null;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: Actor | null;
  readonly acknowledgerName: string | null;
  readonly remark: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

const differenceColumns = (amounts: string): string => `
  difference.id, kind, subject_type as "subjectType", subject_id as "subjectId", account, ${amounts}.expected::text as expected, ${amounts}.found::text as found,
  ${amounts}.amount::text as amount, currency, ${epochMs('since')} as since, role, ${epochMs('solved_at')} as "solvedAt",
  ${epochMs('acknowledged_at')} as "acknowledgedAt", acknowledged_by as "acknowledgedBy", staff_member.name as "acknowledgerName", remark.text as remark, detail`;

const joins = `left join remark on remark.id = remark_id left join staff_member on acknowledged_by = 'staff:' || staff_member.id`;

const lines: Statement = {
  name: 'reconciliation-lines',
  text: `select ${differenceColumns('line')} from reconciliation_line line join difference on difference.id = difference_id ${joins}
    where reconciliation_id = $1 order by solved_at is not null, abs(line.amount) desc, since, difference.key`,
};

/** The differences of a report: the open ones first, the largest first; with the amounts of the day's run. */
export function linesOf(orm: MikroORM, reconciliationId: string): Promise<DifferenceRow[]> {
  return rowsOf(orm, lines, [reconciliationId]);
}

const differenceOne: Statement = {
  name: 'difference',
  text: `select ${differenceColumns('difference')} from difference ${joins} where difference.library = $1 and difference.id = $2`,
};

export async function differenceById(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<DifferenceRow | undefined> {
  return (await rowsOf<DifferenceRow>(orm, differenceOne, [library, id]))[0];
}

/** A card terminal's total of a day, `YYYY-MM-DD`; minor units, as text. */
export interface TerminalTotalRow {
  readonly branch: string;
  readonly day: string;
  readonly amount: string;
  readonly currency: string;
}

const totals: Statement = {
  name: 'terminal-totals',
  text: `select branch, to_char(day, 'YYYY-MM-DD') as day, amount::text as amount, currency from terminal_total
    where library = $1 order by terminal_total.day desc, branch limit 200`,
};

/** The totals entered for the library's card terminals, the latest day first. */
export function terminalTotals(orm: MikroORM, library: string): Promise<TerminalTotalRow[]> {
  return rowsOf(orm, totals, [library]);
}
