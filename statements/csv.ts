import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { CsvMapping } from '../domain/policy-statements.ts';
import { createColumns, type Columns } from './csv-columns.ts';
import { type CsvLine, readLine } from './csv-line.ts';
import { closeWithBalances } from './csv-balances.ts';
import { decode } from './decode.ts';
import { createMistakes, type Mistakes, Unreadable } from './mistakes.ts';
import type { Parsed } from './model.ts';

const options = {
  bom: true,
  info: true,
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: 100_000,
} as const;

interface Read {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function* rows(chunks: AsyncIterable<Uint8Array>, mapping: CsvMapping): AsyncGenerator<Read> {
  let line = 1;
  const parser = parse({
    ...options,
    delimiter: mapping.delimiter,
    on_record(record: string[], { lines }) {
      line = lines;
      return record;
    },
  });
  // What goes wrong in the source reaches the loop below through the parser, which pipeline destroys with it.
  pipeline(Readable.from(decode(chunks, mapping.encoding)), parser, () => {});
  try {
    yield* parser as AsyncIterable<Read>;
  } catch (error) {
    throw error instanceof CsvError ? new Unreadable({ code: 'csv-malformed', line }) : error;
  }
}

/** Lines above the header that banks fill with names and numbers. */
const longestPreamble = 50;

function isLeftOut(record: readonly string[], columns: Columns, { only, without }: CsvMapping): boolean {
  const first = record[0]?.trim() ?? '';
  if (without.some((start) => first.startsWith(start))) return true;
  if (record.every((value) => value.trim() === '')) return true;
  return only !== undefined && !only.is.includes(columns.value(record, only.column));
}

async function readLines(
  chunks: AsyncIterable<Uint8Array>,
  mapping: CsvMapping,
  currency: string,
  mistakes: Mistakes,
) {
  const columns = createColumns(mapping);
  const lines: CsvLine[] = [];
  let skipped = 0;
  let preamble = 0;
  for await (const { record, info } of rows(chunks, mapping)) {
    if (!columns.known()) {
      preamble += 1;
      if (!columns.learn(record) && preamble >= longestPreamble) break;
      continue;
    }
    if (isLeftOut(record, columns, mapping)) skipped += mapping.only === undefined ? 0 : 1;
    else {
      const line = readLine({ record, line: info.lines, columns, mapping, currency, mistakes });
      if (line) lines.push(line);
      else if (line === null) skipped += 1;
    }
  }
  if (!columns.known())
    throw new Unreadable({ code: 'csv-header', line: 1, expected: columns.missing().join(', ') });
  return { lines, skipped };
}

/**
 * Reads a comma-separated bank file as the policy describes it (P9). The file does not say which account it is of, and only with a column of balances what was there
 * before and after. Newest lines first or last. Every mistake is told with line and column.
 */
export async function parseCsv(
  chunks: AsyncIterable<Uint8Array>,
  { mapping, currency }: { readonly mapping: CsvMapping; readonly currency: string },
): Promise<Parsed> {
  const mistakes = createMistakes();
  try {
    const { lines, skipped } = await readLines(chunks, mapping, currency, mistakes);
    if (lines.length === 0 && !mistakes.some()) throw new Unreadable({ code: 'empty', line: 1 });
    const statement = { ...closeWithBalances(lines, currency, mistakes), skipped };
    return mistakes.some() ? { mistakes: mistakes.list() } : { statements: [statement] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { mistakes: [...mistakes.list(), error.mistake] };
  }
}
