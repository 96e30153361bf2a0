import { byteOrderMark, type Cell, csvRow } from '../csv.ts';
import { decimalText } from '../decimal.ts';
import type { Table, TableCell } from './xlsx.ts';

function cellOf(cell: TableCell): Cell {
  if (cell === null) return '';
  return typeof cell === 'string' ? cell : { number: decimalText(cell.minor, cell.currency) };
}

/** A table as CSV, written as its rows are read; see `csv`. */
export async function* csvTable({ columns, rows }: Table): AsyncGenerator<string> {
  yield byteOrderMark + csvRow(columns);
  for await (const page of rows) yield page.map((row) => csvRow(row.map(cellOf))).join('');
}
