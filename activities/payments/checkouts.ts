import { Checkout, GatewayEvent, Payment } from '../../db/entities/index.ts';
import { lockFamily, lockPayment, present } from '../../db/locks.ts';
import { inTransaction, reader, type Tx } from '../../db/transaction.ts';
import type { Standing } from '../../domain/standing.ts';
import { beginPayment } from './begin-payment.ts';
import { bookCaptures } from './captures.ts';
import type { ActivityDeps } from '../deps.ts';
import type { CheckoutSeen, PaymentGateway } from '../gateways/payment-gateway.ts';
import { endsPayment, isUnderWay, paymentOutcome } from './payment-standing.ts';
import type { BeginPayment, LookAtPayment, PaymentOutcome } from './payment-steps.ts';
import { carryOutRefunds } from './gateway-refunds.ts';

/** The activity of an online payment's workflow: it leaves the house. */
export function createCheckoutActivities(deps: ActivityDeps) {
  return {
    openPayment: (step: BeginPayment) => openPayment(deps, step),
    followCheckout: (look: LookAtPayment) => followCheckout(deps, look),
  };
}

/** Begins a payment and opens its checkout in one; of one that was begun before it brings what its gateway says. */
async function openPayment(deps: ActivityDeps, step: BeginPayment): Promise<PaymentOutcome> {
  const begun = await beginPayment(deps, step);
  if (!('standing' in begun) || !begun.online) return begun;
  return { ...begun, standing: await followCheckout(deps, step) };
}

/** What the gateway says, and which of the notifications made us ask. */
interface Seen extends CheckoutSeen {
  readonly ref: string | null;
  readonly url: string | null;
  readonly events: readonly string[];
}

/**
 * Brings a payment to what its gateway says of it (P8): opens the checkout, reads it, closes it when its time is over or it was given up, and books all money that is not yet
 * booked. Done twice, or by two at once, it books nothing twice. Throws while the gateway does not answer; it is tried again.
 */
async function followCheckout(deps: ActivityDeps, look: LookAtPayment): Promise<Standing> {
  const { paymentId, now } = look;
  const tx = reader(deps.orm);
  const payment = present(await tx.findOne(Payment, { id: paymentId }), `payment ${paymentId}`);
  const checkout = present(await tx.findOne(Checkout, { paymentId }), `checkout ${paymentId}`);
  const events = await tx.find(GatewayEvent, { paymentId, followedAt: null });
  const gateway = deps.gateways.of(payment.library, present(payment.provider, 'provider'));
  const ids = events.map(({ id }) => id);
  const seen = { ...(await ask(deps, gateway, { payment, checkout, now })), events: ids };
  const outcome = await inTransaction(deps.orm, (inside) => settle(deps, inside, seen, look));
  await deps.engine.wake(outcome.wake);
  if (!(await carryOutRefunds(deps, gateway, look))) return outcome.standing;
  return inTransaction(deps.orm, async (inside) => {
    const row = present(await lockPayment(inside, paymentId), `payment ${paymentId}`);
    return (await paymentOutcome(deps, inside, row, now)).standing;
  });
}

interface Asking {
  readonly payment: Payment;
  readonly checkout: Checkout;
  readonly now: number;
}

/** A checkout whose answer was lost is asked for again before it is closed: nobody else knows what it is called. */
async function ask(
  deps: ActivityDeps,
  gateway: PaymentGateway,
  { payment, checkout, now }: Asking,
): Promise<Omit<Seen, 'events'>> {
  const over = !isUnderWay(payment) || !!checkout.cancelBy || now >= (payment.expiresAt?.getTime() ?? now);
  let { providerRef: ref = null, url = null } = { ...payment, url: checkout.url };
  if (ref === null) {
    const begun = await gateway.begin(requestOf(deps, payment));
    if ('refused' in begun) return { ref, url, state: 'closed', captures: [] };
    ({ ref, url } = begun);
    if (!over) return { ref, url, state: 'open', captures: [] };
  }
  const seen = await gateway.read(ref);
  const open = seen.state === 'open' || seen.state === 'pending';
  return { ref, url, ...(open && over ? await gateway.close(ref) : seen) };
}

function requestOf(deps: ActivityDeps, payment: Payment) {
  const { id: paymentId, library, currency, amount, begunAt, expiresAt, provider } = payment;
  const policy = deps.policies.get(library);
  return {
    paymentId,
    library,
    currency,
    amountMinor: Number(amount),
    description: policy.name[policy.language] ?? library,
    language: policy.language,
    begunAt: begunAt.getTime(),
    expiresAt: (expiresAt ?? begunAt).getTime(),
    returnUrl: `${deps.publicUrl}/account/payments/${paymentId}`,
    notifyUrl: `${deps.publicUrl}/v1/gateways/${library}/${provider}/notifications`,
  };
}

/** Writes what the gateway said, in one transaction with the money it took. */
async function settle(deps: ActivityDeps, tx: Tx, seen: Seen, { paymentId, now }: LookAtPayment) {
  const { patronId, library } = await tx.findOneOrFail(Payment, { id: paymentId });
  const family = present(await lockFamily(tx, patronId), `card ${patronId}`);
  const payment = present(await lockPayment(tx, paymentId), `payment ${paymentId}`);
  const checkout = await tx.findOneOrFail(Checkout, { paymentId });
  const at = new Date(now);
  if (seen.ref !== null) payment.providerRef = seen.ref;
  const notOpened = seen.ref === null && checkout.state === 'opening';
  Object.assign(checkout, { state: seen.state, url: seen.url, lookedAt: at });
  await tx.flush();
  const wake = await bookCaptures(deps, tx, {
    policy: deps.policies.get(library),
    family,
    payment,
    seen,
    at,
  });
  if (seen.state === 'closed' && isUnderWay(payment)) await close(tx, payment, checkout, at);
  await tx.nativeUpdate(GatewayEvent, { id: { $in: [...seen.events] } }, { followedAt: at });
  const { standing } = await paymentOutcome(deps, tx, payment, now);
  return { standing: notOpened ? { ...standing, state: 'not-opened' } : standing, wake };
}

async function close(tx: Tx, payment: Payment, checkout: Checkout, at: Date): Promise<void> {
  const { cancelBy } = checkout;
  const late = payment.expiresAt != null && payment.expiresAt <= at;
  const state = cancelBy == null && late ? 'expired' : 'cancelled';
  await endsPayment(tx, payment, { state, at, actor: cancelBy ?? 'system' });
}
