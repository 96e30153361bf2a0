import type { Column, CsvMapping } from '../domain/policy-statements.ts';

/** Where the described columns stand in a file. */
export interface Columns {
  readonly known: () => boolean;
  /** Takes a line for the header if all described columns are in it. */
  readonly learn: (record: readonly string[]) => boolean;
  /** Those that no line had. */
  readonly missing: () => readonly string[];
  /** A line's value without blanks around it; '' where the line is too short. */
  readonly value: (record: readonly string[], column: Column) => string;
}

/** Width and blanks do not matter in a header: `受入金額（円）` is `受入金額(円)`. */
const named = (text: string) => text.normalize('NFKC').replaceAll(/\s/gu, '');

/** Chinese banks put tabs and quotes around values so that spreadsheets leave numbers alone. */
const bare = (text: string) => text.trim().replace(/^'|^="(.*)"$/u, '$1');

export function describedColumns({ money, columns, only }: CsvMapping): Column[] {
  const { remittance = [], ...others } = columns;
  return [
    ...('credit' in money ? [money.credit, money.debit] : [money.amount]),
    ...('direction' in money && money.direction ? [money.direction.column] : []),
    ...Object.values(others).filter((each) => each !== undefined),
    ...remittance,
    ...(only ? [only.column] : []),
  ];
}

export function createColumns(mapping: CsvMapping): Columns {
  const names = describedColumns(mapping).filter((each) => typeof each === 'string');
  let places: ReadonlyMap<string, number> | undefined = mapping.header ? undefined : new Map();
  let fewest = names;
  const place = (column: Column) => (typeof column === 'number' ? column - 1 : places?.get(named(column)));

  return {
    known: () => places !== undefined,
    learn(record) {
      const found = new Map(record.map((text, at) => [named(text), at]));
      const missing = names.filter((name) => !found.has(named(name)));
      if (missing.length < fewest.length) fewest = missing;
      if (missing.length === 0) places = found;
      return missing.length === 0;
    },
    missing: () => fewest,
    value(record, column) {
      const at = place(column);
      return at === undefined ? '' : bare(record[at] ?? '');
    },
  };
}
