import { type Charge, type Payment, PaymentLine } from '../../db/entities/index.ts';
import { lockCharges, type LockedFamily } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { type Share, shareOut } from '../../domain/payment-shares.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import { allocate, book, prepaid, receivable } from '../ledger.ts';
import { issueAwaitedInvoice } from '../documents/invoices.ts';
import { hasFee, periodOf, settlePeriod, type Settling } from '../membership/membership-periods.ts';
import { withdrawNotices } from '../notices/queue-notice.ts';
import { issueReceipt } from '../documents/receipts.ts';
import { patronSubject, record } from '../record.ts';

/** Money that came for a payment, whoever brought the news: the desk, a gateway, the bank's statement, an accepted voucher. */
export interface MoneyIn {
  /** The journal's operation key, made of what the money is known by where it came from: booked once for ever (P8, P10). */
  readonly operation: string;
  /** The journal's id, where it is known before. */
  readonly journalId?: string;
  /** The account it came into, or out of. */
  readonly account: string;
  /** Minor units of the payment's currency; more than zero. */
  readonly amount: bigint;
  readonly at: Date;
  readonly actor: Actor;
  /** The entry of a bank's statement that tells of it (P9). */
  readonly entryId?: string;
  /** The till's session in which it was taken. */
  readonly drawerId?: string;
  /** The reader is not written to: what is taken from the balance by itself stands in the account. */
  readonly quiet?: boolean;
}

export interface Settlement {
  readonly journalId: string;
  /** How much of it settled charges; the rest is the reader's credit. Minor units. */
  readonly allocated: bigint;
  /** Processes that wait for a charge of which nothing is open any more (I16); to be woken after the commit. */
  readonly wake: readonly string[];
  /** Notices to be delivered after the commit: those with the receipt and the invoice. */
  readonly deliver: readonly string[];
}

/**
 * Books money that came for a payment (P8, P10): against the payment's charges in their order, as far as they are still open; what is left becomes the reader's
 * credit. Too little settles what it can; too much, too late or a second time is booked all the same. A usage fee that is paid in full extends the main card
 * and all its sub cards (F3). The payer's family and the payment are locked; the charges are locked here, last in the order of locks. Only `settlePayment` and the
 * debits of the balance call it.
 */
export async function bookPayment(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  payment: Payment,
  money: MoneyIn,
): Promise<Settlement> {
  const { at, actor, account, amount, operation } = money;
  const { library, patronId, currency, id: paymentId } = payment;
  const shares = await sharesOf(tx, payment, amount);
  const allocated = shares.reduce((sum, share) => sum + share.amount, 0n);
  const journalId = await book(tx, {
    ...(money.journalId !== undefined && { id: money.journalId }),
    ...(money.entryId !== undefined && { entryId: money.entryId }),
    ...(money.drawerId !== undefined && { drawerId: money.drawerId }),
    library,
    patronId,
    paymentId,
    currency,
    at,
    actor,
    operation,
    kind: `payment-${payment.means}`,
    lines: [
      { account, amount },
      { account: receivable(patronId), amount: -allocated },
      { account: prepaid(patronId), amount: allocated - amount },
    ],
  });
  for (const share of shares) allocate(tx, journalId, share.charge, share.amount);
  const paid = shares.map(({ charge }) => charge).filter(({ remaining }) => remaining === 0n);
  for (const charge of paid) await settleFee(tx, policy, family, charge, { at, actor });
  await endPayment(tx, payment, 'settled', at);
  payment.received += amount;
  payment.reversedAt = null;
  const detail = { paymentId, amountMinor: Number(amount), currency, means: payment.means };
  record(tx, patronSubject(family.main), { kind: 'payment-taken', actor, at, detail });
  await tx.flush();
  const mailed = money.quiet !== true;
  const { deliver: receipt } = await issueReceipt(tx, policy, {
    payment,
    journalId,
    amount,
    at,
    actor,
    mailed,
  });
  const invoice = await issueAwaitedInvoice(tx, policy, { payment, at, actor });
  return { journalId, allocated, wake: waitingFor(paid), deliver: [...receipt, ...invoice] };
}

/** Ends a payment, or ends it anew when money came after its end; its charges are free for another. The payment is locked. */
export async function endPayment(tx: Tx, payment: Payment, state: Payment['state'], at: Date): Promise<void> {
  payment.state = state;
  payment.endedAt = at;
  await tx.nativeUpdate(PaymentLine, { paymentId: payment.id }, { open: false });
}

/** The processes that wait for charges (I16). */
export function waitingFor(charges: readonly Charge[]): string[] {
  return [...new Set(charges.flatMap(({ waits }) => waits ?? []))];
}

async function sharesOf(tx: Tx, payment: Payment, received: bigint): Promise<Share<Charge>[]> {
  const lines = await tx.find(PaymentLine, { paymentId: payment.id }, { orderBy: { position: 'asc' } });
  const charges = await lockCharges(
    tx,
    lines.map(({ chargeId }) => chargeId),
  );
  return shareOut(lines, new Map(charges.map((charge) => [charge.id, charge])), received);
}

/** What follows when nothing of a usage fee is open any more, paid or waived: the main card and its sub cards are extended (F3). The family is locked. */
export async function settleFee(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  charge: Charge,
  settling: Settling,
): Promise<void> {
  if (charge.cause !== 'membership') return;
  if (!hasFee(policy)) throw new Error(`The policy of ${policy.code} has lost its usage fee.`);
  settlePeriod(tx, policy, await periodOf(tx, charge.id), family, settling);
  await withdrawNotices(tx, charge.patronId, settling.at, ['membership-due']);
}
