import type { Tx } from './transaction.ts';

/** A table's columns with their types, as they are written together: `{ id: 'uuid', amount: 'bigint' }`. */
export type Columns = Readonly<Record<string, string>>;

type Row<C extends Columns> = { readonly [column in keyof C]: unknown };

/** The columns' names; and the rows, as a set named `given`, of a single parameter made by `asJson`. */
export function givenRows(columns: Columns) {
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  return {
    names: Object.keys(columns).join(', '),
    given: `jsonb_to_recordset(?::jsonb) as given (${typed.join(', ')})`,
  };
}

/** Amounts are text, since JSON has no whole numbers of their size. */
export function asJson(columns: Columns, rows: readonly Record<string, unknown>[]): string {
  const amounts = Object.keys(columns).filter((name) => columns[name] === 'bigint');
  const asText = (row: Record<string, unknown>) =>
    Object.fromEntries(amounts.map((name) => [name, row[name]?.toString()]));
  return JSON.stringify(amounts.length === 0 ? rows : rows.map((row) => ({ ...row, ...asText(row) })));
}

/** Inserts many rows in one statement; names of tables and columns are the program's own. */
export async function insertRows<C extends Columns>(
  tx: Tx,
  table: string,
  columns: C,
  rows: readonly Row<C>[],
): Promise<void> {
  if (rows.length === 0) return;
  const { names, given } = givenRows(columns);
  await tx.execute(`insert into ${table} (${names}) select ${names} from ${given}`, [asJson(columns, rows)]);
}

/** Changes many rows, found by their `id`, in one statement. */
export async function updateRows<C extends Columns>(
  tx: Tx,
  table: string,
  columns: C,
  rows: readonly (Row<C> & { readonly id: string })[],
): Promise<void> {
  if (rows.length === 0) return;
  const { given } = givenRows({ id: 'uuid', ...columns });
  const set = Object.keys(columns).map((name) => `${name} = given.${name}`);
  await tx.execute(`update ${table} set ${set.join(', ')} from ${given} where ${table}.id = given.id`, [
    asJson(columns, rows),
  ]);
}
