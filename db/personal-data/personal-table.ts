/**
 * How a table that tells something of readers is handed out and erased. SQL names the reader as `:patron`; in `erase` also `:anonymous`, the reader without a
 * name to whom the past of all erased readers of a user group belongs, and `:at`.
 */
export interface PersonalTable {
  readonly table: string;
  /** What is handed out: rows of the reader, as a query. Absent where the table tells nothing that other tables do not. */
  readonly rows?: string;
  /** Columns that are not handed out: hashes and keys that are nobody's to read. */
  readonly secret?: readonly string[];
  /** What takes the person out of the rows; in this order within a table. */
  readonly erase: readonly string[];
  /** What stays after an erasure, and why; empty when nothing does. */
  readonly stays: string;
}

/** Applications of a reader. */
export const applications = 'select id from application where patron_id = :patron';

/** Fills the names in: the driver's SQL and its values in order. */
export function bind(
  sql: string,
  values: Readonly<Record<string, unknown>>,
): { text: string; values: unknown[] } {
  const given: unknown[] = [];
  const text = sql.replaceAll(/(?<!:):([a-z]+)\b/g, (_all, name: string) => {
    if (!(name in values)) throw new Error(`Nothing is given for :${name}.`);
    given.push(values[name]);
    return '?';
  });
  return { text, values: given };
}
