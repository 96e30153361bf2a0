import type { BankEntry, Payment } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Actor } from '../../domain/roles.ts';
import { book, suspense } from '../ledger.ts';

interface Clearing {
  /** The booking's operation. */
  readonly operation: string;
  /** What of the entry is for this payment; minor units. */
  readonly amount: bigint;
  readonly at: Date;
  readonly actor: Actor;
}

/**
 * The money of a payment that was settled by its accepted slip has come (P5, P9): it takes the slip's place, and is not the reader's credit a second time. Answers how much of the entry that
 * was; minor units. The entry and the payment are locked.
 */
export async function clearSlip(
  tx: Tx,
  { id: entryId, library, account, currency }: BankEntry,
  { id: paymentId, patronId }: Payment,
  { operation, amount, at, actor }: Clearing,
): Promise<bigint> {
  const slip = await acceptedSlip(tx, paymentId);
  if (!slip) return 0n;
  const open = BigInt(slip.open);
  const cleared = open < amount ? open : amount;
  const lines = [
    { account: suspense(account), amount: cleared },
    { account: slip.account, amount: -cleared },
  ];
  const about = { library, patronId, currency, paymentId, entryId, operation, at, actor };
  await book(tx, { ...about, kind: 'bank-slip', lines });
  return cleared;
}

/** The account on which a payment's accepted slip stands, and how much of its money has not come; undefined where all has, or no slip was accepted. */
async function acceptedSlip(
  tx: Tx,
  paymentId: string,
): Promise<{ readonly account: string; readonly open: string } | undefined> {
  const [slip] = await tx.execute<{ account: string; open: string }[]>(
    `select account, sum(amount)::text as open from posting join journal on journal.id = journal_id
     where payment_id = ? and account like 'slips:%' group by account having sum(amount) > 0`,
    [paymentId],
  );
  return slip;
}

/** How much of a payment's accepted slip has not come yet; minor units. The payment is locked. */
export async function slipOpen(tx: Tx, paymentId: string): Promise<bigint> {
  return BigInt((await acceptedSlip(tx, paymentId))?.open ?? 0);
}
