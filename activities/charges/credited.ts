import type { Tx } from '../../db/transaction.ts';

/** How much of a charge was waived, in minor units; what was paid of it is the rest of what is no longer open. */
export async function waivedOf(tx: Tx, chargeId: string): Promise<bigint> {
  await tx.flush();
  const [row] = await tx.execute<{ waived: string }[]>(
    `select coalesce(sum(allocation.amount), 0) as waived from allocation join journal on journal.id = journal_id
     where charge_id = ? and (kind like 'waiver-%' or kind = 'reversal-waiver')`,
    [chargeId],
  );
  return BigInt(row?.waived ?? 0);
}
