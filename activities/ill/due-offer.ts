import { IllOffer } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';

/** The address under which a supplier offers a copy that has not been fetched yet. */
export async function dueOffer(tx: Tx, requestId: string): Promise<IllOffer | undefined> {
  return (await tx.findOne(IllOffer, { requestId, state: 'due' })) ?? undefined;
}
