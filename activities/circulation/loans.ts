import { Loan, Notice, Patron } from '../../db/entities/index.ts';
import { lockItem, lockPatron, lockTitle, present } from '../../db/locks.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { inTransaction, once, reader, type Step, type Tx } from '../../db/transaction.ts';
import { renewedDueAt } from '../../domain/loans.ts';
import type { Channel } from '../../domain/patrons.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { ReminderStep } from '../../domain/reminders.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';
import { checkIn, type CheckIn } from './check-in.ts';
import { checkOut, type CheckOut } from './check-out.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, toDate } from '../facts.ts';
import { actingReasons } from '../families/family-acting.ts';
import { loanStanding, reachedStep } from './loan-standing.ts';
import { queueNotice, withdrawNotices } from '../notices/queue-notice.ts';
import { loanSubject, record } from '../record.ts';
import { loanRenewalReasons } from './renewability.ts';

export interface LookAtLoan {
  readonly loanId: string;
  readonly now: number;
}

export interface RenewLoan extends Step {
  readonly loanId: string;
  readonly actor: Actor;
  readonly channel: Channel;
}

export interface Renewed {
  /** The new due date, epoch milliseconds. */
  readonly dueAt: number;
  /** Where the loan stands now: its next reminder may come sooner than what its process waits for. */
  readonly loan?: Standing;
}

/** The activities of a loan's workflow. */
export function createLoanActivities(deps: ActivityDeps) {
  return {
    checkOut: (wish: CheckOut) => checkOut(deps, wish),
    checkIn: (scan: CheckIn) => checkIn(deps, scan),
    renewLoan: (wish: RenewLoan) => renewLoan(deps, wish),
    lookAtLoan: (look: LookAtLoan) => lookAtLoan(deps, look),
  };
}

/**
 * Renews a loan, or answers every reason why not (L2, L3). Reader and title are locked as they are for placing a hold, so of a renewal and a hold that meet one
 * is first (L4).
 */
function renewLoan(deps: ActivityDeps, wish: RenewLoan): Promise<Refused | Renewed> {
  return once(deps.orm, wish, async (tx) => {
    const loan = await lockLoan(tx, wish.loanId);
    const patron = await tx.findOneOrFail(Patron, { id: loan.patronId });
    const policy = deps.policies.get(loan.library);
    const at = new Date(wish.now);
    const notAllowed = await actingReasons(tx, policy, { ...wish, patronId: loan.patronId });
    if (notAllowed.length > 0) return refuse(...notAllowed);
    const reasons = await loanRenewalReasons(tx, policy, loan, patron, at, wish.channel);
    if (reasons.length > 0) return refuse(...reasons);
    const closures = await closuresFrom(tx, loan.library, at);
    const dueAt = renewedDueAt({ policy, closures, branch: loan.branch, kind: loan.kind, from: instant(at) });
    const renewed = await extend(tx, loan, toDate(dueAt), wish);
    return { ...renewed, loan: await loanStanding(deps, tx, loan, wish.now) };
  });
}

async function lockLoan(tx: Tx, loanId: string): Promise<Loan> {
  const seen = present(await tx.findOne(Loan, { id: loanId }), `loan ${loanId}`);
  await lockPatron(tx, seen.patronId);
  await lockTitle(tx, seen.titleId);
  await lockItem(tx, seen.itemId);
  return tx.refreshOrFail(seen);
}

async function extend(tx: Tx, loan: Loan, dueAt: Date, { actor, now }: RenewLoan): Promise<Renewed> {
  const before = loan.dueAt;
  const at = new Date(now);
  loan.dueAt = dueAt;
  loan.renewals += 1;
  loan.renewedAt = at;
  await withdrawNotices(tx, loan.id, at, ['due-soon']);
  record(tx, loanSubject(loan), { kind: 'renewed', actor, at, detail: { before, after: dueAt } });
  return { dueAt: dueAt.getTime() };
}

/**
 * Reads where the loan stands and queues the reminder or overdue notice whose time has come (L5). Of several missed during an outage only the latest is written;
 * each is written once, whatever restarts.
 */
async function lookAtLoan(deps: ActivityDeps, { loanId, now }: LookAtLoan): Promise<Standing> {
  const tx = reader(deps.orm);
  const loan = present(await tx.findOne(Loan, { id: loanId }), `loan ${loanId}`);
  const policy = deps.policies.get(loan.library);
  const step = reachedStep(policy, loan, now);
  if (
    step &&
    !(await tx.findOne(Notice, { kind: step.kind, subjectId: loan.id, cause: causeOf(loan, step) }))
  ) {
    return remind(deps, policy, loanId, now);
  }
  return loanStanding(deps, tx, loan, now);
}

const causeOf = (loan: Loan, step: ReminderStep): string =>
  `${step.kind}:${loan.dueAt.toISOString()}:${step.step}`;

/** Under the item's lock the loan cannot be returned or renewed meanwhile, so nobody is reminded of what they have just brought back. */
function remind(deps: ActivityDeps, policy: LibraryPolicy, loanId: string, now: number): Promise<Standing> {
  return inTransaction(deps.orm, async (tx) => {
    const loan = await lockLoan(tx, loanId);
    const step = reachedStep(policy, loan, now);
    if (step) {
      const patron = await tx.findOneOrFail(Patron, { id: loan.patronId });
      const at = new Date(now);
      await queueNotice(tx, policy, patron, loanSubject(loan), {
        kind: step.kind,
        cause: causeOf(loan, step),
        at,
        content: { step: step.step, dueAt: loan.dueAt.getTime() },
      });
      record(tx, loanSubject(loan), {
        kind: `${step.kind}-reached`,
        actor: 'system',
        at,
        detail: { step: step.step },
      });
    }
    return loanStanding(deps, tx, loan, now);
  });
}
