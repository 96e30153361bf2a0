import { Journal, type Patron } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Reason } from '../../domain/refusal.ts';
import { creditOf } from './credit.ts';
import { isInvoiced } from '../documents/invoices.ts';
import { prepaid } from '../ledger.ts';
import { isFollowed, periodOf } from '../membership/membership-periods.ts';
import type { LockedBookings } from './reverse-booking.ts';

/**
 * Why a payment's bookings cannot be taken back, whoever asks: it was done before, an invoice was issued (P6), what was paid has been followed by something else, or what
 * went into the balance has been used since (P2).
 */
export async function reversalReasons(tx: Tx, locked: LockedBookings): Promise<Reason[]> {
  const { payment, family, bookings } = locked;
  if (bookings.length === 0) return [await alreadyReversed(tx, payment.id)];
  return [
    ...(await chargedAnew(tx, locked)),
    ...(family.main.closedAt ? [{ code: 'patron-closed' } as const] : []),
    ...((await isInvoiced(tx, payment.id)) ? [{ code: 'payment-invoiced' } as const] : []),
    ...(await chargeReasons(tx, locked)),
    ...(await creditReasons(tx, family.main, locked)),
  ];
}

/** Nothing was booked, or all of it was taken back. */
async function alreadyReversed(tx: Tx, paymentId: string): Promise<Reason> {
  const sql = `select max(at)::timestamptz as at from journal where payment_id = ? and reverses is not null`;
  const [row] = await tx.execute<{ at: string | Date | null }[]>(sql, [paymentId]);
  return row?.at
    ? { code: 'payment-reversed', at: new Date(row.at).toISOString() }
    : { code: 'payment-not-settled' };
}

/** The operations under which a payer is charged for a booking whose money the bank has taken back (P9), and what is left of it leaves the balance. */
const chargedFor = (journalId: string): string[] => [
  `charge:returned-payment:${journalId}`,
  `returned-credit:${journalId}`,
];

/** The bank has taken money of it back, and its payer was charged for that: nothing of it is left to take back. */
async function chargedAnew(tx: Tx, { bookings }: LockedBookings): Promise<Reason[]> {
  const operations = bookings.flatMap(({ journal }) => chargedFor(journal.id));
  const charged = await tx.findOne(Journal, { operation: { $in: operations } });
  return charged ? [{ code: 'payment-reversed', at: charged.at.toISOString() }] : [];
}

async function chargeReasons(tx: Tx, { family, charges }: LockedBookings): Promise<Reason[]> {
  const reasons: Reason[] = [];
  for (const { id: chargeId, cause, droppedAt } of charges) {
    const isFee = cause === 'membership';
    if (isFee && family.main.mainId) reasons.push({ code: 'membership-of-sub-card' });
    if (droppedAt) reasons.push({ code: 'payment-of-dropped-charge', chargeId });
    else if (isFee && (await isFollowed(tx, await periodOf(tx, chargeId))))
      reasons.push({ code: 'payment-followed', chargeId });
  }
  return reasons;
}

async function creditReasons(tx: Tx, patron: Patron, { bookings }: LockedBookings): Promise<Reason[]> {
  const given = bookings
    .flatMap(({ postings }) => postings)
    .filter(({ account }) => account === prepaid(patron.id))
    .reduce((sum, { amount }) => sum - amount, 0n);
  if (given <= 0n) return [];
  const { available } = await creditOf(tx, patron);
  return available < given ? [{ code: 'credit-used', missingMinor: Number(given - available) }] : [];
}
