import { v7 as uuid } from 'uuid';
import { Charge, MembershipPeriod, Patron, Posting } from '../../db/entities/index.ts';
import { lockCharges } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Cause } from '../../domain/causes.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import { waivedOf } from './credited.ts';
import { availableOf } from '../payments/credit.ts';
import { debitCharges, debitsByItself } from '../payments/debits.ts';
import { endDispute } from './dispute-rows.ts';
import { allocate, book, prepaid, receivable, waiver } from '../ledger.ts';
import { withdrawNotices } from '../notices/queue-notice.ts';
import type { Subject } from '../record.ts';

export interface ChargeRequest {
  /** With the subject it makes the charge unique: `overdue` is raised once a loan, `membership` once a period. */
  readonly cause: Cause;
  /** What the reader owes, in minor units of the library's currency; more than zero. */
  readonly amountMinor: number;
  /** What is paid for the reader besides; a posting of its own. */
  readonly subsidyMinor?: number;
  /** The workflow that waits until nothing of it is open any more (I16). */
  readonly waits?: string;
  /** The copy it is for. */
  readonly itemId?: string;
  /** What staff wrote to it; the reader sees it. */
  readonly remarkId?: string;
  /** The account it is booked against, where it is no income: money that has left again. */
  readonly against?: string;
  /** The entry of a bank's statement that it is raised for (P9). */
  readonly entryId?: string;
  readonly at: Date;
  readonly actor: Actor;
}

/** What is charged: a loan returned late, a period of membership, a request. */
export interface ChargeSubject extends Omit<Subject, 'type'> {
  readonly type: string;
  readonly patronId: string;
}

/**
 * Books what a reader owes (L5, F2, F6): receivable – and subsidy – against income, and the open item; once for its cause. What the reader has prepaid is used for it at
 * once, where the policy says so (P2); a usage fee's debit is its caller's, once it has its period. The reader's row is locked.
 * Answers the charge's id; undefined when it was booked before.
 */
export async function raiseCharge(
  tx: Tx,
  policy: LibraryPolicy,
  subject: ChargeSubject,
  request: ChargeRequest,
): Promise<string | undefined> {
  const { cause, at, actor, amountMinor, subsidyMinor = 0, against = `income:${cause}`, entryId } = request;
  const { currency } = policy;
  const operation = `charge:${cause}:${subject.id}`;
  const known = await lookFor(tx, operation, subject.patronId);
  if (known.booked) return undefined;
  const { library, patronId } = subject;
  const [amount, subsidy] = [BigInt(amountMinor), BigInt(subsidyMinor)];
  const lines = [
    { account: receivable(patronId), amount },
    { account: `subsidy:${cause}`, amount: subsidy },
    { account: against, amount: -amount - subsidy },
  ];
  const about = { library, patronId, currency, ...(entryId !== undefined && { entryId }) };
  const booking = { ...about, operation, kind: `charge-${cause}`, lines, at, actor };
  const id = uuid();
  const charge = tx.create(Charge, {
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
    itemId: request.itemId ?? null,
    remarkId: request.remarkId ?? null,
  });
  if (cause !== 'membership' && known.available > 0n && debitsByItself(policy)) {
    await tx.flush();
    const main = await tx.findOneOrFail(Patron, { id: patronId });
    // Nobody is woken: whatever waits for this charge is what raises it, and reads afterwards what is open.
    await debitCharges(tx, policy, { main, subs: [], others: new Map() }, [charge], at);
  }
  return id;
}

interface Known {
  /** It was charged before. */
  readonly booked: boolean;
  /** What the reader has to use, in minor units. */
  readonly available: bigint;
}

/** One question for both, since every late return asks it. */
async function lookFor(tx: Tx, operation: string, patronId: string): Promise<Known> {
  const [row] = await tx.execute<{ booked: boolean; credit: string; overdraft: string }[]>(
    `select exists (select from journal where operation = ?) as booked, coalesce(overdraft_limit, 0)::text as overdraft,
       (select coalesce(-sum(amount), 0)::text from posting where account = 'prepaid:' || patron.id) as credit
     from patron where id = ?`,
    [operation, patronId],
  );
  if (!row) throw new Error(`There is no reader ${patronId}.`);
  return { booked: row.booked, available: availableOf(BigInt(row.credit), BigInt(row.overdraft)) };
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
 * Takes back a charge (F5): the booking is reversed, nothing remains. What was paid of it already is not lost, it becomes the reader's credit; what was waived of
 * it is not. A usage fee's period goes with it, and so does a dispute. The reader's row is locked; the charge is locked here, last in the order of locks. False when nothing was open.
 */
export async function reverseCharge(
  tx: Tx,
  { id }: Pick<Charge, 'id'>,
  reversal: Reversal,
): Promise<boolean> {
  const [charge] = await lockCharges(tx, [id]);
  if (!charge || charge.remaining === 0n) return false;
  await takeBackCharge(tx, charge, reversal);
  return true;
}

/** Money that the bank has taken back is gone, whoever owed it: to give it up is a loss, and does not put it into suspense again (P9). */
const givenUp = (account: string, cause: string): string =>
  account.startsWith('suspense:') ? waiver(cause) : account;

/**
 * The same for a locked charge that was not taken back before, whether anything of it is open or not. Answers what had been paid of it and is the reader's credit now, in
 * minor units.
 */
export async function takeBackCharge(tx: Tx, charge: Charge, reversal: Reversal): Promise<bigint> {
  const { id, library, patronId, currency, cause, amount, remaining } = charge;
  const waived = remaining === amount ? 0n : await waivedOf(tx, id);
  const paid = amount - remaining - waived;
  const original = await tx.find(Posting, { journalId: charge.journalId });
  const lines = [
    ...original.map((line) => ({ account: givenUp(line.account, cause), amount: -line.amount })),
    { account: receivable(patronId), amount: paid + waived },
    { account: waiver(cause), amount: -waived },
    { account: prepaid(patronId), amount: -paid },
  ];
  const about = { library, patronId, currency, kind: `drop-${cause}`, reverses: charge.journalId };
  const journalId = await book(tx, { ...about, ...reversal, lines });
  if (remaining > 0n) allocate(tx, journalId, charge, remaining);
  charge.droppedAt = reversal.at;
  await endDispute(tx, charge, { state: 'dropped', at: reversal.at, actor: reversal.actor });
  if (cause === 'membership') {
    await tx.nativeUpdate(MembershipPeriod, { chargeId: id }, { state: 'dropped', settledAt: reversal.at });
    await withdrawNotices(tx, patronId, reversal.at, ['membership-due']);
  }
  return paid;
}
