import { Journal } from '../../db/entities/index.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { cash } from '../ledger.ts';
import { reversalReasons } from './reversal-reasons.ts';
import { slipOpen } from './slips.ts';
import { lockBookings, type LockedBookings, reverseBookings, type Reversing } from './reverse-booking.ts';
import { contentReasons, lockTill, sessionReasons, type Till } from '../tills/tills.ts';

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
 * Takes back a payment booked by mistake (P10), with every booking of it. Refused when it has been done before, when what it paid has been followed by something else,
 * or was used or invoiced since (P6); what was paid online or came by the bank is not the desk's to take back (P7). A bank slip that was accepted is, until its money has come (P5).
 */
export async function reversePayment(
  deps: ActivityDeps,
  step: ReversePayment,
): Promise<Refused | PaymentReversed> {
  const answer = await once(deps.orm, step, (tx) => reverseAtDesk(deps, tx, step));
  if ('patronId' in answer) await deps.engine.wake([`membership:${answer.patronId}`]);
  return answer;
}

async function reverseAtDesk(
  deps: ActivityDeps,
  tx: Tx,
  { paymentId, library, remarkId, actor, now }: ReversePayment,
): Promise<Refused | PaymentReversed> {
  const policy = deps.policies.get(library);
  const locked = await lockBookings(tx, library, paymentId);
  if (!locked) return refuse({ code: 'payment-unknown' });
  const reasons = [...(await finalMeans(tx, locked)), ...(await reversalReasons(tx, locked))];
  const till = await tillOf(tx, locked);
  if (till) reasons.push(...(await tillReasons(tx, policy, locked, till)));
  if (reasons.length > 0) return refuse(...reasons);
  const reversing = { reason: 'mistake', remarkId, actor, at: new Date(now), ...(till && { till }) };
  return reversed(tx, policy, locked, reversing);
}

async function finalMeans(tx: Tx, { payment, bookings }: LockedBookings): Promise<Reason[]> {
  const { id, means } = payment;
  if (means === 'online') return [{ code: 'payment-online' }];
  if (means !== 'bank') return [];
  const accepted = bookings
    .flatMap(({ postings }) => postings)
    .reduce((sum, { account, amount }) => (account.startsWith('slips:') ? sum + amount : sum), 0n);
  const byEntry = bookings.some(({ journal }) => journal.entryId != null);
  return byEntry || (await slipOpen(tx, id)) < accepted ? [{ code: 'payment-by-bank' }] : [];
}

/** The till that the money went into, locked. */
async function tillOf(tx: Tx, { payment, bookings }: LockedBookings): Promise<Till | undefined> {
  const account = bookings
    .flatMap(({ postings }) => postings)
    .find((posting) => /^(?:cash|card):/.test(posting.account))?.account;
  return account === undefined ? undefined : lockTill(tx, payment.library, account.slice(5));
}

/** Cash is given back out of the till, so it must be open, where the policy wants that, and have it. */
async function tillReasons(
  tx: Tx,
  policy: LibraryPolicy,
  { bookings }: LockedBookings,
  till: Till,
): Promise<Reason[]> {
  const given = bookings
    .flatMap(({ postings }) => postings)
    .filter(({ account }) => account === cash(till.branch))
    .reduce((sum, { amount }) => sum + amount, 0n);
  if (given === 0n) return [];
  return [...sessionReasons(policy, till), ...(await contentReasons(tx, till, given))];
}

async function reversed(
  tx: Tx,
  policy: LibraryPolicy,
  locked: LockedBookings,
  reversing: Reversing,
): Promise<PaymentReversed> {
  await reverseBookings(tx, policy, locked, reversing);
  const { payment, family } = locked;
  return { paymentId: payment.id, patronId: payment.patronId, paidUntil: family.main.paidUntil ?? null };
}

export interface TakingBack extends Omit<Reversing, 'till'> {
  /** The booking of the money. */
  readonly journalId: string;
  readonly library: string;
}

/**
 * Takes back one booking of money for a payment, in the caller's transaction: the bank has returned it (P9). Locks the reader's family, the payment and the charges.
 * Refused for the reasons of a reversal at the desk, except the means.
 */
export async function takeBack(
  deps: ActivityDeps,
  tx: Tx,
  { journalId, library, ...reversing }: TakingBack,
): Promise<Refused | PaymentReversed> {
  const journal = await tx.findOne(Journal, { id: journalId, library });
  const locked = journal?.paymentId
    ? await lockBookings(tx, library, journal.paymentId, journalId)
    : undefined;
  if (!locked) return refuse({ code: 'payment-unknown' });
  const reasons = await reversalReasons(tx, locked);
  if (reasons.length > 0) return refuse(...reasons);
  return reversed(tx, deps.policies.get(library), locked, reversing);
}
