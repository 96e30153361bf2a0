import {
  type BankEntry,
  BankReturn,
  Journal,
  Patron,
  type Payment,
  Posting,
} from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import { raiseCharge } from '../charges/money.ts';
import { book, prepaid, suspense } from '../ledger.ts';
import { creditOf } from '../payments/credit.ts';
import { patronSubject, record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { about, bookings, type Deciding } from './entry-ledger.ts';

export interface OwingAnew extends Deciding {
  /** The booking of the money that has left again. */
  readonly journalId: string;
  readonly amountMinor: number;
}

/** Why nobody can owe it: the payer was erased, or the money is of another currency. */
export async function owingReasons(
  tx: Tx,
  { currency }: LibraryPolicy,
  entry: Pick<BankEntry, 'currency'>,
  patronId: string,
): Promise<Reason[]> {
  const { erasedAt } = await tx.findOneOrFail(Patron, { id: patronId });
  return [
    ...(erasedAt ? [{ code: 'patron-closed' } as const] : []),
    ...(entry.currency === currency ? [] : [{ code: 'entry-currency', currency: entry.currency } as const]),
  ];
}

/**
 * Money of a payment has left again, and its booking stands (P9): what of it is in its reader's balance still leaves the balance; the rest was used, and the reader owes it –
 * receivable against suspense, no income –, once for a booking. Answers what is left to pay, in minor units. The payer's row is locked.
 */
export async function oweAnew(
  tx: Tx,
  policy: LibraryPolicy,
  entry: BankEntry,
  { patronId }: Payment,
  { journalId, amountMinor, ...deciding }: OwingAnew,
): Promise<Refused | { readonly leftMinor: number }> {
  const { library, account, id: entryId } = entry;
  const { at, actor } = deciding;
  const amount = BigInt(amountMinor);
  const unused = least(amount, await unusedOf(tx, journalId, patronId));
  if (unused > 0n)
    await book(tx, {
      ...about(entry, deciding),
      patronId,
      operation: `returned-credit:${journalId}`,
      kind: 'returned-credit',
      lines: [
        { account: prepaid(patronId), amount: unused },
        { account: suspense(account), amount: -unused },
      ],
    });
  if (unused === amount) return { leftMinor: 0 };
  await tx.flush();
  const cause = 'returned-payment';
  const owed = { cause, amountMinor: Number(amount - unused) } as const;
  const subject = { type: 'journal', id: journalId, library, patronId };
  const request = { ...owed, against: suspense(account), entryId, at, actor };
  const chargeId = await raiseCharge(tx, policy, subject, request);
  if (chargeId === undefined) return refuse({ code: 'payment-reversed', at: at.toISOString() });
  const detail = { chargeId, ...owed, currency: entry.currency };
  record(tx, patronSubject({ id: patronId, library }), { kind: 'charge-raised', actor, at, detail });
  await tx.flush();
  const sql = 'select remaining::float8 as left from charge where id = ?';
  const [row] = await tx.execute<{ left: number }[]>(sql, [chargeId]);
  return { leftMinor: row?.left ?? 0 };
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** What of a booking's money is in the balance still: what went there at once, and what came back of charges it had paid that were dropped; never more than there is, the overdraft apart. */
async function unusedOf(tx: Tx, journalId: string, patronId: string): Promise<bigint> {
  const { credit } = await creditOf(tx, { id: patronId, overdraftLimit: null });
  const [row] = await tx.execute<{ became: string }[]>(
    `select (coalesce((select -sum(amount) from posting where journal_id = ? and account = ?), 0)
       + coalesce((select sum(allocation.amount) from allocation join charge on charge.id = charge_id
           where allocation.journal_id = ? and dropped_at is not null), 0))::text as became`,
    [journalId, prepaid(patronId), journalId],
  );
  const unused = least(BigInt(row?.became ?? 0), credit);
  return unused > 0n ? unused : 0n;
}

/** Gives up sending money of an entry back that has left by itself meanwhile: it is its reader's credit again. The reader's row is locked. */
export async function keepUnsent(
  tx: Tx,
  entry: BankEntry,
  paidBy: Pick<Journal, 'entryId'>,
  deciding: Deciding,
): Promise<void> {
  if (paidBy.entryId == null) return;
  const waiting = await tx.findOne(BankReturn, {
    entryId: paidBy.entryId,
    state: 'waiting',
    patronId: { $ne: null },
  });
  const asked =
    waiting &&
    (await tx.findOne(
      Journal,
      { entryId: waiting.entryId, kind: 'bank-return' },
      { orderBy: { at: 'desc', id: 'desc' } },
    ));
  if (!waiting || !asked) return;
  const { at, actor } = deciding;
  const postings = await tx.find(Posting, { journalId: asked.id });
  await book(tx, {
    ...about(entry, deciding),
    ...(waiting.patronId != null && { patronId: waiting.patronId }),
    operation: `bank:${entry.id}:${await bookings(tx, entry)}`,
    kind: 'bank-return-kept',
    reverses: asked.id,
    reason: 'returned',
    lines: postings.map(({ account, amount }) => ({ account, amount: -amount })),
  });
  tx.assign(waiting, { state: 'cancelled', endedAt: at });
  await resolveTask(tx, 'bank-return', waiting.entryId, { at, by: actor, outcome: 'dropped' });
  await tx.flush();
}
