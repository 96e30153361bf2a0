import { v7 as uuid } from 'uuid';
import { GatewayCapture, type Payment } from '../../db/entities/index.ts';
import type { LockedFamily } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { ActivityDeps } from '../deps.ts';
import type { CheckoutSeen, GatewayMoney } from '../gateways/payment-gateway.ts';
import { gateway } from '../ledger.ts';
import { settlePayment } from './settle-payment.ts';
import { askAboutSurplus } from './surplus.ts';

interface Booking {
  readonly policy: LibraryPolicy;
  readonly family: LockedFamily;
  readonly payment: Payment;
  readonly seen: CheckoutSeen;
  readonly at: Date;
}

/**
 * Books the money a gateway took that is not booked yet, each under the gateway's own id: once for ever (P8). Whatever is left over – paid twice, paid by other
 * means meanwhile, another amount – is the reader's credit, and staff are asked whether it goes back. Money in another currency cannot be booked here and is
 * left to staff. The family and the payment are locked. Answers the processes to be woken.
 */
export async function bookCaptures(deps: ActivityDeps, tx: Tx, booking: Booking): Promise<readonly string[]> {
  const { payment, seen } = booking;
  const { library } = payment;
  const provider = payment.provider ?? '';
  const refs = seen.captures.map(({ ref }) => ref);
  const known = await tx.find(GatewayCapture, { library, provider, ref: { $in: refs } });
  const fresh = seen.captures.filter(({ ref }) => !known.some((each) => each.ref === ref));
  const wake: string[] = [];
  for (const money of fresh) wake.push(...(await bookOne(tx, booking, provider, money)));
  if (fresh.length > 0) await askAboutSurplus(deps, tx, payment, booking.at);
  return wake;
}

async function bookOne(
  tx: Tx,
  { policy, family, payment, at }: Booking,
  provider: string,
  money: GatewayMoney,
): Promise<readonly string[]> {
  const { library, id: paymentId } = payment;
  const { ref, currency } = money;
  const amount = BigInt(money.amountMinor);
  const settled =
    currency === payment.currency
      ? await settlePayment(tx, policy, family, payment, {
          operation: `gateway:${library}:${provider}:${ref}`,
          account: gateway(provider),
          actor: 'system',
          amount,
          at,
        })
      : undefined;
  tx.create(GatewayCapture, {
    id: uuid(),
    library,
    provider,
    ref,
    paymentId,
    amount,
    currency,
    journalId: settled?.journalId ?? null,
    takenAt: new Date(money.at),
    seenAt: at,
  });
  await tx.flush();
  return settled?.wake ?? [];
}
