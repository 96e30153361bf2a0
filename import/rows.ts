import type { z } from 'zod';
import { readCsv, type Columns, type Row } from './csv.ts';
import type { Outcome, Rejection } from './outcome.ts';

export interface RowFormat<T> {
  readonly columns: Columns;
  /** Its keys are the columns; every rule about a row that the file alone can tell. */
  readonly schema: z.ZodType<T>;
  /** The column that names a row, and under which name a rejection tells it. */
  readonly key: { readonly column: string; readonly as: 'barcode' | 'card' };
}

function reasonsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => [...issue.path.map(String), issue.message].join(': '));
}

/**
 * Reads and checks the rows of a CSV file one by one. Each is either usable or rejected with every reason; the second of two rows with one key is
 * rejected, so that importing a file twice ends where importing it once does.
 */
export async function* readRows<T>(
  chunks: AsyncIterable<Uint8Array>,
  format: RowFormat<T>,
): AsyncGenerator<Outcome<T>> {
  const { column, as } = format.key;
  const seen = new Map<string, number>();
  for await (const read of readCsv(chunks, format.columns)) {
    const { position } = read;
    const reject = (reasons: readonly string[], row: Row = {}): { rejected: Rejection } => {
      const key = row[column];
      return { rejected: { position, line: read.line, ...(key && { [as]: key }), reasons } };
    };
    if ('reasons' in read) {
      yield reject(read.reasons);
      continue;
    }
    const key = read.row[column] ?? '';
    const first = seen.get(key);
    const parsed = format.schema.safeParse(read.row);
    const reasons = parsed.success ? [] : reasonsOf(parsed.error);
    if (first !== undefined) reasons.push(`row ${first} of this file has the same ${column}`);
    if (!parsed.success || reasons.length > 0) {
      yield reject(reasons, read.row);
      continue;
    }
    seen.set(key, position);
    yield { ok: parsed.data, position };
  }
}
