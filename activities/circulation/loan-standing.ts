import { Temporal } from 'temporal-polyfill';
import type { Loan } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { reminderSteps, type ReminderStep } from '../../domain/reminders.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant } from '../facts.ts';
import { openNotices } from '../notices/open-notices.ts';

/** Wakings are spread over half an hour by the loan's id, so that a day's loans do not all wake in the same second. */
const spreadMs = 30 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** The notices a loan gives rise to, from its last check-out or renewal on. */
function stepsOf(policy: LibraryPolicy, loan: Loan): ReminderStep[] {
  const steps = reminderSteps(policy, instant(loan.dueAt), instant(loan.renewedAt ?? loan.checkedOutAt));
  return steps.filter(({ kind }) => policy.notices[kind] !== 'off');
}

/** The latest step whose time has come; nobody is told that a loan is due soon when it is overdue. */
export function reachedStep(policy: LibraryPolicy, loan: Loan, now: number): ReminderStep | undefined {
  const reached = stepsOf(policy, loan).findLast(({ at }) => at.epochMilliseconds <= now);
  const late = reached?.kind === 'due-soon' && loan.dueAt.getTime() <= now;
  return loan.endedAt || late ? undefined : reached;
}

/** What a loan's workflow has to do next, from its row and its queued notices. Flushes what the transaction has changed so far. */
export async function loanStanding(deps: ActivityDeps, tx: Tx, loan: Loan, now: number): Promise<Standing> {
  await tx.flush();
  const deliver = await openNotices(deps, tx, loan.id, new Date(now));
  if (loan.endedAt) return { state: loan.endReason ?? 'returned', deliver, ended: true, asOf: now };
  const next = stepsOf(deps.policies.get(loan.library), loan).find(({ at }) => at.epochMilliseconds > now);
  return {
    state: loan.dueAt.getTime() < now ? 'overdue' : 'on-loan',
    deadline: loan.dueAt.getTime(),
    deliver,
    ended: false,
    asOf: now,
    ...(next && { wakeAt: next.at.epochMilliseconds + spreadOf(loan) }),
  };
}

function spreadOf(loan: Loan): number {
  const short =
    Temporal.Instant.compare(instant(loan.dueAt), instant(loan.checkedOutAt.getTime() + dayMs)) < 0;
  return short ? 0 : Number.parseInt(loan.id.slice(-8), 16) % spreadMs;
}
