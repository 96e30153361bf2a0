import { readLink, type EncodingUsed, type LinkEncoding, type LinkText } from './link-text.ts';
import { isbnForms, issn } from './standard-numbers.ts';

/** What a link from a catalogue or a link resolver says of the work that is wanted (I1). Every text is as it was given, trimmed and bounded; nothing of it is trusted. */
export interface WantedWork {
  readonly service: 'copy' | 'loan' | undefined;
  readonly literature: Literature | undefined;
  readonly title?: string;
  readonly titleOfPart?: string;
  /** All that are named, the first one first. */
  readonly authors: readonly string[];
  readonly volume?: string;
  readonly issue?: string;
  readonly pages?: string;
  readonly date?: string;
  readonly edition?: string;
  readonly publisher?: string;
  readonly placeOfPublication?: string;
  readonly isbns: readonly string[];
  readonly issns: readonly string[];
  /** Identifiers by their own scheme: `doi`, `pmid`, `oclcnum`. */
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[];
  /** What there is no field for: part, quarter, season, article number, and the person's own remark. */
  readonly remarks: readonly string[];
  /** Where the link comes from, `info:sid/…`. */
  readonly source?: string;
  readonly neededBy?: string;
  /** Where it is to be picked up, by whatever code the link's maker has for the place. */
  readonly pickupLocation?: string;
  /** How its characters were read. */
  readonly encoding: EncodingUsed;
}

export const literatures = [
  'book',
  'chapter',
  'article',
  'journal',
  'thesis',
  'conference-paper',
  'report',
  'patent',
] as const;

export type Literature = (typeof literatures)[number];

const longest = 500;
const mostValues = 20;

const byGenre: Readonly<Record<string, Literature>> = {
  book: 'book',
  bookitem: 'chapter',
  article: 'article',
  preprint: 'article',
  journal: 'journal',
  issue: 'journal',
  conference: 'book',
  proceeding: 'conference-paper',
  dissertation: 'thesis',
  report: 'report',
  patent: 'patent',
};

const byFormat: Readonly<Record<string, Literature>> = {
  journal: 'article',
  book: 'book',
  dissertation: 'thesis',
  patent: 'patent',
};

/** What is part of something that is not lent for it. */
const parts: ReadonlySet<Literature> = new Set(['chapter', 'article', 'conference-paper']);

type Ask = (...keys: string[]) => string | undefined;

/**
 * Reads an OpenURL: Z39.88-2004 in key/encoded-value form, where the keys of the work begin with `rft.`, or version 0.1, where they stand alone. Keys may repeat and come in
 * any order. Who asks (`req.*`) is left alone: a link proves nothing about a person.
 *
 * @param query what stands behind the question mark, as it came
 * @param chosen the encoding that the reader says its characters are in
 */
export function readOpenUrl(query: string, chosen?: LinkEncoding): WantedWork {
  const { entries, encoding } = readLink(query, chosen);
  const all = valuesOf(entries);
  const several = (...keys: string[]) =>
    keys.flatMap((key) => [...(all.get(`rft.${key}`) ?? []), ...(all.get(key) ?? [])]);
  const ask: Ask = (...keys) => several(...keys)[0];
  const identifiers = [...(all.get('rft_id') ?? []), ...(all.get('id') ?? [])].flatMap(identifierOf);
  const literature = literatureOf(ask, all.get('rft_val_fmt')?.[0]);
  return {
    service: serviceOf(all.get('svc.id')?.[0], literature),
    literature,
    ...known({
      title: ask('jtitle', 'btitle', 'title', 'stitle'),
      titleOfPart: ask('atitle'),
      volume: ask('volume'),
      issue: ask('issue'),
      pages: pagesOf(ask),
      date: ask('date'),
      edition: ask('edition'),
      publisher: ask('pub'),
      placeOfPublication: ask('place'),
      source: all.get('rfr_id')?.[0] ?? all.get('sid')?.[0],
      neededBy: all.get('svc.neededBy')?.[0],
      pickupLocation: all.get('svc.pickupLocation')?.[0],
    }),
    authors: authorsOf(several('au', 'creator'), authorOf(ask)),
    isbns: unique([...several('isbn'), ...urns(all, 'ISBN')].flatMap((text) => isbnForms(text)[0] ?? [])),
    issns: unique([...several('issn', 'eissn'), ...urns(all, 'ISSN')].flatMap((text) => issn(text) ?? [])),
    identifiers,
    remarks: remarksOf(ask, all.get('svc.note')?.[0]),
    encoding,
  };
}

function valuesOf(entries: LinkText['entries']): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [key, value] of entries) {
    const text = value
      .toWellFormed()
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim()
      .slice(0, longest);
    const values = all.get(key) ?? [];
    if (text !== '' && values.length < mostValues) all.set(key, [...values, text]);
  }
  return all;
}

const unique = (texts: readonly string[]) => [...new Set(texts)];

function known<T extends Record<string, string | undefined>>(given: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(given).filter(([, text]) => text !== undefined)) as {
    [K in keyof T]?: string;
  };
}

function literatureOf(ask: Ask, format = ''): Literature | undefined {
  const genre = ask('genre')?.toLowerCase();
  if (genre !== undefined && Object.hasOwn(byGenre, genre)) return byGenre[genre];
  const kind = format.slice(format.lastIndexOf(':') + 1);
  const guessed = Object.hasOwn(byFormat, kind) ? byFormat[kind] : undefined;
  if (guessed === 'article' && ask('atitle') === undefined) return 'journal';
  return guessed === 'book' && ask('atitle') !== undefined ? 'chapter' : guessed;
}

function serviceOf(stated: string | undefined, literature: Literature | undefined) {
  if (stated === 'copy' || stated === 'loan') return stated;
  return literature !== undefined && parts.has(literature) ? 'copy' : undefined;
}

/** The parts name the first author, whom a list of full names may leave out. */
function authorsOf(named: readonly string[], ofParts: string | undefined): string[] {
  if (ofParts === undefined) return unique(named);
  const last = ofParts.split(',', 1)[0]?.toLowerCase() ?? '';
  return unique(named.some((each) => each.toLowerCase().includes(last)) ? named : [ofParts, ...named]);
}

/** `auinit` may be all initials or only the first; `auinit1` and `auinitm` are the first and the others. */
function authorOf(ask: Ask): string | undefined {
  const last = ask('aulast');
  if (last === undefined) return ask('aucorp');
  const initials = ask('auinit') ?? [ask('auinit1'), ask('auinitm')].filter(Boolean).join(' ');
  const first = ask('aufirst') ?? initials;
  return first === '' ? last : `${last}, ${first}`;
}

function pagesOf(ask: Ask): string | undefined {
  const [first, last] = [ask('spage'), ask('epage')];
  if (first === undefined) return ask('pages', 'artnum');
  return last === undefined || last === first ? first : `${first}-${last}`;
}

const schemes: readonly (readonly [scheme: string, form: RegExp])[] = [
  ['doi', /^(?:info:doi\/|doi:|https?:\/\/(?:dx\.)?doi\.org\/)(10\..+)$/iu],
  ['pmid', /^(?:info:pmid\/|pmid:)(\d+)$/iu],
  ['oclcnum', /^(?:info:oclcnum\/|oclcnum:)(\d+)$/iu],
  ['lccn', /^(?:info:lccn\/|lccn:)(.+)$/iu],
];

function identifierOf(text: string): WantedWork['identifiers'] {
  return schemes.flatMap(([scheme, form]) => {
    const value = form.exec(text)?.[1];
    return value === undefined ? [] : [{ scheme, value }];
  });
}

function urns(all: ReadonlyMap<string, readonly string[]>, name: 'ISBN' | 'ISSN'): string[] {
  const prefix = `urn:${name}:`.toLowerCase();
  return (all.get('rft_id') ?? [])
    .filter((id) => id.toLowerCase().startsWith(prefix))
    .map((id) => id.slice(prefix.length));
}

function remarksOf(ask: Ask, note: string | undefined): string[] {
  const rest = ['part', 'quarter', 'ssn', 'coden', 'sici', 'bici'].flatMap((key) => {
    const value = ask(key);
    return value === undefined ? [] : [`${key}: ${value}`];
  });
  const article = ask('spage') === undefined ? undefined : ask('artnum');
  return [
    ...rest,
    ...(article === undefined ? [] : [`artnum: ${article}`]),
    ...(note === undefined ? [] : [note]),
  ];
}
