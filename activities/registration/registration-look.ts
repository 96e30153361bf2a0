import { isOpenApplication } from '../../domain/registration.ts';
import { escalationDay, reviewDueAt } from '../../domain/review-deadlines.ts';
import { instant, toDate } from '../facts.ts';
import { applicationSubject, record } from '../record.ts';
import { closeReview, endAs, type Held } from './registration-moves.ts';
import { tellApplicant, tellSupervisor } from './registration-notices.ts';
import { moveReview, reviewCalendar } from './registration-standing.ts';

/** What time brings to an application: a review becomes overdue (A5), an abandoned application lapses. */
export async function passTime(held: Held): Promise<void> {
  const { application, at } = held;
  if (application.lapsesAt && application.lapsesAt <= at) await lapse(held);
  else if (application.reviewDueAt && application.reviewDueAt <= at) await escalate(held);
}

/** Nothing is mailed to an address that was never confirmed. */
async function lapse(held: Held): Promise<void> {
  const { tx, application, policy, at } = held;
  const { state } = application;
  await endAs(held, 'lapsed');
  await closeReview(held, { by: 'system', outcome: 'dropped' });
  if (state !== 'confirming')
    await tellApplicant(tx, policy, application, { kind: 'application-lapsed', at });
  record(tx, applicationSubject(application), {
    kind: 'application-lapsed',
    actor: 'system',
    at,
    detail: { before: state },
  });
}

/** Days closed since the review began move its deadline; past it the supervisor is told, once a working day. */
async function escalate({ tx, application, policy, procedure, at }: Held): Promise<void> {
  const { review } = procedure;
  const since = application.reviewSince;
  if (!review || !since || !isOpenApplication(application.state)) return;
  const calendar = await reviewCalendar(tx, policy, review, since);
  const due = toDate(reviewDueAt(calendar, instant(since)));
  if (application.escalatedOn == null && due > at) return moveReview(tx, application, due);
  const day = escalationDay(calendar, instant(at), application.escalatedOn ?? null)?.toString();
  if (day === undefined) return;
  if (application.escalatedOn == null)
    record(tx, applicationSubject(application), {
      kind: 'review-overdue',
      actor: 'system',
      at,
      detail: { due: application.reviewDueAt?.toISOString() },
    });
  application.escalatedOn = day;
  await tellSupervisor(tx, policy, application, { supervisor: review.supervisor, day, at });
}
