import type { ItemState } from './kinds.ts';
import type { IllForm } from './ill.ts';
import { isbnForms, issn, normalise, queryTerms } from './text.ts';

/** A title of the library's own catalogue, with where its copies are. */
export interface OwnTitle {
  readonly title: string;
  readonly author: string | null;
  readonly isbns: readonly string[];
  readonly issns: readonly string[];
  readonly facts: { readonly items: readonly { readonly state: ItemState }[] };
}

/** Every form of the standard numbers that stand in a form. */
export function wantedNumbers({ isbn, issn: serial }: IllForm): string[] {
  const number = serial === undefined ? undefined : issn(serial);
  return [...(isbn === undefined ? [] : isbnForms(isbn)), ...(number === undefined ? [] : [number])];
}

/** A title without its subtitle and its statement of responsibility, normalised: `Walden : or, Life in the woods` and `Walden` are alike. */
export function mainTitle(title: string): string {
  const [main = ''] = title.split(/\s*[：／]\s*|\s[=/]\s|\s?:\s/u);
  return normalise(main) || normalise(title);
}

const there: ReadonlySet<ItemState> = new Set([
  'available',
  'on-loan',
  'hold-shelf',
  'put-away',
  'in-transit',
]);

function shareAuthor(wanted: string | undefined, own: string | null): boolean {
  if (wanted === undefined || own === null) return true;
  const words = new Set(queryTerms(own));
  const joined = normalise(own).replaceAll(' ', '');
  return (
    queryTerms(wanted).some((word) => words.has(word)) || joined === normalise(wanted).replaceAll(' ', '')
  );
}

/**
 * Whether the library has what a form wants: by its standard number, else by its title and author. Another edition – the same title under another number – counts only
 * where any will do. A title whose copies are lost or withdrawn is not there.
 */
export function isHeld(own: OwnTitle, work: IllForm): boolean {
  if (!own.facts.items.some(({ state }) => there.has(state))) return false;
  const wanted = wantedNumbers(work);
  const has = [...own.isbns, ...own.issns];
  if (wanted.some((number) => has.includes(number))) return true;
  const otherEdition = wanted.length > 0 && has.length > 0 && work.anyEdition !== true;
  return (
    !otherEdition && mainTitle(own.title) === mainTitle(work.title) && shareAuthor(work.author, own.author)
  );
}
