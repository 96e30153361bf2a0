import { Charge, Journal, Posting } from '../../db/entities/index.ts';
import { lockCharges } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Cause } from '../../domain/causes.ts';
import type { Actor } from '../../domain/roles.ts';
import { book } from '../ledger.ts';
import { takeBackCharge } from '../charges/money.ts';

interface Relief {
  readonly at: Date;
  readonly actor: Actor;
  readonly reason: string;
}

/**
 * Drops what a reader was charged for a shipment, paid or not; what was paid becomes credit. A subsidy without a charge is taken back too. The reader's row is locked.
 * Answers what became credit, in minor units; undefined where there was nothing to drop.
 */
export async function dropReaderCharge(
  tx: Tx,
  cause: Cause,
  subjectId: string,
  relief: Relief,
): Promise<number | undefined> {
  await tx.flush();
  const seen = await tx.findOne(Charge, { cause, subjectId });
  const [charge] = seen ? await lockCharges(tx, [seen.id]) : [];
  const operation = `ill:relief:${subjectId}`;
  if (!charge)
    return (await dropSubsidy(tx, `charge:${cause}:${subjectId}`, { ...relief, operation })) ? 0 : undefined;
  if (charge.droppedAt) return undefined;
  return Number(await takeBackCharge(tx, charge, { operation, ...relief }));
}

async function dropSubsidy(
  tx: Tx,
  booked: string,
  relief: Relief & { readonly operation: string },
): Promise<boolean> {
  const journal = await tx.findOne(Journal, { operation: booked });
  if (!journal || (await tx.count(Journal, { reverses: journal.id })) > 0) return false;
  const postings = await tx.find(Posting, { journalId: journal.id });
  const { library, patronId, id: reverses } = journal;
  const lines = postings.map(({ account, amount }) => ({ account, amount: -amount }));
  const currency = postings[0]?.currency ?? '';
  const about = { library, currency, kind: `drop-${journal.kind}`, reverses, lines };
  await book(tx, { ...about, ...relief, ...(patronId != null && { patronId }) });
  return true;
}
