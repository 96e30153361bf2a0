import { Temporal } from 'temporal-polyfill';
import { Application, Task } from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { findProcedure, type Procedure, type ReviewPolicy } from '../../domain/policy-registration.ts';
import { isOpenApplication } from '../../domain/registration.ts';
import { nextEscalationAt, type ReviewCalendar } from '../../domain/review-deadlines.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import { eraseWhenDue } from './registration-erasure.ts';
import { instant } from '../facts.ts';
import { openNotices } from '../notices/open-notices.ts';

/** Locks an application. After library and patron in the order of locks; nothing else is locked while it is. */
export async function lockApplication(tx: Tx, id: string): Promise<Application | undefined> {
  await tx.execute('select id from application where id = ? for no key update', [id]);
  const seen = await tx.findOne(Application, { id });
  return seen ? tx.refreshOrFail(seen) : undefined;
}

/** The application's procedure as the policy has it now. Throws when it is gone: one that is given up stays there as no longer offered. */
export function procedureOf(policy: LibraryPolicy, { procedure }: { procedure: string }): Procedure {
  const found = findProcedure(policy, procedure);
  if (!found) throw new Error(`The policy of ${policy.code} has no procedure ${procedure}.`);
  return found;
}

/** The reviewers' working days from `from` on. */
export async function reviewCalendar(
  tx: Tx,
  policy: LibraryPolicy,
  review: ReviewPolicy,
  from: Date,
): Promise<ReviewCalendar> {
  return { policy, review, closures: await closuresFrom(tx, policy.code, from) };
}

/** When staff are next overdue, or the supervisor is next to be told. */
async function nextReviewAt(
  tx: Tx,
  policy: LibraryPolicy,
  application: Application,
  now: number,
): Promise<number> {
  const due = application.reviewDueAt?.getTime() ?? now;
  const { review } = procedureOf(policy, application);
  if (now < due || !review) return due;
  const calendar = await reviewCalendar(tx, policy, review, new Date(now));
  const today = civilDay(policy, instant(now));
  const told = application.escalatedOn;
  const toldToday = told != null && Temporal.PlainDate.compare(told, today) >= 0;
  return nextEscalationAt(calendar, toldToday ? today : today.subtract({ days: 1 })).epochMilliseconds;
}

async function wakeOf(
  tx: Tx,
  policy: LibraryPolicy,
  application: Application,
  now: number,
): Promise<Pick<Standing, 'wakeAt' | 'deadline'>> {
  if (application.state === 'reviewing') {
    const deadline = application.reviewDueAt?.getTime() ?? now;
    return { deadline, wakeAt: await nextReviewAt(tx, policy, application, now) };
  }
  const until = (application.lapsesAt ?? application.eraseAt)?.getTime();
  return until === undefined || until <= now ? {} : { deadline: until, wakeAt: until };
}

/**
 * What a registration's workflow has to do next. What was submitted to an application that came to nothing is deleted here, once its time has come and the last mail about
 * it is out. Flushes what the transaction has changed so far.
 */
export async function applicationStanding(
  deps: ActivityDeps,
  tx: Tx,
  application: Application,
  now: number,
): Promise<Standing> {
  await tx.flush();
  const deliver = await openNotices(deps, tx, application.id, new Date(now));
  if (deliver.length === 0) await eraseWhenDue(tx, application, new Date(now));
  const { state, eraseAt, erasedAt } = application;
  const ended = !isOpenApplication(state) && (!eraseAt || !!erasedAt);
  const next = ended ? {} : await wakeOf(tx, deps.policies.get(application.library), application, now);
  return { state, deliver, ended, asOf: now, ...next };
}

/** Moves the open review's deadline, on the work list too. */
export async function moveReview(tx: Tx, application: Application, dueAt: Date): Promise<void> {
  application.reviewDueAt = dueAt;
  await tx.nativeUpdate(
    Task,
    { kind: 'review-application', subjectId: application.id, resolvedAt: null },
    { dueAt },
  );
}
