import { Checkout, GatewayCapture, GatewayRefund, type Payment } from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import type { Tx } from '../../db/transaction.ts';
import { phoneTaskDueAt } from '../../domain/holds.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, toDate } from '../facts.ts';
import { paymentSubject, patronSubject, record } from '../record.ts';
import { openTask } from '../tasks.ts';

/** What was allocated of all money booked for a payment; less what was taken back. */
const allocated = `select coalesce(sum(allocation.amount), 0)::text as amount from allocation join journal on journal.id = journal_id where payment_id = ?`;

/**
 * What a gateway took for a payment beyond what it was for: neither for its charges nor for the balance as its reader wished, nor sent back or kept by decision.
 * Minor units of the payment's currency. The payment is locked.
 */
export async function surplusOf(tx: Tx, payment: Payment): Promise<bigint> {
  const { id: paymentId, received, prepaid } = payment;
  const [used] = await tx.execute<{ amount: string }[]>(allocated, [paymentId]);
  const refunds = await tx.find(GatewayRefund, { paymentId, state: { $ne: 'failed' } });
  const { kept } = await tx.findOneOrFail(Checkout, { paymentId });
  const returned = refunds.reduce((sum, { amount }) => sum + amount, 0n);
  return received - BigInt(used?.amount ?? 0) - prepaid - returned - kept;
}

/** Puts a task on the work list where money of a payment belongs nowhere, or could not be booked (P7). It is due when a call would be. */
export async function askAboutSurplus(deps: ActivityDeps, tx: Tx, payment: Payment, at: Date): Promise<void> {
  await tx.flush();
  const surplus = await surplusOf(tx, payment);
  const unbooked = await tx.count(GatewayCapture, { paymentId: payment.id, journalId: null });
  if (surplus <= 0n && unbooked === 0) return;
  const { id: paymentId, library, patronId, currency } = payment;
  const policy = deps.policies.get(library);
  const closures = await closuresFrom(tx, library, at);
  const place = policy.branches[0]?.code ?? '';
  const dueAt = toDate(phoneTaskDueAt({ policy, closures, place, from: instant(at) }));
  const workflowId = `payment:${paymentId}`;
  await openTask(tx, paymentSubject(payment), {
    kind: 'payment-surplus',
    branch: null,
    workflowId,
    at,
    dueAt,
  });
  const detail = { paymentId, amountMinor: Number(surplus), currency };
  const subject = patronSubject({ id: patronId, library });
  record(tx, subject, { kind: 'payment-surplus', actor: 'system', at, detail });
  await tx.flush();
}
