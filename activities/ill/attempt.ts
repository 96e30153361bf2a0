import { v7 as uuid } from 'uuid';
import { IllAttempt } from '../../db/entities/index.ts';
import { type AttemptOutcome, byHand } from '../../domain/ill.ts';
import { queueRequest, queueToSupplier, type ToSupplier } from '../peers/queue.ts';
import { record } from '../record.ts';
import { partPassedOn } from '../supply/centre/passed-on.ts';
import { attemptsOf, type Held, workingDaysFrom } from './held.ts';
import { type Asking, requestBody } from './request-body.ts';
import { requestSubject } from './standing.ts';

export { byHand };

/** Sends the request to a supplier: an attempt of its own, with its own number, and the message to the line's queue. */
export async function sendTo(held: Held, asking: Asking): Promise<void> {
  const { tx, policy, request, at, actor } = held;
  const { form, candidate, retryOf } = asking;
  const limit = form.limit == null ? undefined : Number(form.limit);
  const expected = candidate.expectedMinor == null ? undefined : Number(candidate.expectedMinor);
  const most = Math.max(limit ?? 0, expected ?? 0);
  const attempt = await addAttempt(held, {
    peer: candidate.peer,
    formId: form.id,
    retryOf: retryOf?.id ?? null,
    expectedMinor: candidate.expectedMinor ?? null,
    currency: candidate.currency ?? null,
    answerBy: await workingDaysFrom(held, held.ill.obtaining.answerWithin),
  });
  const maximum =
    asking.maximum ??
    (most > 0 ? { amountMinor: most, currency: candidate.currency ?? policy.currency } : undefined);
  const passedOn = request.onBehalfOf ? await partPassedOn(tx, request.onBehalfOf) : {};
  const body = { ...requestBody(held, { ...asking, maximum }), ...passedOn };
  held.rouse.push(await queueRequest(tx, policy, attempt, body, at));
  request.state = 'requested';
  record(tx, requestSubject(request), {
    kind: 'ill-sent',
    actor,
    at,
    detail: { attemptId: attempt.id, peer: attempt.peer, position: attempt.position },
  });
}

type Given = Pick<IllAttempt, 'peer' | 'formId'> &
  Partial<Pick<IllAttempt, 'retryOf' | 'expectedMinor' | 'currency' | 'answerBy' | 'supplier' | 'status'>>;

/** Adds an attempt to the request's string; it is the one under way. */
export async function addAttempt(held: Held, given: Given): Promise<IllAttempt> {
  const { tx, request, at } = held;
  // The one before is closed by now, and the database allows one that is open.
  await tx.flush();
  const position = ((await attemptsOf(held)).at(-1)?.position ?? 0) + 1;
  const attempt = tx.create(IllAttempt, {
    id: uuid(),
    requestId: request.id,
    library: request.library,
    position,
    ourRef: `${request.number}-${position}`,
    outcome: 'open',
    sentAt: at,
    ...given,
  });
  request.attemptId = attempt.id;
  await tx.flush();
  return attempt;
}

/** The attempt is over; what its supplier says afterwards is late. */
export function closeAttempt(
  { at }: Pick<Held, 'at'>,
  attempt: IllAttempt,
  outcome: Exclude<AttemptOutcome, 'open'>,
  why: { readonly reason?: string | undefined; readonly note?: string | undefined } = {},
): void {
  attempt.outcome = outcome;
  attempt.endedAt = at;
  attempt.answerBy = null;
  if (why.reason !== undefined) attempt.reason = why.reason;
  if (why.note !== undefined) attempt.note = why.note;
}

/** Says something to the supplier of an attempt; of one by hand there is nobody to hear it. */
export async function tellSupplier(held: Held, attempt: IllAttempt, said: ToSupplier): Promise<void> {
  if (attempt.peer === byHand) return;
  held.rouse.push(await queueToSupplier(held.tx, held.policy, attempt, said, held.at));
}
