import { type Charge, Checkout, type Patron, Payment, PaymentLine } from '../../db/entities/index.ts';
import { lockCharges, lockPatron, present } from '../../db/locks.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { payableOnline } from '../../domain/charges.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse } from '../../domain/refusal.ts';
import type { ActivityDeps } from '../deps.ts';
import { toDate } from '../facts.ts';
import { paymentOutcome } from './payment-standing.ts';
import type { BeginPayment, PaymentOutcome } from './payment-steps.ts';
import { expiryOf, isOfferedTo, waitingWay, type WaitingWay } from './payment-ways.ts';
import { patronSubject, record } from '../record.ts';
import { awaitTransfer } from './transfers.ts';

/**
 * Begins a payment that waits for its money (P1): what was selected is locked to it, at the amounts the reader was shown. Refused with every reason, also when
 * the total is another by now. Of two that select the same charge at once the second finds it in a payment. Begun before, it answers where it stands.
 */
export async function beginPayment(deps: ActivityDeps, step: BeginPayment): Promise<PaymentOutcome> {
  return inTransaction(deps.orm, async (tx) => {
    const before = await tx.findOne(Payment, { id: step.paymentId });
    if (before) return paymentOutcome(deps, tx, before, step.now);
    const patron = await lockPatron(tx, step.patronId);
    if (!patron) return refuse({ code: 'patron-unknown' });
    const policy = deps.policies.get(patron.library);
    const charges = await lockCharges(tx, step.chargeIds);
    const way = offered(deps, policy, patron, step);
    const reasons = [
      ...(patron.closedAt ? [{ code: 'patron-closed' } as const] : []),
      ...(await chargeReasons(tx, patron, step.chargeIds, charges)),
      ...(step.means === 'online' ? onlineReasons(policy, charges) : []),
      ...balanceReasons(policy, step),
      ...totalReasons(
        charges.filter(({ patronId }) => patronId === patron.id),
        step,
        way,
      ),
    ];
    if (reasons.length > 0 || !way) return refuse(...reasons);
    const payment = await insert(tx, policy, patron, { step, charges, way });
    return paymentOutcome(deps, tx, payment, step.now);
  });
}

/** A way to pay online is offered once the environment has keys for it. */
function offered(
  deps: ActivityDeps,
  policy: LibraryPolicy,
  { userGroup }: Patron,
  step: BeginPayment,
): WaitingWay | undefined {
  const way = waitingWay(policy, step.means, step.way);
  if (!way || !isOfferedTo(way, userGroup)) return undefined;
  return step.means !== 'online' || deps.gateways.has(policy.code, step.way) ? way : undefined;
}

/** What the library's schedule keeps for its desks (P3). */
function onlineReasons(policy: LibraryPolicy, charges: readonly Charge[]): Reason[] {
  const kept = charges.filter(({ cause }) => !payableOnline(policy, cause));
  return kept.map(({ id: chargeId }) => ({ code: 'charge-not-online', chargeId }));
}

/** Nothing is paid in where the library keeps no balances (P2): nobody could use it. */
function balanceReasons({ money }: LibraryPolicy, { prepaidMinor }: BeginPayment): Reason[] {
  const kept = prepaidMinor === 0 || money.ways.credit !== 'none';
  return kept ? [] : [{ code: 'means-not-offered', means: 'credit' }];
}

async function chargeReasons(
  tx: Tx,
  { id: patronId }: Patron,
  wanted: readonly string[],
  charges: readonly Charge[],
): Promise<Reason[]> {
  const lines = await tx.find(PaymentLine, { chargeId: { $in: [...wanted] }, open: true });
  return wanted.flatMap((chargeId): Reason[] => {
    const charge = charges.find(({ id }) => id === chargeId);
    if (!charge || charge.patronId !== patronId) return [{ code: 'charge-unknown', chargeId }];
    if (charge.remaining === 0n) return [{ code: 'charge-settled', chargeId }];
    const line = lines.find((each) => each.chargeId === chargeId);
    return [
      ...(charge.disputedAt ? [{ code: 'charge-disputed', chargeId } as const] : []),
      ...(line ? [{ code: 'charge-in-payment', chargeId, paymentId: line.paymentId } as const] : []),
    ];
  });
}

function totalReasons(charges: readonly Charge[], step: BeginPayment, way: WaitingWay | undefined): Reason[] {
  const open = charges.reduce((sum, { remaining }) => sum + remaining, 0n);
  const totalMinor = Number(open) + step.prepaidMinor;
  const { minimumMinor = 1, maximumMinor = Number.MAX_SAFE_INTEGER } = way ?? {};
  return [
    ...(way ? [] : [{ code: 'way-unknown', way: step.way } as const]),
    ...(totalMinor === step.totalMinor ? [] : [{ code: 'total-changed', totalMinor } as const]),
    ...(way && totalMinor < minimumMinor ? [{ code: 'payment-too-small', minimumMinor } as const] : []),
    ...(totalMinor > maximumMinor ? [{ code: 'payment-too-large', maximumMinor } as const] : []),
  ];
}

interface Beginning {
  readonly step: BeginPayment;
  readonly charges: readonly Charge[];
  readonly way: WaitingWay;
}

async function insert(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  { step, charges, way }: Beginning,
): Promise<Payment> {
  const { paymentId: id, means, prepaidMinor, totalMinor, actor, now } = step;
  const { library, id: patronId } = patron;
  const { currency } = policy;
  const begunAt = new Date(now);
  const expiresAt = expiryOf(policy, way, now);
  const payment = tx.create(Payment, {
    id,
    library,
    patronId,
    means,
    way: way.code,
    currency,
    actor,
    begunAt,
    state: 'open',
    amount: BigInt(totalMinor),
    prepaid: BigInt(prepaidMinor),
    received: 0n,
    ...(means === 'online' && { provider: way.code }),
    ...(expiresAt && { expiresAt: toDate(expiresAt) }),
  });
  await tx.flush();
  step.chargeIds.forEach((chargeId, position) => {
    const { remaining: amount } = present(
      charges.find((charge) => charge.id === chargeId),
      `charge ${chargeId}`,
    );
    tx.create(PaymentLine, { paymentId: id, chargeId, position, amount, open: true });
  });
  if (means === 'online') tx.create(Checkout, { paymentId: id, state: 'opening' });
  else await awaitTransfer(tx, policy, patron, payment);
  const detail = { paymentId: id, means, amountMinor: totalMinor, currency };
  record(tx, patronSubject(patron), { kind: 'payment-begun', actor, at: begunAt, detail });
  return payment;
}
