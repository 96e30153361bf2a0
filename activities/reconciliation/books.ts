import { Temporal } from 'temporal-polyfill';
import { bankAccounts, bankFindings } from '../../db/queries/reconcile-bank.ts';
import { deskFindings } from '../../db/queries/reconcile-desk.ts';
import { settlementFindings } from '../../db/queries/reconcile-gateway.ts';
import { ledgerBalances } from '../../db/queries/reconcile-ledger.ts';
import type { Tx } from '../../db/transaction.ts';
import type { AccountFigures, DifferenceKind, Found } from '../../domain/differences.ts';
import { startOfDay } from '../../domain/months.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';

/** What a report looks at: everything that began before `ends`, and from when; epoch milliseconds, days `YYYY-MM-DD`. */
export interface Period {
  readonly day: string;
  readonly zone: string;
  readonly from: number;
  readonly ends: number;
  /** Months before it are closed. */
  readonly openFrom: number;
  readonly cardsFrom: number;
  readonly settledUntil: number;
  readonly paidOutUntil: number;
  readonly transfersUntil: number;
  readonly carriedUntil: number;
  readonly slipsUntil: number;
  readonly silentSince: string;
}

/** How far back takings of a card terminal are compared with its totals. */
const cardDays = 31;

/** Reckons what a report of the day looks at, by the policy's patience. */
export async function periodOf(em: Tx, policy: LibraryPolicy, day: string): Promise<Period> {
  const { lookBack, settledWithin, paidOutWithin, statementWithin, ...within } = policy.money.reconciliation;
  const end = Temporal.PlainDate.from(day).add({ days: 1 });
  const before = (span: string | { days: number }) => end.subtract(span).toString();
  const at = (date: string) => startOfDay(policy, date).epochMilliseconds;
  const [row] = await em.execute<{ at: number | null }[]>(
    'select extract(epoch from closed_until)::float8 * 1000 as at from library where code = ?',
    [policy.code],
  );
  const openFrom = row?.at ?? 0;
  return {
    day,
    zone: policy.timeZone,
    from: at(before(lookBack)),
    ends: at(end.toString()),
    openFrom,
    cardsFrom: Math.max(openFrom, at(before({ days: cardDays }))),
    settledUntil: at(before(settledWithin)),
    paidOutUntil: at(before(paidOutWithin)),
    transfersUntil: at(before(within.transferWithin)),
    carriedUntil: at(before(within.carriedWithin)),
    slipsUntil: at(before(within.slipWithin)),
    silentSince: before(statementWithin),
  };
}

interface FoundRow {
  readonly kind: DifferenceKind;
  readonly key: string;
  readonly subject: string;
  readonly account: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly amount: string;
  readonly currency: string;
  readonly since: number | string;
  readonly detail: Found['detail'];
}

const whole = (amount: string | null): bigint | null => (amount === null ? null : BigInt(amount));

function bindings(library: string, period: Period): Record<string, string | Date> {
  const { day, zone, silentSince, ...instants } = period;
  const dates = Object.entries(instants).map(([name, at]) => [name, new Date(at)] as const);
  return { library, day, zone, silentSince, ...Object.fromEntries(dates) };
}

/** What differs between ledger, bank, desk and settlement files, read from the database alone. */
export async function booksFindings(tx: Tx, policy: LibraryPolicy, period: Period): Promise<Found[]> {
  const given = bindings(policy.code, period);
  const all: Found[] = [];
  for (const sql of [settlementFindings, bankFindings, deskFindings]) {
    const rows = await tx.execute<FoundRow[]>(sql, given);
    all.push(
      ...rows.map(({ subject, expected, found, amount, since, detail, ...rest }) => ({
        ...rest,
        subjectId: subject,
        expected: whole(expected),
        found: whole(found),
        amount: BigInt(amount),
        since: Math.round(Number(since)),
        ...(detail && { detail }),
      })),
    );
  }
  return all;
}

/** The head of the report: banks with what their statements say, and every other account that money stands on. */
export async function accountsOf(tx: Tx, library: string, period: Period): Promise<AccountFigures[]> {
  const given = bindings(library, period);
  const banks = await tx.execute<AccountFigures[]>(bankAccounts, given);
  return [...banks, ...(await tx.execute<AccountFigures[]>(ledgerBalances, given))];
}
