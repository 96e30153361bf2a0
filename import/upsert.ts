import type { Tx } from '../db/transaction.ts';

/** How many rows a batch added, changed, and left as they were. */
export interface Counts {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** Where rows go: a table of which a row is named by its library and one more column. */
export interface Target {
  readonly table: string;
  readonly key: string;
  /** PostgreSQL types of the columns a row may have besides `library`. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that an existing row keeps, whatever the file says. */
  readonly kept: readonly string[];
  /** SQL for columns of an existing row that are not simply replaced. They do not count when rows are compared. */
  readonly derived?: Readonly<Record<string, string>>;
}

function statement(target: Target, given: readonly string[]): string {
  const { table, key, derived = {} } = target;
  const types = given.map((column) => `${column} ${target.columns[column]}`).join(', ');
  const replaced = given.filter(
    (column) => column !== key && !target.kept.includes(column) && !(column in derived),
  );
  const changes = [
    ...replaced.map((column) => `${column} = excluded.${column}`),
    ...Object.entries(derived).map(([column, sql]) => `${column} = ${sql}`),
  ];
  const columnsOf = (source: string) => `(${replaced.map((column) => `${source}.${column}`).join(', ')})`;
  return `
    insert into ${table} (library, ${given.join(', ')})
    select ?, ${given.map((column) => `given.${column}`).join(', ')} from jsonb_to_recordset(?::jsonb) as given(${types})
    on conflict (library, ${key}) do update set ${changes.join(', ')}
      where ${columnsOf(table)} is distinct from ${columnsOf('excluded')}
    returning (xmax = 0) as added`;
}

/**
 * Inserts rows, or brings existing ones up to date, in one statement; a row that already is as given is not written. All rows have the same columns;
 * columns they do not have stay as they are. Rows go in the order of their key, so that two imports at once wait for each other and never in a circle.
 */
export async function upsert(
  tx: Tx,
  target: Target,
  library: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<Counts> {
  const [first] = rows;
  if (!first) return { added: 0, changed: 0, unchanged: 0 };
  const given = Object.keys(target.columns).filter((column) => column in first);
  const ordered = rows.toSorted((a, b) => (String(a[target.key]) < String(b[target.key]) ? -1 : 1));
  const written = await tx.execute<{ added: boolean }[]>(statement(target, given), [
    library,
    JSON.stringify(ordered),
  ]);
  const added = written.filter((row) => row.added).length;
  return { added, changed: written.length - added, unchanged: rows.length - written.length };
}
