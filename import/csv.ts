import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { UnusableFile } from './outcome.ts';

/** The columns of a file: their names in its first line, in any order; capitals do not matter, blanks and hyphens are as good as underscores. */
export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** One line of values by column name; an empty value is null, a column that the file does not have is not there. */
export type Row = Readonly<Record<string, string | null>>;

/** A row as it was read: `position` counts rows without the header, `line` is the line of the file it ends on. */
export type ReadRow = { readonly position: number; readonly line: number } & (
  | { readonly row: Row }
  | { readonly reasons: readonly string[] }
);

const longestRow = 100_000;
const delimiters = [',', ';', '\t'];

const options = {
  bom: true,
  info: true,
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: longestRow,
} as const;

interface Parsed {
  readonly info: { readonly lines: number };
  readonly record: string[];
}

/** Spreadsheets in some countries write semicolons: the delimiter is the one that the header has most of. */
function delimiterOf(header: string): string {
  const count = (delimiter: string) => header.split(delimiter).length;
  return delimiters.toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

function quotation(line: number): string {
  return `A quotation mark that opens after line ${line} is not closed, or the row there is longer than ${longestRow} bytes.`;
}

async function* withDelimiter(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Parsed> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  async function* all() {
    for (let next: IteratorResult<Uint8Array> = first; !next.done; next = await iterator.next())
      yield next.value;
  }
  const [header = ''] = new TextDecoder().decode(first.value).split(/[\r\n]/u);
  let lastLine = 0;
  const parser = parse({
    ...options,
    delimiter: delimiterOf(header),
    on_record(values: string[], { lines }) {
      lastLine = lines;
      return values;
    },
  });
  // An error reaches the loop below through the parser, which pipeline destroys with it.
  pipeline(Readable.from(all()), parser, () => {});
  try {
    yield* parser as AsyncIterable<Parsed>;
  } catch (error) {
    throw error instanceof CsvError ? new UnusableFile(quotation(lastLine)) : error;
  }
}

function columnName(text: string): string {
  return text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/gu, '_');
}

function checkHeader(names: readonly string[], { required, optional }: Columns): void {
  const known = [...required, ...optional];
  const mistakes = [
    ...required.filter((name) => !names.includes(name)).map((name) => `the column ${name} is missing`),
    ...names
      .filter((name) => !known.includes(name))
      .map((name) => `the column ${name || '(without a name)'} is not known`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `the column ${name} comes twice`),
  ];
  if (mistakes.length === 0) return;
  const columns = [...required, ...optional.map((name) => `[${name}]`)].join(', ');
  throw new UnusableFile(`The header line is not as expected: ${mistakes.join('; ')}. Columns: ${columns}.`);
}

function toRow(names: readonly string[], values: readonly string[]): Row {
  return Object.fromEntries(
    names.map((name, at) => [name, (values[at] ?? '').normalize('NFC').trim() || null]),
  );
}

function rowReasons(names: readonly string[], values: readonly string[]): string[] {
  const reasons: string[] = [];
  if (values.length !== names.length)
    reasons.push(`it has ${values.length} values, the header has ${names.length}`);
  if (values.some((value) => value.includes('\uFFFD')))
    reasons.push('it is not valid UTF-8; save the file as UTF-8');
  if (values.some((value) => /(?![\t\r\n])\p{Cc}/u.test(value)))
    reasons.push('it contains control characters');
  return reasons;
}

/**
 * Reads CSV (RFC 4180): comma, semicolon or tab, UTF-8 with or without byte order mark, any line ends, quoted values with line breaks. Values are text
 * and nothing but text, whatever a spreadsheet would make of them. Throws `UnusableFile` for a header that does not fit, and where a quotation mark is
 * never closed.
 */
export async function* readCsv(chunks: AsyncIterable<Uint8Array>, columns: Columns): AsyncGenerator<ReadRow> {
  let names: string[] | undefined;
  let position = 0;
  for await (const { record, info } of withDelimiter(chunks)) {
    if (names === undefined) {
      names = record.map(columnName);
      checkHeader(names, columns);
      continue;
    }
    position += 1;
    const line = info.lines;
    const reasons = rowReasons(names, record);
    yield reasons.length > 0 ? { position, line, reasons } : { position, line, row: toRow(names, record) };
  }
  if (names === undefined) throw new UnusableFile('The file is empty.');
}
