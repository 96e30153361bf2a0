import type { Patron } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Reason } from '../../domain/refusal.ts';
import { prepaid } from '../ledger.ts';

/** A reader's balance (P2), in minor units. */
export interface Credit {
  /** What is paid and not used; below zero it is the reader who owes. */
  readonly credit: bigint;
  /** What can be used: the overdraft counts, where the account has one (A6). Never below zero. */
  readonly available: bigint;
}

/** Reads a reader's balance. The reader's row is locked, so that it stays what it is until the transaction ends. */
export async function creditOf(
  tx: Tx,
  { id, overdraftLimit }: Pick<Patron, 'id' | 'overdraftLimit'>,
): Promise<Credit> {
  const credit = await balanceOf(tx, prepaid(id));
  return { credit, available: availableOf(credit, overdraftLimit ?? 0n) };
}

/** What can be used of a balance, down to the overdraft's limit. */
export function availableOf(credit: bigint, overdraftLimit: bigint): bigint {
  const available = credit + overdraftLimit;
  return available > 0n ? available : 0n;
}

/** Why an overdraft cannot be changed to a limit: more of it is in use (A6). Undefined leaves it as it is. The reader's row is locked. */
export async function overdraftReasons(
  tx: Tx,
  { id }: Pick<Patron, 'id'>,
  limitMinor: number | null | undefined,
): Promise<Reason[]> {
  if (limitMinor === undefined) return [];
  const used = -(await balanceOf(tx, prepaid(id)));
  return used > BigInt(limitMinor ?? 0) ? [{ code: 'overdraft-used', usedMinor: Number(used) }] : [];
}

/** What the library owes on an account that is one reader's: the sum of its postings, turned round. Minor units. */
export async function balanceOf(tx: Tx, account: string): Promise<bigint> {
  await tx.flush();
  const sql = 'select coalesce(-sum(amount), 0)::text as balance from posting where account = ?';
  const [row] = await tx.execute<{ balance: string }[]>(sql, [account]);
  return BigInt(row?.balance ?? 0);
}
