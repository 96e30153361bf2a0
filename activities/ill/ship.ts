import type { IllAttempt, IllMessage } from '../../db/entities/index.ts';
import { costIn } from '../../domain/ill-costs.ts';
import type { Said } from '../../domain/ill-heard.ts';
import { record } from '../record.ts';
import { closeAttempt } from './attempt.ts';
import { bookShipped } from './booking.ts';
import { cancelLost } from './cancel.ts';
import { arrived, type SupplierSays } from './delivery.ts';
import { dropTasks } from './ends.ts';
import type { Held } from './held.ts';
import { withdraw } from './notices.ts';
import { requestSubject } from './standing.ts';

/** A supplier's message, with what it says. */
export interface Spoken extends Said {
  readonly row: IllMessage;
  readonly says: SupplierSays;
}

/** It is on its way: booked to the reader and between the libraries, and handed over to delivery (I9, I15). */
export async function ship(held: Held, attempt: IllAttempt, { says, status }: Spoken): Promise<void> {
  const { deps, tx, policy, request, patron, at, actor } = held;
  if (status !== 'CompletedWithoutReturn') noteCost(attempt, says);
  await cancelLost(held);
  await dropTasks(held);
  await withdraw(held, 'ill-asked', 'ill-promised');
  request.reason = null;
  request.asks = null;
  request.askUntil = null;
  request.lookAt = null;
  attempt.answerBy = null;
  await tx.flush();
  await bookShipped(tx, policy, { request, attempt, patron, at, actor });
  held.wake.push(...(await arrived(deps, tx, policy, { request, attempt, says, at, actor })));
  record(tx, requestSubject(request), {
    kind: 'ill-shipped',
    actor,
    at,
    detail: { attemptId: attempt.id, peer: attempt.peer },
  });
  if (status === 'CopyCompleted') closeAttempt(held, attempt, 'completed');
}

/** What the supplier charges, once it has said so. */
function noteCost(attempt: IllAttempt, says: SupplierSays): void {
  const cost = costIn(says.deliveryInfo?.deliveryCosts?.[0]);
  if (!cost || attempt.costMinor != null) return;
  attempt.costMinor = BigInt(cost.amountMinor);
  attempt.currency = cost.currency;
}
