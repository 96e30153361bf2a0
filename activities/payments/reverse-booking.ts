import { Allocation, type Charge, Journal, Payment, Posting } from '../../db/entities/index.ts';
import { lockCharges, lockFamily, type LockedFamily, lockPayment, present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import { allocate, book } from '../ledger.ts';
import { coveredBy, periodOf, reopenPeriod } from '../membership/membership-periods.ts';
import { issueCancellation } from '../documents/receipts.ts';
import { patronSubject, record } from '../record.ts';
import { inTill, type Till } from '../tills/tills.ts';

/** A booking of money for a payment, with all that belongs to it; not taken back before. */
export interface Booking {
  readonly journal: Journal;
  readonly postings: readonly {
    readonly account: string;
    readonly amount: bigint;
    readonly currency: string;
  }[];
  readonly allocations: readonly { readonly chargeId: string; readonly amount: bigint }[];
}

/** Bookings of a payment, locked with the reader's family, the payment and the charges, in that order. */
export interface LockedBookings {
  readonly payment: Payment;
  readonly family: LockedFamily;
  readonly charges: readonly Charge[];
  /** Those asked for that have not been taken back. */
  readonly bookings: readonly Booking[];
}

/** Locks a payment's bookings, or the one that is asked for; undefined where there is no such payment. */
export async function lockBookings(
  tx: Tx,
  library: string,
  paymentId: string,
  journalId?: string,
): Promise<LockedBookings | undefined> {
  const seen = await tx.findOne(Payment, { id: paymentId, library });
  if (!seen) return undefined;
  const before = await bookingsOf(tx, paymentId, journalId);
  const family = present(
    await lockFamily(tx, seen.patronId, await covered(tx, before)),
    `card ${seen.patronId}`,
  );
  const payment = present(await lockPayment(tx, paymentId), `payment ${paymentId}`);
  const charges = await lockCharges(tx, chargeIds(before));
  return { payment, family, charges, bookings: await bookingsOf(tx, paymentId, journalId) };
}

async function bookingsOf(tx: Tx, paymentId: string, journalId: string | undefined): Promise<Booking[]> {
  const wanted = {
    paymentId,
    kind: { $like: 'payment-%' },
    ...(journalId !== undefined && { id: journalId }),
  };
  const journals = await tx.find(Journal, wanted, { orderBy: { id: 'asc' } });
  const ids = journals.map(({ id }) => id);
  const [postings, allocations, reversals] = [
    await tx.find(Posting, { journalId: { $in: ids } }),
    await tx.find(Allocation, { journalId: { $in: ids } }),
    await tx.find(Journal, { reverses: { $in: ids } }),
  ];
  return journals
    .filter(({ id }) => !reversals.some(({ reverses }) => reverses === id))
    .map((journal) => ({
      journal,
      postings: postings.filter((each) => each.journalId === journal.id),
      allocations: allocations.filter((each) => each.journalId === journal.id),
    }));
}

const chargeIds = (bookings: readonly Booking[]): string[] => [
  ...new Set(bookings.flatMap(({ allocations }) => allocations.map(({ chargeId }) => chargeId))),
];

/** Cards that a usage fee paid with it has extended; they may belong to another family by now. */
async function covered(tx: Tx, bookings: readonly Booking[]): Promise<string[]> {
  const cards: string[] = [];
  const fees = await tx.execute<{ id: string }[]>(
    `select id from charge where id = any(?::uuid[]) and cause = 'membership'`,
    [`{${chargeIds(bookings).join(',')}}`],
  );
  for (const { id } of fees) cards.push(...(await coveredBy(tx, (await periodOf(tx, id)).id)));
  return cards;
}

export interface Reversing {
  /** A code: `mistake`, `returned`, … */
  readonly reason: string;
  readonly remarkId?: string;
  /** The entry of a bank's statement that tells of it (P9). */
  readonly entryId?: string;
  /** The till that the money is given back from. */
  readonly till?: Till;
  readonly actor: Actor;
  readonly at: Date;
}

/**
 * Takes bookings of a payment back (P10): each by a journal that reverses it; the charges are open again, a usage fee's extension is taken back from all cards it was given
 * to, and what went into the balance leaves it. The payment shows as reversed once nothing booked for it stands.
 */
export async function reverseBookings(
  tx: Tx,
  policy: LibraryPolicy,
  locked: LockedBookings,
  reversing: Reversing,
): Promise<void> {
  const { payment, family, bookings } = locked;
  const { at, actor, reason, remarkId } = reversing;
  for (const booking of bookings) {
    const reversalId = await reverseOne(tx, locked, booking, reversing);
    const detail = { paymentId: payment.id, reversalId, reason, ...(remarkId !== undefined && { remarkId }) };
    const kind = reason === 'returned' ? 'payment-returned' : 'payment-reversed';
    record(tx, patronSubject(family.main), { kind, actor, at, detail });
    await tx.flush();
    await issueCancellation(tx, policy, booking.journal, { payment, journalId: reversalId, at, actor });
  }
  if ((await bookingsOf(tx, payment.id, undefined)).length === 0) payment.reversedAt = at;
  await tx.flush();
}

async function reverseOne(
  tx: Tx,
  { payment, family, charges }: LockedBookings,
  { journal, postings, allocations }: Booking,
  { at, actor, reason, remarkId, entryId, till }: Reversing,
): Promise<string> {
  const { library, patronId, currency, id: paymentId } = payment;
  const id = await book(tx, {
    library,
    patronId,
    paymentId,
    currency,
    at,
    actor,
    reason,
    ...(remarkId !== undefined && { remarkId }),
    ...(entryId !== undefined && { entryId }),
    ...(till && inTill(till)),
    operation: `reversal:${journal.id}`,
    kind: 'reversal-payment',
    reverses: journal.id,
    lines: postings.map(({ account, amount }) => ({ account, amount: -amount })),
  });
  for (const { chargeId, amount } of allocations) {
    const charge = present(
      charges.find((each) => each.id === chargeId),
      `charge ${chargeId}`,
    );
    const wasPaid = charge.remaining === 0n;
    allocate(tx, id, charge, -amount);
    if (charge.cause === 'membership' && wasPaid)
      await reopenPeriod(tx, await periodOf(tx, chargeId), family, { at, actor });
  }
  return id;
}
