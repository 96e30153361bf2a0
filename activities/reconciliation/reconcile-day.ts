import { Temporal } from 'temporal-polyfill';
import { inTransaction, reader, type Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import type { Found, ReconciliationState } from '../../domain/differences.ts';
import { startOfDay } from '../../domain/months.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant } from '../facts.ts';
import { gateway } from '../ledger.ts';
import { matchEntries } from '../bank/match-entries.ts';
import { accountsOf, booksFindings, type Period, periodOf } from './books.ts';
import { type GatewaySeen, lookAtGateway, silent } from './gateways.ts';
import { tellCashier } from './notices.ts';
import { openDifferenceTasks } from './tasks.ts';
import { keepReport } from './report.ts';
import { carryOutReturns, sentBack } from './returns.ts';

export interface ReconcileDay {
  readonly library: string;
  /** Civil day `YYYY-MM-DD` in the library's zone. */
  readonly day: string;
  readonly actor: Actor;
  readonly now: number;
  /** The payments that were woken have had their time: whoever is to hear of differences hears of them now. */
  readonly last: boolean;
}

export interface DayReconciled {
  readonly reconciliationId: string;
  readonly state: ReconciliationState;
  readonly differences: number;
  /** Payments that were woken because their gateway has money for them that is not booked. */
  readonly woken: number;
  /** Notices to deliver. */
  readonly deliver: readonly string[];
}

/**
 * Compares ledger, gateways and bank as of the end of a day and writes the day's report (P9): each difference once, with what it is about, since when, and who must
 * act; those found before and gone are solved. A day that is compared again has the same report, brought up to date. Payments for which a gateway has money that is
 * not booked are woken (P8).
 */
export async function reconcileDay(
  deps: ActivityDeps,
  step: ReconcileDay,
  beat: () => void,
): Promise<DayReconciled | Refused> {
  const { library, day, actor, now } = step;
  const policy = deps.policies.get(library);
  const today = civilDay(policy, instant(now)).toString();
  if (day >= today) return refuse({ code: 'day-not-over' });
  const period = await periodOf(reader(deps.orm), policy, await latestDay(deps, library, day));
  await carryOutReturns(deps, library, now);
  if (!step.last) await matchAgain(deps, library, now, beat);
  const looked = await lookAtGateways(deps, policy, period, beat);
  await wakePayments(deps, library, looked.unbooked);
  const woken = looked.unbooked.length;
  const silentAccounts = looked.found
    .filter(({ kind }) => kind === 'gateway-silent')
    .map(({ account }) => account);
  const kept = await inTransaction(deps.orm, async (tx) => {
    await tx.execute(`select pg_advisory_xact_lock(hashtextextended('reconciliation:' || ?, 0))`, [library]);
    const gone = await sentBack(tx, library);
    const found = merged([...looked.found, ...(await booksFindings(tx, policy, period))]).filter(
      ({ key }) => !gone.has(key),
    );
    const report = await keepReport(tx, {
      library,
      day,
      ends: new Date(startOfDay(policy, tomorrow(day)).epochMilliseconds),
      found,
      stillOpen: silentAccounts,
      accounts: await accountsOf(tx, library, period),
      at: new Date(now),
      actor,
    });
    await openDifferenceTasks(tx, policy, report, new Date(now));
    const tell = step.last || woken === 0;
    return { ...report, deliver: tell ? await tellCashier(tx, policy, report, new Date(now)) : [] };
  });
  const { id: reconciliationId, state, differences, deliver } = kept;
  return { reconciliationId, state, differences, woken, deliver };
}

const entriesAPage = 200;

/** Looks again at entries that wait for staff: their payment may have been begun, or a reader's name corrected, since. What cannot be booked waits on, and the report says so. */
async function matchAgain(deps: ActivityDeps, library: string, now: number, beat: () => void): Promise<void> {
  let afterId: string | undefined;
  do {
    beat();
    const page = {
      library,
      again: true,
      limit: entriesAPage,
      now,
      ...(afterId !== undefined && { afterId }),
    };
    afterId = await matchEntries(deps, page).then(
      (matched) => matched.afterId,
      () => undefined,
    );
  } while (afterId !== undefined);
}

const tomorrow = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString();

/** A day that is compared again after later ones is compared as of the latest, or what was solved since would be found again. */
async function latestDay({ orm }: ActivityDeps, library: string, day: string): Promise<string> {
  const [row] = await reader(orm).execute<{ day: string | null }[]>(
    `select to_char(max(day), 'YYYY-MM-DD') as day from reconciliation where library = ?`,
    [library],
  );
  return row?.day && row.day > day ? row.day : day;
}

async function lookAtGateways(
  deps: ActivityDeps,
  policy: LibraryPolicy,
  { from, ends }: Period,
  beat: () => void,
): Promise<GatewaySeen> {
  const { code: library, currency } = policy;
  const all: { found: Found[]; unbooked: GatewaySeen['unbooked'][number][] } = { found: [], unbooked: [] };
  for (const { code: provider } of policy.money.ways.online) {
    if (!deps.gateways.has(library, provider)) continue;
    const since = await oldestOpen(reader(deps.orm), library, provider);
    const look = { library, provider, currency, from: Math.min(from, since ?? from), ends };
    const seen = await lookAtGateway(deps, deps.gateways.of(library, provider), look, beat);
    if (seen === 'silent') all.found.push(silent(look));
    else {
      all.found.push(...seen.found);
      all.unbooked.push(...seen.unbooked);
    }
  }
  return all;
}

/** How far back the gateway is asked at least, so that a difference is not taken for solved because nobody looked. */
async function oldestOpen(em: Tx, library: string, provider: string): Promise<number | undefined> {
  const [row] = await em.execute<{ at: number | null }[]>(
    `select extract(epoch from min(since))::float8 * 1000 as at from difference
     where library = ? and account = ? and kind like 'gateway-%' and kind <> 'gateway-silent' and solved_at is null`,
    [library, gateway(provider)],
  );
  return row?.at ?? undefined;
}

async function wakePayments(
  { engine }: ActivityDeps,
  library: string,
  payments: GatewaySeen['unbooked'],
): Promise<void> {
  for (const { id, patronId, state } of payments)
    await engine.restart({ process: 'payment', id, library, patronId, state });
  await engine.wake(payments.map(({ id }) => `payment:${id}`));
}

/** The same money may be missed by the gateway's list and by its settlement file: that is one difference. */
function merged(found: readonly Found[]): Found[] {
  return [...new Map(found.toReversed().map((each) => [each.key, each])).values()].toReversed();
}
