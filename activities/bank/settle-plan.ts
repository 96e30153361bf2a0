import type { BankEntry } from '../../db/entities/index.ts';
import type { LockedCharge, LockedPayment } from '../../db/settle-tables.ts';
import { type Outcome, outcomeOf, type Part } from '../../domain/matching.ts';
import { shareOut, type Share } from '../../domain/payment-shares.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';

/** An entry of a statement with the payments its money goes to, and what banks have kept of it; minor units. */
export interface ManySettled {
  readonly entry: BankEntry;
  readonly parts: readonly Extract<Part, { to: 'payment' }>[];
  readonly fee: bigint;
}

/** What is known of the payments under their locks. */
export interface Known {
  readonly payments: ReadonlyMap<string, LockedPayment>;
  readonly charges: ReadonlyMap<string, LockedCharge>;
}

type PaymentPart = ManySettled['parts'][number];

/** What settling a payment would come to. */
export interface Planned {
  readonly payment: LockedPayment;
  readonly amount: bigint;
  readonly shares: readonly Share<LockedCharge>[];
  readonly allocated: bigint;
  readonly outcome: Outcome;
}

/** The outcomes that are nothing but a settlement: the reader has to be told of no more than the receipt. */
const plain: readonly Outcome[] = ['exact', 'over', 'fees-kept'];

/**
 * What `settlePayment` would do with an entry's money, from what is known, without doing it; undefined where more would follow than can be written for many at once: a
 * usage fee that extends cards, an invoice that waits, credit that is used at once, a reader who is to be told something.
 */
export function plan(
  policy: LibraryPolicy,
  { payments, charges }: Known,
  { parts, fee }: ManySettled,
): Planned[] | undefined {
  const planned: Planned[] = [];
  if (new Set(parts.map(({ paymentId }) => paymentId)).size < parts.length) return undefined;
  for (const part of parts) {
    const one = planPart(policy, payments.get(part.paymentId), charges, part, fee);
    if (!one) return undefined;
    planned.push(one);
  }
  return planned;
}

function planPart(
  { money }: LibraryPolicy,
  payment: LockedPayment | undefined,
  charges: Known['charges'],
  { amountMinor }: PaymentPart,
  fee: bigint,
): Planned | undefined {
  if (!payment || payment.awaitsInvoice) return undefined;
  const amount = BigInt(amountMinor);
  const shares = shareOut(payment.lines, charges, amount);
  const allocated = shares.reduce((sum, share) => sum + share.amount, 0n);
  const used = money.ways.credit !== 'none' && money.ways.credit.paidIn !== 'keep';
  if (shares.some(({ charge }) => charge.cause === 'membership') || (used && amount > allocated))
    return undefined;
  const paid = new Map(shares.map((share) => [share.charge.id, share.amount]));
  const left = payment.lines.reduce((sum, line) => {
    const charge = charges.get(line.chargeId);
    if (!charge || charge.disputedAt) return sum;
    const open = charge.remaining - (paid.get(charge.id) ?? 0n);
    return sum + (open < line.amount ? open : line.amount);
  }, 0n);
  const { received: before, prepaid: prepaidPart } = payment;
  const settled = { amount, fee, allocated, before, left, prepaid: prepaidPart };
  const outcome = outcomeOf({ ...settled, hasCharges: payment.lines.length > 0 });
  return plain.includes(outcome) ? { payment, amount, shares, allocated, outcome } : undefined;
}
