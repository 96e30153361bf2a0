import { byHand } from '../../domain/ill.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { record } from '../record.ts';
import { closeAttempt, tellSupplier } from './attempt.ts';
import { isDelivering } from './delivery.ts';
import { endCancelled, noLongerAsked } from './ends.ts';
import { type Held, openAttemptOf, workingDaysFrom } from './held.ts';
import { tell } from './notices.ts';
import { requestSubject } from './standing.ts';
import type { CancelRequest } from './steps.ts';

/**
 * Reader or librarian give a request up. While nobody has it, it ends at once. A supplier that has it is asked, and has its say: it may have shipped just now, and then the request goes
 * on. What is on its way cannot be given up any more.
 */
export async function cancel(held: Held, { remarkId }: CancelRequest): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  if (isDelivering(request)) return refuse({ code: 'request-shipped', state: request.state });
  if (request.cancelWantedAt) return refuse({ code: 'request-cancelling' });
  request.remarkId = remarkId ?? null;
  const attempt = await openAttemptOf(held);
  if (!attempt || attempt.peer === byHand) {
    if (attempt) closeAttempt(held, attempt, 'cancelled');
    await endCancelled(held, reasonOf(actor), { told: !actor.startsWith('patron:') });
    return undefined;
  }
  request.cancelWantedAt = at;
  attempt.answerBy = await workingDaysFrom(held, held.ill.obtaining.cancelWithin);
  if (request.state === 'asked') {
    await noLongerAsked(held);
    request.state = 'requested';
  }
  record(tx, requestSubject(request), { kind: 'ill-cancel-wanted', actor, at });
  await tellSupplier(held, attempt, { action: 'Cancel' });
  return undefined;
}

const reasonOf = (actor: string): string => (actor.startsWith('patron:') ? 'by-reader' : 'by-library');

/** The supplier has agreed to give it up, or has not answered in time. */
export async function cancelWon(held: Held, reason: 'agreed' | 'unanswered'): Promise<void> {
  const attempt = await openAttemptOf(held);
  if (attempt) closeAttempt(held, attempt, 'cancelled', { reason });
  await endCancelled(held, 'wished', { told: true });
}

/** The supplier goes on: it has shipped, or says no. Whoever wanted to give it up is told. */
export async function cancelLost(held: Held): Promise<void> {
  const { tx, request, at, actor } = held;
  const since = request.cancelWantedAt;
  if (!since) return;
  request.cancelWantedAt = null;
  const attempt = await openAttemptOf(held);
  if (attempt) attempt.answerBy = await workingDaysFrom(held, held.ill.obtaining.shipWithin);
  record(tx, requestSubject(request), { kind: 'ill-cancel-refused', actor, at });
  await tell(held, { kind: 'ill-cancel-refused', cause: `cancel-refused:${since.getTime()}` });
}
