type Cell = string | number;

/**
 * A cell as spreadsheets read it (RFC 4180). A text that a spreadsheet would take for a formula begins with an apostrophe, which it hides: a name such as
 * `=HYPERLINK(…)` stays a name.
 */
function cell(value: Cell): string {
  if (typeof value === 'number') return String(value);
  const text = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as CSV with CRLF line ends, beginning with a byte-order mark, by which spreadsheets know that it is UTF-8. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}
