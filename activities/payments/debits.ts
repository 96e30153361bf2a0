import { v7 as uuid } from 'uuid';
import type { Charge } from '../../db/entities/index.ts';
import { lockCharges, type LockedFamily } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { bookPayment } from './book-payment.ts';
import { creditOf } from './credit.ts';
import { type LineWish, writeDeskPayment } from '../tills/desk-payment.ts';
import { prepaid } from '../ledger.ts';

/** Whether fees are taken from the balance as they fall due (P2). */
export function debitsByItself({ money }: Pick<LibraryPolicy, 'money'>): boolean {
  return money.ways.credit !== 'none' && money.ways.credit.debit === 'automatic';
}

/**
 * Takes what it can of charges from the reader's balance, in their order, and never past its limit (P2): a payment like any other, of which the reader is not written
 * to. Answers the processes to be woken after the commit. The reader – the family, if a charge is a usage fee – and the charges are locked.
 */
export async function debitCharges(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  charges: readonly Charge[],
  at: Date,
): Promise<readonly string[]> {
  const { main } = family;
  const lines = linesFor(charges, (await creditOf(tx, main)).available);
  if (lines.length === 0) return [];
  const actor = 'system';
  const { currency } = policy;
  const id = uuid();
  const given = { id, means: 'credit', branch: null, actor, at, lines, prepaid: 0n, currency } as const;
  const payment = await writeDeskPayment(tx, main, given);
  const { wake } = await bookPayment(tx, policy, family, payment, {
    operation: `payment:${id}`,
    journalId: id,
    account: prepaid(main.id),
    amount: payment.amount,
    at,
    actor,
    quiet: true,
  });
  return wake;
}

/** As `debitCharges`, for all that a reader has to pay, the oldest first; without what is disputed or already in a payment. The family is locked. */
export async function debitOpenCharges(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  at: Date,
): Promise<readonly string[]> {
  const rows = await tx.execute<{ id: string }[]>(
    `select id from charge where patron_id = ? and remaining > 0 and disputed_at is null
       and not exists (select from payment_line where charge_id = charge.id and open)`,
    [family.main.id],
  );
  const charges = await lockCharges(
    tx,
    rows.map(({ id }) => id),
  );
  const free = charges.filter(({ disputedAt }) => disputedAt == null);
  return debitCharges(tx, policy, family, free.toSorted(byAge), at);
}

const byAge = (one: Charge, other: Charge): number =>
  one.raisedAt.getTime() - other.raisedAt.getTime() || (one.id < other.id ? -1 : 1);

function linesFor(charges: readonly Charge[], available: bigint): LineWish[] {
  let left = available;
  return charges.flatMap(({ id: chargeId, remaining }) => {
    const amount = remaining < left ? remaining : left;
    left -= amount;
    return amount > 0n ? [{ chargeId, amountMinor: Number(amount) }] : [];
  });
}
