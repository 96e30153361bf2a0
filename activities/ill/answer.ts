import type { IllAttempt } from '../../db/entities/index.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { addAttempt, closeAttempt, tellSupplier } from './attempt.ts';
import { promised, retry } from './ask.ts';
import { chooseNext } from './choose.ts';
import { changeForm } from './form.ts';
import { type Held, latestAttempt } from './held.ts';
import { withdraw } from './notices.ts';
import { offerOf } from './offer.ts';
import { requestSubject } from './standing.ts';
import type { AnswerRequest } from './steps.ts';

/** Reader or librarian answer what was asked: with yes the same supplier goes on or is asked once more, with no the next one is asked. */
export async function answer(held: Held, wish: AnswerRequest): Promise<Refused | undefined> {
  const { request, actor } = held;
  const { accept, formId, limitMinor } = wish;
  if (request.state !== 'asked') return refuse({ code: 'request-not-asked', state: request.state });
  if (request.asks === 'staff' && actor.startsWith('patron:'))
    return refuse({ code: 'request-asks-library' });
  if (formId !== undefined) await changeForm(held, formId);
  const enough = limitMinor === undefined || request.priceMinor == null || request.priceMinor <= limitMinor;
  await takeAnswer(held, accept && enough);
  return undefined;
}

/** Does what an answer leads to; none in time is a no. */
export async function takeAnswer(held: Held, accept: boolean): Promise<void> {
  const { tx, request, at, actor } = held;
  const { reason: what } = request;
  record(tx, requestSubject(request), { kind: 'ill-answered', actor, at, detail: { what, accept } });
  await resolveTask(tx, 'request-asks', request.id, {
    at,
    by: actor,
    outcome: accept ? 'accepted' : 'refused',
  });
  await withdraw(held, 'ill-asked');
  request.asks = null;
  request.askUntil = null;
  if (accept && request.priceMinor != null) request.agreedMinor = request.priceMinor;
  if (what === 'price') return accept ? chooseNext(held) : passBy(held);
  const attempt = await latestAttempt(held);
  if (!attempt) return chooseNext(held);
  if (attempt.outcome === 'open') return answerTerms(held, attempt, accept);
  return accept && attempt.outcome === 'retry' ? retry(held, attempt) : chooseNext(held);
}

/** A supplier that has promised on terms hears whether they are accepted. */
async function answerTerms(held: Held, attempt: IllAttempt, accept: boolean): Promise<void> {
  if (accept) {
    attempt.offer = { ...offerOf(attempt), accepted: true };
    await tellSupplier(held, attempt, { action: 'Notification', note: 'Conditions accepted.' });
    return promised(held, attempt);
  }
  await tellSupplier(held, attempt, { action: 'Cancel' });
  closeAttempt(held, attempt, 'refused', { reason: 'terms-refused' });
  return chooseNext(held);
}

/** The supplier whose price the reader does not want to pay is left out, without having been asked. */
async function passBy(held: Held): Promise<void> {
  const [peer] = held.request.chosen;
  if (peer !== undefined) {
    const attempt = await addAttempt(held, { peer, formId: held.request.formId });
    closeAttempt(held, attempt, 'refused', { reason: 'price-refused' });
  }
  await chooseNext(held);
}
