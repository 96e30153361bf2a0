import { Checkout, type Payment } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Actor } from '../../domain/roles.ts';
import { nextLookAt } from '../../domain/checkouts.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Standing } from '../../domain/standing.ts';
import { reminderAt } from '../../domain/transfers.ts';
import type { ActivityDeps } from '../deps.ts';
import { openNotices } from '../notices/open-notices.ts';
import type { PaymentStanding } from './payment-steps.ts';
import { record } from '../record.ts';
import { endPayment } from './settle-payment.ts';

export const isUnderWay = ({ state }: Pick<Payment, 'state'>): boolean =>
  state === 'open' || state === 'submitted';

interface Ending {
  readonly state: 'expired' | 'cancelled' | 'refused';
  readonly at: Date;
  readonly actor: Actor;
}

/** Ends a payment for which no money came, and tells of it in its reader's story. The payment is locked. */
export async function endsPayment(tx: Tx, payment: Payment, { state, at, actor }: Ending): Promise<void> {
  const { id: paymentId, library, patronId, means, currency } = payment;
  await endPayment(tx, payment, state, at);
  const detail = { paymentId, means, amountMinor: Number(payment.amount), currency };
  const subject = { type: 'patron', id: patronId, library, patronId } as const;
  record(tx, subject, { kind: `payment-${state}`, actor, at, detail });
}

/** What a payment's process has to do next, and whether its gateway is to be asked. Flushes what the transaction has changed so far. */
export async function paymentOutcome(
  deps: ActivityDeps,
  tx: Tx,
  payment: Payment,
  now: number,
): Promise<PaymentStanding> {
  await tx.flush();
  const online = payment.means === 'online';
  const deliver = await openNotices(deps, tx, payment.id, new Date(now));
  const next = online
    ? await onlineWaking(tx, payment, now)
    : waking(deps.policies.get(payment.library), payment);
  return { online, standing: { state: payment.state, deliver, asOf: now, ...next } };
}

type Next = Pick<Standing, 'ended' | 'wakeAt' | 'deadline'>;

/** Proof that waits for staff has no time at which it lapses. */
function waking(policy: LibraryPolicy, payment: Payment): Next {
  const until = payment.expiresAt?.getTime();
  if (payment.state !== 'open' || until === undefined) return { ended: !isUnderWay(payment) };
  const reminder = payment.remindedAt ? undefined : reminderAt(policy, payment)?.epochMilliseconds;
  return { ended: false, wakeAt: reminder ?? until, deadline: until };
}

/** The process of an online payment stays until the gateway takes no more money for it, whatever is booked already. */
async function onlineWaking(tx: Tx, payment: Payment, now: number): Promise<Next> {
  const checkout = await tx.findOneOrFail(Checkout, { paymentId: payment.id });
  const over = checkout.state === 'paid' || checkout.state === 'closed';
  if (over && !isUnderWay(payment)) return { ended: true };
  const { begunAt, expiresAt } = payment;
  const deadline = expiresAt?.getTime() ?? now;
  const wakeAt = nextLookAt({ begunAt: begunAt.getTime(), expiresAt: deadline, now });
  return { ended: false, deadline, wakeAt };
}
