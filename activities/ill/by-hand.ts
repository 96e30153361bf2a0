import type { IllAttempt } from '../../db/entities/index.ts';
import { byHand } from '../../domain/ill.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { addAttempt, closeAttempt } from './attempt.ts';
import { bookShipped } from './booking.ts';
import { arrived, isDelivering } from './delivery.ts';
import { dropTasks, endUnfilled, noLongerAsked } from './ends.ts';
import { type Held, openAttemptOf } from './held.ts';
import { tell } from './notices.ts';
import { askLibrarian } from './librarian.ts';
import { requestSubject } from './standing.ts';
import type { RecordByHand } from './steps.ts';

/**
 * The librarian notes how far they have come with obtaining it by other ways (I3): in e-mail mode always, in the others where no peer has the request. The reader sees it like any other; reasons
 * and remarks are told.
 */
export async function recordByHand(held: Held, wish: RecordByHand): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  if (isDelivering(request)) return refuse({ code: 'request-shipped', state: request.state });
  const open = await openAttemptOf(held);
  if (open && open.peer !== byHand) return refuse({ code: 'request-with-supplier' });
  const { step, reason, supplier } = wish;
  record(tx, requestSubject(request), {
    kind: 'ill-recorded',
    actor,
    at,
    detail: { step, ...(reason !== undefined && { reason }) },
  });
  if (step === 'not-obtained') return notObtained(held, open, wish);
  if (step === 'sent' && open) closeAttempt(held, open, 'cancelled', { reason: 'by-librarian' });
  const attempt = step === 'sent' || !open ? await turnTo(held, supplier) : open;
  if (supplier !== undefined) attempt.supplier = supplier;
  if (step === 'promised') await promise(held, attempt);
  if (step === 'shipped') await shipByHand(held, attempt, wish);
  if (step === 'unfilled') {
    attempt.status = 'Unfilled';
    closeAttempt(held, attempt, 'unfilled', { reason });
    await askLibrarian(held, 'supplier-could-not');
  }
  return undefined;
}

async function turnTo(held: Held, supplier: string | undefined): Promise<IllAttempt> {
  const { tx, request, at, actor } = held;
  await resolveTask(tx, 'review-request', request.id, { at, by: actor, outcome: 'approve' });
  await noLongerAsked(held);
  const attempt = await addAttempt(held, {
    peer: byHand,
    supplier: supplier ?? null,
    formId: request.formId,
  });
  request.state = 'requested';
  request.reason = null;
  return attempt;
}

async function promise(held: Held, attempt: IllAttempt): Promise<void> {
  attempt.status = 'WillSupply';
  held.request.state = 'promised';
  await tell(held, { kind: 'ill-promised', cause: `promised:${attempt.id}` });
}

async function shipByHand(
  held: Held,
  attempt: IllAttempt,
  { costMinor, currency, dueAt }: RecordByHand,
): Promise<void> {
  const { deps, tx, policy, request, patron, at, actor } = held;
  attempt.status = request.service === 'copy' ? 'CopyCompleted' : 'Loaned';
  if (costMinor !== undefined) {
    attempt.costMinor = BigInt(costMinor);
    attempt.currency = currency ?? policy.currency;
  }
  if (dueAt !== undefined && request.service === 'loan') {
    attempt.dueAt = new Date(dueAt);
    request.dueAt = attempt.dueAt;
  }
  request.lookAt = null;
  await dropTasks(held);
  await tx.flush();
  await bookShipped(tx, policy, { request, attempt, patron, at, actor });
  held.wake.push(...(await arrived(deps, tx, policy, { request, attempt, at, actor })));
  if (request.service === 'copy') closeAttempt(held, attempt, 'completed');
}

async function notObtained(
  held: Held,
  open: IllAttempt | undefined,
  { remarkId, reason }: RecordByHand,
): Promise<undefined> {
  if (open) closeAttempt(held, open, 'unfilled', { reason });
  held.request.remarkId = remarkId ?? null;
  await endUnfilled(held, 'not-obtained');
}
