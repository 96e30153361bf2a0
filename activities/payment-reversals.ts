import { Allocation, Charge, Journal, type Patron, Payment, Posting } from '../db/entities/index.ts';
import { lockCharges, lockFamily, lockPayment } from '../db/locks.ts';
import { once, type Step, type Tx } from '../db/transaction.ts';
import { type Reason, refuse, type Refused } from '../domain/refusal.ts';
import type { Actor } from '../domain/roles.ts';
import type { ActivityDeps } from './deps.ts';
import { isInvoiced } from './invoices.ts';
import { allocate, book } from './ledger.ts';
import { coveredBy, isFollowed, periodOf, reopenPeriod } from './membership-periods.ts';
import { issueCancellation } from './receipts.ts';
import { patronSubject, record } from './record.ts';

export interface ReversePayment extends Step {
  readonly paymentId: string;
  readonly library: string;
  /** Why; staff write it. */
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface PaymentReversed {
  readonly paymentId: string;
  readonly patronId: string;
  /** Until when the card is paid now, `YYYY-MM-DD`. */
  readonly paidUntil: string | null;
}

/**
 * Takes back a payment booked by mistake (P10): a journal that reverses it; the charges are open again, and a usage fee's extension is taken back from all cards it
 * was given to. Refused when it has been done before, or when what it paid has been followed by something else since.
 */
export async function reversePayment(
  deps: ActivityDeps,
  step: ReversePayment,
): Promise<Refused | PaymentReversed> {
  const { paymentId: journalId, now, ...given } = step;
  const taking = { ...given, journalId, at: new Date(now), reason: 'mistake' };
  const answer = await once(deps.orm, step, (tx) => takeBack(deps, tx, taking));
  if ('patronId' in answer) await deps.engine.wake([`membership:${answer.patronId}`]);
  return answer;
}

export interface TakingBack {
  /** The booking of the money. */
  readonly journalId: string;
  readonly library: string;
  /** A code: `mistake`, `returned`, … */
  readonly reason: string;
  readonly remarkId?: string;
  /** The entry of a bank's statement that tells of it (P9). */
  readonly entryId?: string;
  readonly actor: Actor;
  readonly at: Date;
}

/** Takes back a booking of money for a payment, in the caller's transaction; locks the reader's family and the charges. */
export async function takeBack(
  deps: ActivityDeps,
  tx: Tx,
  { journalId: paymentId, library, reason, remarkId, entryId, actor, at }: TakingBack,
): Promise<Refused | PaymentReversed> {
  const journal = await tx.findOne(Journal, { id: paymentId, library });
  const patronId = journal?.patronId;
  if (!journal || !patronId || !journal.kind.startsWith('payment-'))
    return refuse({ code: 'payment-unknown' });
  const allocations = await tx.find(Allocation, { journalId: paymentId });
  const chargeIds = allocations.map(({ chargeId }) => chargeId);
  const family = await lockFamily(tx, patronId, await coveredByCharges(tx, chargeIds));
  if (!family) return refuse({ code: 'patron-unknown' });
  await lockPayment(tx, journal.paymentId ?? paymentId);
  const charges = await lockCharges(tx, chargeIds);
  const reasons = await reversalReasons(tx, journal.id, family.main, charges);
  if (reasons.length > 0) return refuse(...reasons);

  const postings = await tx.find(Posting, { journalId: paymentId });
  const currency = postings[0]?.currency ?? '';
  const id = await book(tx, {
    library,
    patronId,
    currency,
    at,
    actor,
    ...(remarkId !== undefined && { remarkId }),
    ...(entryId !== undefined && { entryId }),
    operation: `reversal:${paymentId}`,
    kind: 'reversal-payment',
    reverses: paymentId,
    reason,
    lines: postings.map(({ account, amount }) => ({ account, amount: -amount })),
  });
  for (const { chargeId, amount } of allocations) {
    const charge = charges.find((each) => each.id === chargeId) as Charge;
    const wasPaid = charge.remaining === 0n;
    allocate(tx, id, charge, -amount);
    if (charge.cause === 'membership' && wasPaid)
      await reopenPeriod(tx, await periodOf(tx, chargeId), family, { at, actor });
  }
  const detail = { paymentId, reversalId: id, reason, ...(remarkId !== undefined && { remarkId }) };
  record(tx, patronSubject(family.main), {
    kind: reason === 'returned' ? 'payment-returned' : 'payment-reversed',
    actor,
    at,
    detail,
  });
  await tx.flush();
  const payment = await tx.findOneOrFail(Payment, { id: journal.paymentId ?? paymentId });
  const cancelling = { payment, journalId: id, at, actor };
  await issueCancellation(tx, deps.policies.get(library), journal, cancelling);
  return { paymentId, patronId, paidUntil: family.main.paidUntil ?? null };
}

async function coveredByCharges(tx: Tx, chargeIds: readonly string[]): Promise<string[]> {
  const covered: string[] = [];
  for (const id of chargeIds) {
    const charge = await tx.findOneOrFail(Charge, { id });
    if (charge.cause === 'membership') covered.push(...(await coveredBy(tx, (await periodOf(tx, id)).id)));
  }
  return covered;
}

async function reversalReasons(
  tx: Tx,
  paymentId: string,
  patron: Patron,
  charges: readonly Charge[],
): Promise<Reason[]> {
  const reversal = await tx.findOne(Journal, { reverses: paymentId });
  if (reversal) return [{ code: 'payment-reversed', at: reversal.at.toISOString() }];
  const reasons: Reason[] = patron.closedAt ? [{ code: 'patron-closed' }] : [];
  if (await isInvoiced(tx, paymentId)) reasons.push({ code: 'payment-invoiced' });
  for (const charge of charges) {
    if (charge.cause === 'membership' && patron.mainId) reasons.push({ code: 'membership-of-sub-card' });
    if (charge.droppedAt) reasons.push({ code: 'payment-of-dropped-charge', chargeId: charge.id });
    else if (charge.cause === 'membership' && (await isFollowed(tx, await periodOf(tx, charge.id))))
      reasons.push({ code: 'payment-followed', chargeId: charge.id });
  }
  return reasons;
}
