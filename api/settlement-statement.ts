import { parse } from 'csv-parse/sync';
import type { SettlementLineRow, SettlementRow } from '../db/queries/ill-settlements.ts';
import type { StatedLine } from '../domain/ill-settlement.ts';
import { isoMarks, readAmount } from '../statements/amounts.ts';
import type { Table } from './export/xlsx.ts';

/** Columns of the file that libraries exchange: codes, so that the other side's program can read it, whatever its language. */
const columns = ['side', 'reference', 'amount', 'currency', 'kind', 'service', 'number', 'date'] as const;

/** A settlement as a table; what was left out is not in it. */
export function statementTable({ currency }: SettlementRow, lines: readonly SettlementLineRow[]): Table {
  const rows = lines
    .filter(({ state }) => state !== 'left-out')
    .map((line) => [
      line.side,
      line.reference,
      { minor: BigInt(line.amount), currency },
      currency,
      line.kind,
      line.service,
      line.number,
      new Date(line.at).toISOString().slice(0, 10),
    ]);
  return { columns, rows: pages(rows) };
}

async function* pages<T>(rows: T[]): AsyncGenerator<T[]> {
  yield rows;
}

const most = 10_000;

/**
 * Reads another library's statement, a file as `statementTable` writes it: `side`, `reference`, `amount` and `currency` are needed, in any order. Undefined where it is
 * none: other columns, another currency, an amount that is none.
 */
export function readStatement(bytes: Buffer, currency: string): StatedLine[] | undefined {
  const rows = rowsIn(bytes);
  if (!rows || rows.length === 0 || rows.length > most) return undefined;
  const lines = rows.flatMap((row): StatedLine[] => {
    const { side, reference } = row;
    const amount =
      row['currency'] === currency ? readAmount(row['amount'] ?? '', currency, isoMarks) : undefined;
    if ((side !== 'requester' && side !== 'supplier') || !reference || typeof amount !== 'object') return [];
    return [{ side, reference: reference.replace(/^'/u, '').slice(0, 80), amount: amount.minor }];
  });
  return lines.length === rows.length ? lines : undefined;
}

function rowsIn(bytes: Buffer): Record<string, string>[] | undefined {
  const text = bytes.toString('utf8');
  if (text.includes('\u0000')) return undefined;
  try {
    return parse(text, {
      columns: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      to_line: most + 2,
    });
  } catch {
    return undefined;
  }
}
