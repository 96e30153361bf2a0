import { Checkout, Payment } from '../../db/entities/index.ts';
import { lockPatron, lockPayment, present } from '../../db/locks.ts';
import { inTransaction, once, type Tx } from '../../db/transaction.ts';
import { refuse } from '../../domain/refusal.ts';
import { beginPayment } from './begin-payment.ts';
import type { ActivityDeps } from '../deps.ts';
import { endsPayment, isUnderWay, paymentOutcome } from './payment-standing.ts';
import { remind } from './transfers.ts';
import type { CancelPayment, LookAtPayment, PaymentOutcome } from './payment-steps.ts';

/** The activities of a payment's workflow that need nothing but the database. */
export function createPaymentProcessActivities(deps: ActivityDeps) {
  return {
    beginPayment: (step: Parameters<typeof beginPayment>[1]) => beginPayment(deps, step),
    lookAtPayment: async (look: LookAtPayment) => (await lookAtPayment(deps, look)).standing,
    cancelPayment: (step: CancelPayment) => cancelPayment(deps, step),
  };
}

/** Reads where a payment stands, and lets it expire when its time has come; proof that waits for staff does not expire. */
function lookAtPayment(deps: ActivityDeps, { paymentId, now }: LookAtPayment) {
  return inTransaction(deps.orm, async (tx) => {
    const payment = await held(tx, paymentId);
    const expiresAt = payment.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    if (payment.means !== 'online' && payment.state === 'open' && expiresAt <= now)
      await endsPayment(tx, payment, { state: 'expired', at: new Date(now), actor: 'system' });
    else await remind(deps, tx, payment, new Date(now));
    return paymentOutcome(deps, tx, payment, now);
  });
}

/**
 * Gives a payment up: its charges are free for another. One that is paid at a gateway is only given up once the gateway has closed it, so that nobody pays twice;
 * here the wish is kept, and the process asks the gateway.
 */
function cancelPayment(deps: ActivityDeps, step: CancelPayment): Promise<PaymentOutcome> {
  const { paymentId, actor, now } = step;
  return once(deps.orm, step, async (tx) => {
    const payment = await held(tx, paymentId);
    if (!isUnderWay(payment)) return refuse({ code: 'payment-ended', state: payment.state });
    const at = new Date(now);
    if (payment.means === 'online')
      await tx.nativeUpdate(Checkout, { paymentId, cancelAt: null }, { cancelBy: actor, cancelAt: at });
    else await endsPayment(tx, payment, { state: 'cancelled', at, actor });
    return paymentOutcome(deps, tx, payment, now);
  });
}

/** The payment with its reader, locked in their order. */
export async function held(tx: Tx, paymentId: string): Promise<Payment> {
  const { patronId } = present(await tx.findOne(Payment, { id: paymentId }), `payment ${paymentId}`);
  await lockPatron(tx, patronId);
  return present(await lockPayment(tx, paymentId), `payment ${paymentId}`);
}
