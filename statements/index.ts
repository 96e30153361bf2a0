import type { StatementFormat } from '../domain/bank.ts';
import type { BankAccountPolicy } from '../domain/policy-bank.ts';
import { parseCamt } from './camt.ts';
import { parseCsv } from './csv.ts';
import type { Parsed } from './model.ts';
import { parseMt940 } from './mt940.ts';

export { writeAmount } from './amounts.ts';
export { checkStatement } from './check.ts';
export { fileHash } from './keys.ts';
export * from './model.ts';

/** What a file is, by how it begins: XML, SWIFT fields, or else lines with columns. */
export function formatOf(content: Uint8Array): StatementFormat {
  const start = Buffer.from(content.subarray(0, 2000)).toString('latin1').replaceAll('\0', '');
  if (/^(?:\u00EF\u00BB\u00BF|\u00FF\u00FE|\u00FE\u00FF)?\s*</u.test(start)) return 'camt';
  return /^\{1:|^:20:/mu.test(start) ? 'mt940' : 'csv';
}

const pieceSize = 64 * 1024;

/** A file in pieces, so that others get their turn while it is read. */
async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += pieceSize) {
    yield content.subarray(at, at + pieceSize);
    await new Promise(setImmediate);
  }
}

/**
 * Reads a bank's file (P9): all its statements, or all that is wrong with it.
 *
 * @param account for the formats that need to be described; CSV also for its currency
 */
export function parseStatements(
  format: StatementFormat,
  content: Uint8Array,
  account: Pick<BankAccountPolicy, 'formats'> | undefined,
  currency: string,
): Promise<Parsed> {
  const chunks = pieces(content);
  if (format === 'camt') return parseCamt(chunks);
  const { mt940, csv } = account?.formats ?? { mt940: 'none', csv: 'none' };
  if (format === 'mt940') return parseMt940(chunks, mt940 === 'none' ? {} : mt940);
  if (csv === 'none') {
    const code = account === undefined ? 'account-unstated' : 'format-not-offered';
    return Promise.resolve({ mistakes: [{ code, line: 1, value: format }] });
  }
  return parseCsv(chunks, { mapping: csv, currency });
}
