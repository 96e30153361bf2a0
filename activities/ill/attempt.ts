import { v7 as uuid } from 'uuid';
import { IllAttempt } from '../../db/entities/index.ts';
import type { Cost } from '../../domain/ill-costs.ts';
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
  const attempt = await addAttempt(held, {
    peer: candidate.peer,
    formId: form.id,
    retryOf: retryOf?.id ?? null,
    expectedMinor: candidate.expectedMinor ?? null,
    currency: candidate.currency ?? null,
    answerBy: await workingDaysFrom(held, held.ill.obtaining.answerWithin),
  });
  const maximum = asking.maximum ?? mostOf(policy, asking);
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

/** The most that it may cost: what is expected, or the reader's limit where that is more; the one in the supplier's currency, the other in the library's. */
function mostOf(
  { currency: own }: Held['policy'],
  { form, candidate: { expectedMinor, currency = own } }: Asking,
): Cost | undefined {
  const limit = Number(form.limit ?? 0);
  const expected = Number(expectedMinor ?? 0);
  const most =
    expected > 0 && currency !== own
      ? { amountMinor: expected, currency }
      : { amountMinor: Math.max(limit, expected), currency: own };
  return most.amountMinor > 0 ? most : undefined;
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
