import { v7 as uuid } from 'uuid';
import { Charge, Journal, MembershipPeriod, Posting } from '../db/entities/index.ts';
import { lockCharges } from '../db/locks.ts';
import type { Tx } from '../db/transaction.ts';
import type { Actor } from '../domain/roles.ts';
import { allocate, book, prepaid, receivable } from './ledger.ts';
import { withdrawNotices } from './queue-notice.ts';
import type { Subject } from './record.ts';

export interface ChargeRequest {
  /** With the subject it makes the charge unique: `overdue` is raised once a loan, `membership` once a period. */
  readonly cause: 'overdue' | 'membership';
  /** What the reader owes, in minor units of `currency`; more than zero. */
  readonly amountMinor: number;
  /** What is paid for the reader besides; a posting of its own. */
  readonly subsidyMinor?: number;
  readonly currency: string;
  /** The workflow that waits until nothing of it is open any more (I16). */
  readonly waits?: string;
  readonly at: Date;
  readonly actor: Actor;
}

/** What is charged: a loan returned late, a period of membership. */
export interface ChargeSubject extends Omit<Subject, 'type'> {
  readonly type: string;
  readonly patronId: string;
}

/**
 * Books what a reader owes (L5, F2, F6): receivable – and subsidy – against income, and the open item; once for its cause. The reader's row is locked.
 * Answers the charge's id; undefined when it was booked before.
 */
export async function raiseCharge(
  tx: Tx,
  subject: ChargeSubject,
  request: ChargeRequest,
): Promise<string | undefined> {
  const { cause, currency, at, actor, amountMinor, subsidyMinor = 0 } = request;
  const operation = `charge:${cause}:${subject.id}`;
  if (await tx.findOne(Journal, { operation })) return undefined;
  const { library, patronId } = subject;
  const [amount, subsidy] = [BigInt(amountMinor), BigInt(subsidyMinor)];
  const lines = [
    { account: receivable(patronId), amount },
    { account: `subsidy:${cause}`, amount: subsidy },
    { account: `income:${cause}`, amount: -amount - subsidy },
  ];
  const booking = { library, operation, kind: `charge-${cause}`, patronId, currency, lines, at, actor };
  const id = uuid();
  tx.create(Charge, {
    id,
    library,
    patronId,
    journalId: await book(tx, booking),
    cause,
    subjectType: subject.type,
    subjectId: subject.id,
    amount,
    remaining: amount,
    currency,
    raisedAt: at,
    waits: request.waits ?? null,
  });
  return id;
}

export interface Reversal {
  readonly operation: string;
  readonly at: Date;
  readonly actor: Actor;
  /** A code: `linked`, `closed`, … */
  readonly reason: string;
  readonly remarkId?: string;
}

/**
 * Takes back what is still open of a charge (F5): the booking is reversed, nothing remains. What was paid of it already is not lost, it becomes the reader's
 * credit. A usage fee's period goes with it. The reader's row is locked; the charge is locked here, last in the order of locks. False when nothing was open.
 */
export async function reverseCharge(
  tx: Tx,
  { id }: Pick<Charge, 'id'>,
  reversal: Reversal,
): Promise<boolean> {
  const [charge] = await lockCharges(tx, [id]);
  if (!charge || charge.remaining === 0n) return false;
  const { library, patronId, currency, cause, amount, remaining } = charge;
  const paid = amount - remaining;
  const original = await tx.find(Posting, { journalId: charge.journalId });
  const lines = [
    ...original.map((line) => ({ account: line.account, amount: -line.amount })),
    { account: receivable(patronId), amount: paid },
    { account: prepaid(patronId), amount: -paid },
  ];
  const about = { library, patronId, currency, kind: `drop-${cause}`, reverses: charge.journalId };
  const journalId = await book(tx, { ...about, ...reversal, lines });
  allocate(tx, journalId, charge, remaining);
  charge.droppedAt = reversal.at;
  if (cause === 'membership') {
    await tx.nativeUpdate(MembershipPeriod, { chargeId: id }, { state: 'dropped', settledAt: reversal.at });
    await withdrawNotices(tx, patronId, reversal.at, ['membership-due']);
  }
  return true;
}
