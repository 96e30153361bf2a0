import type { MikroORM } from '@mikro-orm/postgresql';
import type { StatedLine } from '../domain/ill-settlement.ts';
import { inTransaction } from './transaction.ts';

/** What another library has stated for a settlement of ours. */
export interface HandedIn {
  readonly library: string;
  readonly settlementId: string;
  readonly lines: readonly StatedLine[];
}

/** Keeps the other library's statement as it was handed in, instead of an earlier one (I17): a document, that is compared with ours. `over`: nothing can change any more. */
export function keepTheirStatement(
  orm: MikroORM,
  { library, settlementId, lines }: HandedIn,
): Promise<'kept' | 'unknown' | 'over'> {
  return inTransaction(orm, async (tx) => {
    const [row] = await tx.execute<{ state: string }[]>(
      'select state from ill_settlement where id = ? and library = ? for no key update',
      [settlementId, library],
    );
    if (!row) return 'unknown';
    if (!['drawn', 'sent', 'disputed'].includes(row.state)) return 'over';
    await tx.execute('delete from ill_settlement_theirs where settlement_id = ?', [settlementId]);
    const stated = lines.map(({ side, reference, amount }, position) => ({
      position,
      side,
      reference,
      amount: amount.toString(),
    }));
    await tx.execute(
      `insert into ill_settlement_theirs (settlement_id, position, side, reference, amount)
       select ?, position, side, reference, amount from jsonb_to_recordset(?::jsonb) as line (position int, side text, reference text, amount bigint)`,
      [settlementId, JSON.stringify(stated)],
    );
    return 'kept';
  });
}
