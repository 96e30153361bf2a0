import { inTransaction, reader, type Tx } from '../../db/transaction.ts';
import type { ActivityDeps } from '../deps.ts';

interface Wanted {
  readonly id: string;
  readonly provider: string;
  readonly ref: string;
  readonly amount: string;
  readonly currency: string;
  readonly refundId: string;
}

const wanted = `
  select id, substr(account, 9) as provider, subject_id as ref, amount::text as amount, currency, detail ->> 'refundId' as "refundId" from difference
  where library = ? and kind = 'gateway-unknown' and solved_at is null and detail ->> 'refundId' is not null and detail ->> 'refund' is null`;

/**
 * Asks the gateways to send back what staff have decided should go back and belongs to no payment of ours (P8). Asked twice, they send nothing twice. What one will not
 * send back is open again, and staff are asked anew. Nothing is booked: such money never stood in the books.
 */
export async function carryOutReturns(
  { orm, gateways }: ActivityDeps,
  library: string,
  now: number,
): Promise<void> {
  for (const each of await reader(orm).execute<Wanted[]>(wanted, [library])) {
    const { id, provider, ref: captureRef, amount, currency, refundId } = each;
    if (!gateways.has(library, provider)) continue;
    const request = { refundId, captureRef, amountMinor: Number(amount), currency };
    const done = await gateways
      .of(library, provider)
      .refund(request)
      .catch(() => undefined);
    if (done === undefined) continue;
    const told = 'ref' in done ? { refund: done.ref } : { refused: done.refused };
    await inTransaction(orm, (tx) =>
      tx.execute(
        `update difference set detail = (detail || ?::jsonb) - ?, solved_at = case when ? then ?::timestamptz end where id = ? and solved_at is null`,
        [JSON.stringify(told), 'ref' in done ? 'refused' : 'refundId', 'ref' in done, new Date(now), id],
      ),
    );
  }
}

/** Keys of money that was sent back: the gateway goes on naming it as taken. */
export async function sentBack(tx: Tx, library: string): Promise<ReadonlySet<string>> {
  const rows = await tx.execute<{ key: string }[]>(
    `select key from difference where library = ? and kind = 'gateway-unknown' and detail ->> 'refund' is not null`,
    [library],
  );
  return new Set(rows.map(({ key }) => key));
}
