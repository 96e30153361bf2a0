import { v7 as uuid } from 'uuid';
import type { Tx } from '../db/transaction.ts';
import type { Placed, Store } from './batch.ts';
import type { ItemRow } from './item-rows.ts';
import type { Rejection } from './outcome.ts';
import { upsert, type Target } from './upsert.ts';

const target: Target = {
  table: 'item',
  key: 'barcode',
  columns: {
    id: 'uuid',
    title_id: 'uuid',
    barcode: 'text',
    branch: 'text',
    shelf_mark: 'text',
    issue: 'text',
    issued_on: 'date',
    for_loan: 'boolean',
    price: 'bigint',
    state: 'text',
    state_since: 'timestamptz',
    at_branch: 'text',
    created_at: 'timestamptz',
  },
  kept: ['id', 'title_id', 'state', 'state_since', 'at_branch', 'created_at'],
};

/** What the catalogue has for a row: the title it names, and the title its barcode already belongs to. */
interface Known {
  readonly position: number;
  readonly titleId: string | null;
  readonly kind: string | null;
  readonly barcodeTitleId: string | null;
}

const knownQuery = `
  select given.position, title.id as "titleId", title.kind, item.title_id as "barcodeTitleId"
  from jsonb_to_recordset(?::jsonb) as given(position int, barcode text, control_number text)
  left join title on title.library = ? and title.control_number = given.control_number
  left join item on item.library = ? and item.barcode = given.barcode`;

async function lookUp(
  tx: Tx,
  batch: readonly Placed<ItemRow>[],
  library: string,
): Promise<Map<number, Known>> {
  const given = batch.map(({ ok, position }) => ({
    position,
    barcode: ok.barcode,
    control_number: ok.control_number,
  }));
  const rows = await tx.execute<Known[]>(knownQuery, [JSON.stringify(given), library, library]);
  return new Map(rows.map((row) => [row.position, row]));
}

function reasonsAgainst(row: ItemRow, known: Known | undefined): string[] {
  if (!known?.titleId) return [`control_number: the catalogue has no title ${row.control_number}`];
  const reasons: string[] = [];
  if (row.kind && row.kind !== known.kind)
    reasons.push(`kind: the title ${row.control_number} is ${known.kind} in the catalogue`);
  if (known.barcodeTitleId && known.barcodeTitleId !== known.titleId)
    reasons.push('barcode: it belongs to another title in the catalogue');
  return reasons;
}

function toItem(row: ItemRow, known: Known | undefined, now: Date) {
  return {
    ...row,
    id: uuid(),
    title_id: known?.titleId,
    for_loan: row.for_loan ?? true,
    state: 'available',
    state_since: now,
    at_branch: row.branch,
    created_at: now,
  };
}

/**
 * Items by barcode, onto titles that are there. A new one stands in its branch, available; one that exists keeps its title, its state and where it is: what
 * happens to copies is no matter of an import.
 */
export const storeItems: Store<ItemRow> = async (tx, batch, { library, now }) => {
  const known = await lookUp(tx, batch, library);
  const judged = batch.map(({ ok, position }) => ({
    ok,
    position,
    reasons: reasonsAgainst(ok, known.get(position)),
  }));
  const rejected: Rejection[] = judged
    .filter(({ reasons }) => reasons.length > 0)
    .map(({ ok, position, reasons }) => ({ position, barcode: ok.barcode, reasons }));
  const rows = judged
    .filter(({ reasons }) => reasons.length === 0)
    .map(({ ok, position }) => toItem(ok, known.get(position), now));
  const statesLoan = batch[0] !== undefined && 'for_loan' in batch[0].ok;
  const keeping = statesLoan ? target : { ...target, kept: [...target.kept, 'for_loan'] };
  return { counts: await upsert(tx, keeping, library, rows), rejected };
};
