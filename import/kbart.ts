import type { Coverage, CoveragePoint } from '../domain/coverage.ts';
import { isEmbargo } from '../domain/coverage.ts';
import { isbnForms, issn, normalise } from '../domain/text.ts';
import { keysOfHolding } from '../domain/work-keys.ts';
import type { HoldingRecord } from './holding-record.ts';
import { lines } from './lines.ts';
import { UnusableFile, type Outcome } from './outcome.ts';

type Row = ReadonlyMap<string, string>;

const longest = 2000;
const needed = ['publication_title', 'title_url'];

function cells(line: string): string[] {
  return line.split('\t').map((cell) => {
    const text = cell.trim();
    const bare = /^".*"$/u.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
    return bare.normalize('NFC').slice(0, longest);
  });
}

function checkHeader(names: readonly string[]): void {
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new UnusableFile(
      `The file is no KBART: its first line, divided by tabs, has no column ${missing.join(', ')}.`,
    );
}

function mistakes(values: readonly string[], names: readonly string[], row: Row): string[] {
  const embargo = row.get('embargo_info') ?? '';
  return [
    ...(values.length > names.length
      ? [`it has ${values.length} values, the header has ${names.length}`]
      : []),
    ...(values.some((value) => value.includes('\uFFFD'))
      ? ['it is not valid UTF-8; save the file as UTF-8']
      : []),
    ...((row.get('publication_title') ?? '') === '' ? ['publication_title is missing'] : []),
    ...(embargo !== '' && !isEmbargo(embargo)
      ? [`embargo_info: ${embargo} is none; it is written as P1Y, R10Y or R10Y;P30D`]
      : []),
    ...['date_first_issue_online', 'date_last_issue_online'].flatMap((name) => badDate(name, row)),
    ...(row.get('coverage_depth') === 'abstracts' ? ['coverage_depth: there are abstracts only'] : []),
  ];
}

function badDate(name: string, row: Row): string[] {
  const text = row.get(name) ?? '';
  return text === '' || /^\d{4}(?:-\d\d){0,2}$/u.test(text)
    ? []
    : [`${name}: ${text} is no date; it is written as 1998, 1998-05 or 1998-05-17`];
}

function point(row: Row, end: 'first' | 'last'): CoveragePoint | undefined {
  const [date, volume, issue] = [
    `date_${end}_issue_online`,
    `num_${end}_vol_online`,
    `num_${end}_issue_online`,
  ].map((name) => row.get(name) || undefined);
  if (date === undefined && volume === undefined) return undefined;
  return { ...(date && { date }), ...(volume && { volume }), ...(issue && { issue }) };
}

function runOf(row: Row): readonly Coverage[] | null {
  const [from, to, embargo] = [point(row, 'first'), point(row, 'last'), row.get('embargo_info') || undefined];
  if (row.get('publication_type') === 'monograph' || !(from ?? to ?? embargo)) return null;
  return [{ ...(from && { from }), ...(to && { to }), ...(embargo && { embargo }) }];
}

/** A title may have several rows, one a run; each is named by its title and where it begins. */
function keyOf(peer: string, row: Row, numbers: readonly string[]): string {
  const title =
    row.get('title_id') || numbers[0] || normalise(row.get('publication_title') ?? '').slice(0, 200);
  const beginning = ['date_first_issue_online', 'num_first_vol_online', 'num_first_issue_online']
    .map((name) => row.get(name) ?? '')
    .join('.');
  return `${peer}/kbart/${title}/${beginning}`;
}

/** What is licensed is copied from, not lent: an electronic journal cannot be sent and come back. */
function holding(peer: string, row: Row): HoldingRecord {
  const stated = ['print_identifier', 'online_identifier'].map((name) => row.get(name) ?? '');
  const isbns = stated.flatMap((text) => isbnForms(text)[0] ?? []);
  const issns = stated.flatMap((text) => issn(text) ?? []);
  const title = row.get('publication_title') ?? '';
  const author = row.get('first_author') || row.get('first_editor') || null;
  return {
    key: keyOf(peer, row, [...issns, ...isbns]),
    peer,
    recordId: row.get('title_id') || null,
    title,
    author,
    published:
      row.get('date_monograph_published_print') || row.get('date_monograph_published_online') || null,
    keys: keysOfHolding({ title, author, isbns, issns }),
    callNumber: null,
    coverage: runOf(row),
    lendable: false,
    copyable: true,
    searchText: normalise([title, author ?? '', row.get('publisher_name') ?? ''].join(' ')),
  };
}

/**
 * Reads a KBART file (NISO RP-9, phase 1 or 2) of one library row by row: tab-separated, UTF-8, a header line. Columns it does not know are passed over, since providers add their own.
 * Throws `UnusableFile` for what is no KBART.
 */
export async function* readKbart(
  chunks: AsyncIterable<Uint8Array>,
  peer: string,
): AsyncGenerator<Outcome<HoldingRecord>> {
  let names: string[] | undefined;
  for await (const { text, number } of lines(chunks)) {
    if (names === undefined) {
      names = cells(text).map((name) => name.toLowerCase());
      checkHeader(names);
      continue;
    }
    if (text.trim() === '') continue;
    const position = number - 1;
    const values = cells(text);
    const row: Row = new Map(names.map((name, at) => [name, values[at] ?? '']));
    const reasons = mistakes(values, names, row);
    if (reasons.length > 0) yield { rejected: { position, line: number, reasons } };
    else yield { ok: holding(peer, row), position };
  }
  if (names === undefined) throw new UnusableFile('The file is empty.');
}
