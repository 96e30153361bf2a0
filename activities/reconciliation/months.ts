import { MonthClosing } from '../../db/entities/index.ts';
import { lockLibrary } from '../../db/locks.ts';
import { booksBefore, latestClosing, type MonthState, monthState } from '../../db/queries/months.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { type Month, monthAfter, monthAt } from '../../domain/months.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { toDate } from '../facts.ts';

export interface CloseMonth extends Step {
  readonly closingId: string;
  readonly library: string;
  /** `YYYY-MM`, in the library's zone. */
  readonly month: string;
  readonly actor: Actor;
}

export interface ReopenMonth extends Step {
  readonly library: string;
  readonly month: string;
  /** Why; an administrator writes it. */
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface MonthDecided {
  readonly month: string;
}

/** What is decided about the books of a month. */
export function createMonthCommands(deps: ActivityDeps) {
  return {
    closeMonth: (step: CloseMonth) => once(deps.orm, step, (tx) => closeMonth(deps, tx, step)),
    reopenMonth: (step: ReopenMonth) => once(deps.orm, step, (tx) => reopenMonth(tx, step)),
  };
}

/**
 * Closes a month (P9): nothing is booked into it any more. Every reason against it at once: it is not over, an earlier one is open, a day was not compared, a
 * difference is neither solved nor acknowledged, a drawer is open, a bank entry waits. Bookings under way are waited for, and those that come wait until it is decided.
 */
async function closeMonth(deps: ActivityDeps, tx: Tx, step: CloseMonth): Promise<Refused | MonthDecided> {
  const { library, actor } = step;
  const policy = deps.policies.get(library);
  const month = monthAt(policy, step.month);
  await lockBooks(tx, library);
  const latest = await latestClosing(tx, library);
  const state = await monthState(tx, library, policy.timeZone, month);
  const reasons = [...orderReasons(month, latest?.month, step.now), ...stateReasons(state)];
  if (reasons.length > 0) return refuse(...reasons);
  tx.create(MonthClosing, {
    id: step.closingId,
    library,
    month: step.month,
    endsAt: toDate(month.to),
    closedAt: new Date(step.now),
    closedBy: actor,
    acknowledged: state.acknowledged,
    ...(await countedBefore(tx, library, toDate(month.to))),
  });
  await tx.flush();
  await closeUntil(tx, library, toDate(month.to));
  return { month: step.month };
}

/** Opens the latest closed month again (P9). What was moved out of it meanwhile stays where it was booked. */
async function reopenMonth(tx: Tx, step: ReopenMonth): Promise<Refused | MonthDecided> {
  const { library, month, actor, remarkId } = step;
  await lockBooks(tx, library);
  const latest = await latestClosing(tx, library);
  if (latest?.month !== month)
    return refuse(
      latest && latest.month > month
        ? { code: 'month-followed', latest: latest.month }
        : { code: 'month-open', month },
    );
  const closing = await tx.findOneOrFail(MonthClosing, { id: latest.id });
  Object.assign(closing, { reopenedAt: new Date(step.now), reopenedBy: actor, remarkId });
  await tx.flush();
  await closeUntil(tx, library, (await latestClosing(tx, library))?.endsAt ?? null);
  return { month };
}

/** Bookings hold it together, a closing alone. Whoever waits for it for long gives up and is tried again, so that no booking waits for long. */
async function lockBooks(tx: Tx, library: string): Promise<void> {
  await lockLibrary(tx, library);
  await tx.execute(`set local lock_timeout = '3s'`);
  await tx.execute('select pg_advisory_xact_lock(books_lock(?))', [library]);
}

async function countedBefore(
  tx: Tx,
  library: string,
  ends: Date,
): Promise<Pick<MonthClosing, 'journals' | 'debits'>> {
  const [row] = await tx.execute<{ journals: string; debits: string }[]>(booksBefore, [library, ends]);
  return { journals: BigInt(row?.journals ?? 0), debits: BigInt(row?.debits ?? 0) };
}

async function closeUntil(tx: Tx, library: string, until: Date | null): Promise<void> {
  await tx.execute('update library set closed_until = ? where code = ?', [until, library]);
}

function orderReasons(month: Month, latest: string | undefined, now: number): Reason[] {
  const reasons: Reason[] = [];
  if (now < month.to.epochMilliseconds) reasons.push({ code: 'month-not-over', month: month.month });
  if (latest === undefined) return reasons;
  const next = monthAfter(latest);
  if (month.month < next) reasons.push({ code: 'month-closed', latest });
  if (month.month > next) reasons.push({ code: 'month-not-next', next });
  return reasons;
}

function stateReasons({ unreported, differences, drawers, entries }: MonthState): Reason[] {
  const [first] = unreported;
  const reasons: Reason[] = [];
  if (first !== undefined) reasons.push({ code: 'days-not-reconciled', count: unreported.length, first });
  if (differences > 0) reasons.push({ code: 'differences-open', count: differences });
  if (drawers > 0) reasons.push({ code: 'drawers-open', count: drawers });
  if (entries > 0) reasons.push({ code: 'entries-waiting', count: entries });
  return reasons;
}
