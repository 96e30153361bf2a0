import type { LibraryRequest } from '../../db/queries/librarys-requests.ts';
import { libraryRequestBody } from '../bodies/staff-requests.ts';
import type { Words } from '../words.ts';
import type { Table, TableCell } from './xlsx.ts';

const columns = [
  'number',
  'submitted',
  'state',
  'service',
  'literature',
  'title',
  'component',
  'author',
  'card',
  'reader',
  'beneficiary',
  'supplier',
  'due',
  'late',
  'price',
  'cost',
  'currency',
  'ended',
] as const;

function cellsOf(row: LibraryRequest, words: Words): TableCell[] {
  const body = libraryRequestBody(row, words);
  const currency = row.currency ?? words.policy.currency;
  const amount = (minor: number | null, of: string): TableCell =>
    minor === null ? null : { minor: BigInt(minor), currency: of };
  return [
    body.number,
    body.submittedOn,
    body.stateText,
    body.service.name,
    body.literature.name,
    body.document.title,
    body.document.component,
    body.document.author,
    row.card,
    row.name,
    row.beneficiary,
    body.supplier?.name ?? null,
    body.dueOn,
    row.late ? words.text('request.late') : null,
    amount(row.price, words.policy.currency),
    amount(row.cost, currency),
    currency,
    row.endedAt === null ? null : words.day(row.endedAt),
  ];
}

/** A library's requests as a table for spreadsheets; the price is the reader's, the cost all of it. */
export function requestsTable(pages: AsyncIterable<readonly LibraryRequest[]>, words: Words): Table {
  const rows = async function* () {
    for await (const page of pages) yield page.map((row) => cellsOf(row, words));
  };
  return { columns: columns.map((column) => words.text(`request.column.${column}`)), rows: rows() };
}
