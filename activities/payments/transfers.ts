import { randomInt } from 'node:crypto';
import { Patron, Payment } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { newReference } from '../../domain/payment-reference.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { reminderAt } from '../../domain/transfers.ts';
import type { ActivityDeps } from '../deps.ts';
import { toDate } from '../facts.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { paymentSubject } from '../record.ts';

/** Gives a payment by transfer its reference, and tells the reader where the money goes (P4, P5). */
export async function awaitTransfer(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  payment: Payment,
): Promise<void> {
  payment.reference = await freeReference(tx, payment.library);
  const at = payment.begunAt;
  const request = { kind: 'payment-instructions', cause: 'begun', at } as const;
  await queueNotice(tx, policy, patron, paymentSubject(payment), request);
}

/** One that no payment of the library has; that the first one is taken happens once in billions. */
async function freeReference(tx: Tx, library: string): Promise<string> {
  const reference = newReference(randomInt);
  return (await tx.count(Payment, { library, reference })) === 0 ? reference : freeReference(tx, library);
}

/** Tells the reader once that the payment expires soon, if it is time. The reader and the payment are locked. */
export async function remind(deps: ActivityDeps, tx: Tx, payment: Payment, at: Date): Promise<void> {
  const policy = deps.policies.get(payment.library);
  const due = reminderAt(policy, payment);
  if (payment.state !== 'open' || payment.remindedAt || !due || toDate(due) > at) return;
  payment.remindedAt = at;
  const patron = present(await tx.findOne(Patron, { id: payment.patronId }), `patron ${payment.patronId}`);
  const request = { kind: 'payment-expiring', cause: 'expires', at } as const;
  await queueNotice(tx, policy, patron, paymentSubject(payment), request);
}
