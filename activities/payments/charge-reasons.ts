import { type Charge, Payment, PaymentLine } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Reason } from '../../domain/refusal.ts';
import type { LineWish } from '../tills/desk-payment.ts';

/**
 * Why charges cannot be paid as wished: not the reader's, settled, disputed, locked to a payment that is under way, or less open than is to be paid (P1, P7). The
 * charges are locked.
 */
export async function chargeReasons(
  tx: Tx,
  patronId: string,
  charges: readonly Charge[],
  wishes: readonly LineWish[],
): Promise<Reason[]> {
  const ids = wishes.map(({ chargeId }) => chargeId);
  const locked = await tx.find(PaymentLine, { chargeId: { $in: ids }, open: true });
  const payments =
    locked.length === 0
      ? []
      : await tx.find(Payment, { id: { $in: locked.map(({ paymentId }) => paymentId) } });
  return wishes.flatMap(({ chargeId, amountMinor }): Reason[] => {
    const charge = charges.find(({ id }) => id === chargeId);
    if (!charge || charge.patronId !== patronId) return [{ code: 'charge-unknown', chargeId }];
    if (charge.remaining === 0n) return [{ code: 'charge-settled', chargeId }];
    const line = locked.find((each) => each.chargeId === chargeId);
    const openMinor = Number(charge.remaining);
    return [
      ...(charge.disputedAt ? [{ code: 'charge-disputed', chargeId } as const] : []),
      ...(line
        ? [
            inPayment(
              chargeId,
              payments.find(({ id }) => id === line.paymentId),
            ),
          ]
        : []),
      ...(amountMinor > openMinor ? [{ code: 'payment-exceeds-charge', chargeId, openMinor } as const] : []),
    ];
  });
}

/** A charge is locked to a payment that is under way: to which, and until when at most. */
function inPayment(chargeId: string, payment: Payment | undefined): Reason {
  return {
    code: 'charge-in-payment',
    chargeId,
    ...(payment && { paymentId: payment.id }),
    ...(payment?.expiresAt && { until: payment.expiresAt.toISOString() }),
  };
}
