import { type BankEntry, Journal, type Payment } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Outcome } from '../../domain/matching.ts';
import type { Actor } from '../../domain/roles.ts';
import { book, feeOf, suspense } from '../ledger.ts';

/** Who decides on an entry, and when. */
export interface Deciding {
  readonly at: Date;
  readonly actor: Actor;
  readonly remarkId?: string | undefined;
}

/** What has to be told after the commit: processes to wake, and payments whose process has ended but has something to deliver. */
export interface Told {
  readonly wake: string[];
  readonly late: Pick<Payment, 'id' | 'library' | 'patronId' | 'state'>[];
}

export const nothingTold = (): Told => ({ wake: [], late: [] });

/** What is told of many at once: processes old enough for the engine's list are woken as far as they stand in it. */
export interface ManyTold extends Told {
  readonly wakeListed: string[];
}

/** Everything that is booked for an entry names it, so that what it has come to adds up. */
export const about = (entry: BankEntry, { at, actor, remarkId }: Deciding) => ({
  library: entry.library,
  currency: entry.currency,
  entryId: entry.id,
  at,
  actor,
  ...(remarkId !== undefined && { remarkId }),
});

/** Books what banks have kept of an entry's money, so that the reader is not short of it. */
export async function bookFee(tx: Tx, entry: BankEntry, fee: bigint, deciding: Deciding): Promise<void> {
  if (fee === 0n) return;
  const lines = [
    { account: feeOf(entry.account), amount: fee },
    { account: suspense(entry.account), amount: -fee },
  ];
  const operation = `bank:${entry.id}:fee:${await bookings(tx, entry)}`;
  await book(tx, { ...about(entry, deciding), operation, kind: 'bank-fee', lines });
}

/** How many bookings there are for an entry, so that the next one's operation is a new one. */
export async function bookings(tx: Tx, { id }: BankEntry): Promise<number> {
  await tx.flush();
  return tx.count(Journal, { entryId: id });
}

/** What booking the parts of an entry came to. */
export interface Booked {
  readonly outcome: Outcome;
}

/** What of an entry nobody has decided on yet, in minor units: above zero of money that came in, below zero of what went out. The entry is locked. */
export async function openOf(tx: Tx, { id, account }: BankEntry): Promise<bigint> {
  await tx.flush();
  const sql = `select coalesce(-sum(amount), 0)::text as open from posting join journal on journal.id = journal_id where entry_id = ? and account = ?`;
  const [row] = await tx.execute<{ open: string }[]>(sql, [id, suspense(account)]);
  return BigInt(row?.open ?? 0);
}
