/** A text, a number, or a number written out: an amount with its decimals, which must not be taken for text. */
export type Cell = string | number | { readonly number: string };

/**
 * A cell as spreadsheets read it (RFC 4180). A text that a spreadsheet would take for a formula begins with an apostrophe, which it hides: a name such as
 * `=HYPERLINK(…)` stays a name.
 */
function cell(value: Cell): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return value.number;
  const text = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The byte-order mark by which spreadsheets know that a file is UTF-8. */
export const byteOrderMark = '\uFEFF';

/** A row with its CRLF, for files that are written row by row. */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/** Rows as CSV with CRLF line ends, beginning with a byte-order mark, by which spreadsheets know that it is UTF-8. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return `${byteOrderMark}${rows.map(csvRow).join('')}`;
}
