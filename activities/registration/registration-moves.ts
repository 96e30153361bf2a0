import type { Application } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Procedure } from '../../domain/policy-registration.ts';
import { type ApplicationState, isOpenApplication } from '../../domain/registration.ts';
import { endOf, reviewDueAt } from '../../domain/review-deadlines.ts';
import type { Actor } from '../../domain/roles.ts';
import { instant, toDate } from '../facts.ts';
import { applicationSubject } from '../record.ts';
import { reviewCalendar } from './registration-standing.ts';
import { withdrawEarlier } from './registration-notices.ts';
import { openTask, resolveTask } from '../tasks.ts';

/** An application whose row is locked, the rules for it, and the moment. */
export interface Held {
  readonly tx: Tx;
  readonly application: Application;
  readonly policy: LibraryPolicy;
  readonly procedure: Procedure;
  readonly at: Date;
}

/** Takes the application to another state, without what belonged to the one before: deadlines, and mails that have not gone out. */
export async function moveTo({ tx, application, at }: Held, state: ApplicationState): Promise<void> {
  await withdrawEarlier(tx, application, at);
  application.state = state;
  application.lapsesAt = null;
  application.reviewSince = null;
  application.reviewDueAt = null;
  application.escalatedOn = null;
}

/** Waits for the applicant; past the time the application lapses. */
export async function awaitApplicant(
  held: Held,
  state: 'confirming' | 'questioned' | 'correcting',
): Promise<void> {
  const { policy, procedure, application, at } = held;
  await moveTo(held, state);
  const length = state === 'confirming' ? procedure.lapse.unconfirmed : procedure.lapse.unanswered;
  application.lapsesAt = toDate(endOf(policy, instant(at), length));
}

/** Puts it on the reviewers' list, due within their working days (A5). */
export async function openReview(held: Held): Promise<void> {
  const { tx, application, policy, procedure, at } = held;
  const { review } = procedure;
  if (!review) throw new Error(`Procedure ${procedure.code} has no review.`);
  const calendar = await reviewCalendar(tx, policy, review, at);
  const dueAt = toDate(reviewDueAt(calendar, instant(at)));
  await moveTo(held, 'reviewing');
  application.reviewSince = at;
  application.reviewDueAt = dueAt;
  await openTask(tx, applicationSubject(application), {
    kind: 'review-application',
    branch: null,
    workflowId: `registration:${application.id}`,
    at,
    dueAt,
  });
}

export function closeReview(
  { tx, application, at }: Held,
  resolution: { by: Actor; outcome: string; remarkId?: string | undefined },
): Promise<void> {
  return resolveTask(tx, 'review-application', application.id, { at, ...resolution });
}

/** Ends it. What was submitted to one that came to nothing is kept for `keep`, at once deleted without. */
export async function endAs(held: Held, state: ApplicationState, keep?: string): Promise<void> {
  const { application, policy, at } = held;
  if (isOpenApplication(state)) throw new Error(`${state} is no end.`);
  await moveTo(held, state);
  application.endedAt = at;
  application.endReason = state;
  if (['approved', 'merged'].includes(state)) return;
  application.eraseAt = keep === undefined ? at : toDate(endOf(policy, instant(at), keep));
}
