import type { Tx } from './transaction.ts';

/** A table's columns with their types, as they are written together: `{ id: 'uuid', amount: 'bigint' }`. */
export type Columns = Readonly<Record<string, string>>;

type Row<C extends Columns> = { readonly [column in keyof C]: unknown };

function asJson(rows: readonly object[]): string {
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** Inserts many rows in one statement; names of tables and columns are the program's own. */
export async function insertRows<C extends Columns>(
  tx: Tx,
  table: string,
  columns: C,
  rows: readonly Row<C>[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns).join(', ');
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await tx.execute(
    `insert into ${table} (${names}) select ${names} from jsonb_to_recordset(?::jsonb) as given (${typed.join(', ')})`,
    [asJson(rows)],
  );
}

/** Changes many rows, found by their `id`, in one statement. */
export async function updateRows<C extends Columns>(
  tx: Tx,
  table: string,
  columns: C,
  rows: readonly (Row<C> & { readonly id: string })[],
): Promise<void> {
  if (rows.length === 0) return;
  const typed = Object.entries({ id: 'uuid', ...columns }).map(([name, type]) => `${name} ${type}`);
  const set = Object.keys(columns).map((name) => `${name} = given.${name}`);
  await tx.execute(
    `update ${table} set ${set.join(', ')} from jsonb_to_recordset(?::jsonb) as given (${typed.join(', ')}) where ${table}.id = given.id`,
    [asJson(rows)],
  );
}
