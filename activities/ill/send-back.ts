import type { IllAttempt } from '../../db/entities/index.ts';
import { byHand } from '../../domain/ill.ts';
import { isTerminal } from '../../domain/ill-transitions.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { closeAttempt, tellSupplier } from './attempt.ts';
import type { SendBack } from './delivery-steps.ts';
import { type Held, latestAttempt } from './held.ts';
import { isReaders } from './readers-acts.ts';
import { after, complete } from './returning.ts';
import { requestSubject } from './standing.ts';
import { letGo, lockThing } from './thing.ts';

/**
 * The thing goes on its way back (I13): staff have packed it, or the reader to whom it came by post has sent it. Its supplier is told; where it was obtained by hand there is nobody to
 * wait for, and the request is completed.
 */
export async function sendBack(held: Held, _wish: SendBack): Promise<Refused | undefined> {
  const { request, at, actor, tx } = held;
  const fromReader = request.direct && request.service === 'loan' && request.state === 'received';
  const waits = request.state === 'returning' && !request.sentBackAt;
  if ((!waits && !fromReader) || isReaders(held))
    return refuse({ code: 'request-moved-on', state: request.state });
  const item = await lockThing(held);
  if (item?.state === 'on-loan') return refuse({ code: 'item-on-loan' });
  if (item) held.wake.push(...(await letGo(held, item, 'returned')));
  Object.assign(request, { state: 'returning', reason: null, sentBackAt: at, renewalWantedAt: null });
  request.lookAt = after(held, held.ill.delivery.things.closeAfter);
  record(tx, requestSubject(request), { kind: 'ill-sent-back', actor, at });
  await resolveTask(tx, 'ill-send-back', request.id, { at, by: actor, outcome: 'settled' });
  const attempt = await latestAttempt(held);
  if (attempt && attempt.peer !== byHand) await tellOfReturn(held, attempt);
  else complete(held, null);
  if (attempt?.peer === byHand && attempt.outcome === 'open') closeAttempt(held, attempt, 'completed');
  return undefined;
}

/** A supplier that has closed the loan – as lost, or as returned by mistake – takes no word of its return but a note, and none comes from it. */
async function tellOfReturn(held: Held, attempt: IllAttempt): Promise<void> {
  if (!isTerminal(attempt.status ?? null)) return tellSupplier(held, attempt, { action: 'ShippedReturn' });
  await tellSupplier(held, attempt, {
    action: 'Notification',
    note: 'The item is here and has been sent back.',
  });
  complete(held, null);
}
