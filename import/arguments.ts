import { parseArgs } from 'node:util';

export const formats = [
  'marc21',
  'marcxml',
  'items',
  'readers',
  'statement',
  'holdings-marc',
  'holdings-marcxml',
  'kbart',
] as const;

export type Format = (typeof formats)[number];
/** Files of records, of which each is taken over or rejected by itself. */
export type RecordFormat = Exclude<Format, 'statement'>;

export interface Arguments {
  readonly library: string;
  readonly format: Format;
  readonly file: string;
  /** Where rejected records are written. */
  readonly rejected: string;
  readonly strict: boolean;
  /** Whose holdings a file states, where its records do not say. */
  readonly peer?: string;
  /** What the holdings come from: a later file of the same source replaces what it stated. */
  readonly source?: string;
  /** Whether the file states everything its source has to say: what it does not state any more is removed. */
  readonly complete?: boolean;
  /** The bank account, for statements that do not name theirs. */
  readonly account?: string;
}

/** The arguments cannot be used; the message is one sentence a mistake. */
export class UnusableArguments extends Error {
  override name = 'UnusableArguments';
}

export const usage = `npm run import -- --library CODE --format FORMAT FILE [--peer CODE] [--source NAME] [--complete]
               [--account CODE] [--rejected FILE] [--strict]

  --library CODE   the library, as its policy file is named
  --format FORMAT  marc21   titles: MARC 21 in ISO 2709, UTF-8
                   marcxml  titles: MARCXML
                   items    copies: CSV with barcode, control_number, branch,
                            [shelf_mark, kind, issue, issued_on, for_loan]
                   readers  readers: CSV with card, name, group,
                            [birth_date, email, phone, language, expires_on, paid_until]
                   statement a bank’s file: camt.053, MT940, or CSV as the policy describes
                            it; taken over whole or not at all
                   holdings-marc, holdings-marcxml
                            what other libraries have: MARC with 852 and 866
                   kbart    what another library has online: KBART, phase 1 or 2
  --peer CODE      whose holdings they are, by the policy; MARC can say so itself (852 $a)
  --source NAME    what the holdings come from, to tell several files apart (the format)
  --complete       the file states all there is: holdings of this source that it does not
                   state any more are removed
  --rejected FILE  where rejected records go, one JSON object a line with all reasons
                   (FILE.rejected.jsonl in the current folder); the records themselves
                   go beside it where they are MARC
  --account CODE   the bank account, for statements that do not name theirs
  --strict         exit with 1 when a record was rejected

DATABASE_URL names the database. Doing an import again changes nothing. Exit code 0: the file was read
whole; 1: it was not; 2: these arguments cannot be used.`;

const options = {
  library: { type: 'string' },
  format: { type: 'string' },
  rejected: { type: 'string' },
  account: { type: 'string' },
  peer: { type: 'string' },
  source: { type: 'string' },
  complete: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UnusableArguments(error instanceof Error ? error.message : String(error));
  }
}

function isFormat(text: string): text is Format {
  return (formats as readonly string[]).includes(text);
}

function baseName(path: string): string {
  return path.split(/[/\\]/u).at(-1) ?? path;
}

/** Reads the command line; `undefined` when help is asked for. Throws `UnusableArguments` with every mistake. */
export function readArguments(
  argv: readonly string[],
  hasLibrary: (code: string) => boolean,
): Arguments | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const { library = '', format = '', strict } = values;
  const [file = ''] = positionals;
  const mistakes: string[] = [];
  if (library === '') mistakes.push('--library is missing.');
  else if (!hasLibrary(library)) mistakes.push(`There is no policy for a library ${library}.`);
  if (!isFormat(format)) mistakes.push(`--format must be one of ${formats.join(', ')}.`);
  if (format === 'kbart' && !values.peer)
    mistakes.push('--peer is missing: a KBART file does not say whose it is.');
  if (positionals.length !== 1) mistakes.push('Name one file to import.');
  if (!isFormat(format) || mistakes.length > 0) throw new UnusableArguments(mistakes.join('\n'));
  return {
    ...(values.account !== undefined && { account: values.account }),
    ...(values.peer !== undefined && { peer: values.peer }),
    ...(values.source !== undefined && { source: values.source }),
    complete: values.complete,
    library,
    format,
    file,
    strict,
    rejected: values.rejected ?? `${baseName(file)}.rejected.jsonl`,
  };
}
