import { isbnForms, issn, normalise } from './text.ts';

/** What is known of a work, in a request or in a catalogue. */
export interface WorkFacts {
  readonly title: string;
  readonly author?: string | null | undefined;
  readonly isbns?: readonly string[] | undefined;
  readonly issns?: readonly string[] | undefined;
  readonly doi?: string | undefined;
  readonly oclc?: string | undefined;
  readonly recordId?: string | null | undefined;
}

const longestKey = 150;
const articles = /^(?:the|an?|der|die|das|ein|eine|le|la|les|un|une|el|los|las|il|lo|gli) (?=\S)/u;

/** The title proper: what stands before a subtitle or a statement of responsibility, without an article. */
function titleKey(title: string): string {
  const [proper = ''] = title.split(/\s*[:：=＝/;；]\s/u);
  const key = normalise(proper) || normalise(title);
  return key.replace(articles, '').slice(0, longestKey);
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** The first author's family name; of a name in Chinese, Japanese or Korean script all of it. */
function authorKey(author: string): string {
  const [first = ''] = author.split(/[;；&]|\band\b|\bund\b/u);
  if (unspaced.test(first)) return normalise(first).replaceAll(' ', '').slice(0, longestKey);
  const [family = '', given] = first.split(',');
  const words = normalise(family).split(' ');
  return (given === undefined ? (words.at(-1) ?? '') : words.join(' ')).slice(0, longestKey);
}

const each = (scheme: string, values: readonly string[]) => values.map((value) => `${scheme}:${value}`);

function numbers({ isbns = [], issns = [], doi, oclc }: WorkFacts): string[] {
  return [
    ...each(
      'isbn',
      isbns.flatMap((text) => isbnForms(text)[0] ?? []),
    ),
    ...each(
      'issn',
      issns.flatMap((text) => issn(text) ?? []),
    ),
    ...(doi ? [`doi:${doi.toLowerCase().slice(0, longestKey)}`] : []),
    ...(oclc && /\d/u.test(oclc) ? [`oclc:${oclc.replaceAll(/\D/gu, '').replace(/^0+/u, '')}`] : []),
  ];
}

const named = (title: string, author: string) => `title:${title}|${author}`;

/** Under what a work that somebody has is found: its numbers, its record, its title, and its title with its author. */
export function keysOfHolding(work: WorkFacts): string[] {
  const title = titleKey(work.title);
  const author = work.author ? authorKey(work.author) : '';
  const keys = [
    ...numbers(work),
    ...(work.recordId ? [`record:${work.recordId.slice(0, longestKey)}`] : []),
    ...(title ? [named(title, '')] : []),
    ...(title && author ? [named(title, author)] : []),
  ];
  return [...new Set(keys)];
}

/** Under what a work that is wanted is looked for. */
export const keysOfWanted = keysOfHolding;

export type Match = 'number' | 'title' | 'none';

const ofScheme = (keys: readonly string[], scheme: string) =>
  keys.filter((key) => key.startsWith(`${scheme}:`));

const share = (one: readonly string[], other: readonly string[]): boolean =>
  one.some((key) => other.includes(key));

/**
 * Whether what somebody has is what is wanted: by a number that both have; else by the title, and by the author where both name one. Two ISBNs that differ are two editions,
 * and one is not the other unless any will do.
 */
export function matchOf(
  wanted: readonly string[],
  held: readonly string[],
  { anyEdition = false }: { readonly anyEdition?: boolean | undefined } = {},
): Match {
  if (['isbn', 'issn', 'doi', 'oclc'].some((scheme) => share(ofScheme(wanted, scheme), held)))
    return 'number';
  const differ = (scheme: string) => ofScheme(wanted, scheme).length > 0 && ofScheme(held, scheme).length > 0;
  if (differ('issn') || (differ('isbn') && !anyEdition)) return 'none';
  return sameTitle(ofScheme(wanted, 'title'), ofScheme(held, 'title')) ? 'title' : 'none';
}

function sameTitle(wanted: readonly string[], held: readonly string[]): boolean {
  const full = (keys: readonly string[]) => keys.filter((key) => !key.endsWith('|'));
  if (full(wanted).length > 0 && full(held).length > 0) return share(full(wanted), full(held));
  return share(wanted, held);
}
