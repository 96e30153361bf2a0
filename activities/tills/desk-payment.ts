import { type Patron, Payment, PaymentLine } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Actor } from '../../domain/roles.ts';

/** How much is paid of a charge; minor units, more than zero. */
export interface LineWish {
  readonly chargeId: string;
  readonly amountMinor: number;
}

/** Means by which something is paid at once, without waiting for money. */
export type DeskMeans = 'cash' | 'card' | 'credit';

export interface DeskPayment {
  readonly id: string;
  readonly means: DeskMeans;
  /** Null where the balance is debited by itself. */
  readonly branch: string | null;
  readonly actor: Actor;
  readonly at: Date;
  readonly lines: readonly LineWish[];
  /** For the reader's balance, in minor units. */
  readonly prepaid: bigint;
  readonly currency: string;
}

/** What is paid in all, in minor units. */
export function totalOf({ lines, prepaid }: Pick<DeskPayment, 'lines' | 'prepaid'>): bigint {
  return lines.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), prepaid);
}

/** Writes a payment that is settled in the same transaction. Its charges are locked and in no other payment. */
export async function writeDeskPayment(
  tx: Tx,
  { library, id: patronId }: Patron,
  payment: DeskPayment,
): Promise<Payment> {
  const { lines, at, ...given } = payment;
  const row = tx.create(Payment, {
    ...given,
    library,
    patronId,
    state: 'open',
    amount: totalOf(payment),
    received: 0n,
    begunAt: at,
  });
  await tx.flush();
  lines.forEach(({ chargeId, amountMinor }, position) => {
    const line = { paymentId: row.id, chargeId, position, amount: BigInt(amountMinor), open: true };
    tx.create(PaymentLine, line);
  });
  await tx.flush();
  return row;
}
