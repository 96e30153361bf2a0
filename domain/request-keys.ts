import type { IllForm, LiteratureType } from './ill.ts';
import { isbnForms, normalise } from './text.ts';

const serials: ReadonlySet<LiteratureType> = new Set(['journal', 'newspaper', 'article']);

/** Longer keys than this say no more, and an index has its limits. */
const longest = 300;

const joined = (...parts: (string | undefined)[]): string =>
  parts
    .map((part) => normalise(part ?? ''))
    .join('|')
    .slice(0, longest);

/** The first page, by which citations of one article agree when all else is abbreviated. */
const firstPage = (pages: string | undefined): string | undefined => /\d+/u.exec(pages ?? '')?.[0];

/**
 * By which a request is likely for the same thing as another: they have one of these in common. Of a part of something – an article, a chapter – its own identifiers and
 * names, never only what it is a part of.
 */
export function requestKeys(literature: LiteratureType, work: IllForm): string[] {
  const own = [
    ...(work.doi === undefined ? [] : [`doi:${work.doi.toLowerCase()}`.slice(0, longest)]),
    ...(work.pmid === undefined ? [] : [`pmid:${work.pmid}`]),
  ];
  const keys = work.component === undefined ? wholeKeys(literature, work) : partKeys(work, work.component);
  return [...new Set([...own, ...keys])];
}

function partKeys({ title, issn, volume, pages }: IllForm, component: string): string[] {
  const page = firstPage(pages);
  const cited =
    issn === undefined || volume === undefined || page === undefined
      ? []
      : [`cited:${joined(issn, volume, page)}`];
  return [`part:${joined(component, title)}`, ...cited];
}

function wholeKeys(
  literature: LiteratureType,
  { title, isbn, oclc, volume, issue, year }: IllForm,
): string[] {
  const number = isbn === undefined ? undefined : isbnForms(isbn)[0];
  const of = serials.has(literature) ? [volume, issue, year] : [volume];
  return [
    ...(number === undefined ? [] : [`isbn:${joined(number, volume)}`]),
    ...(oclc === undefined ? [] : [`oclc:${oclc.replaceAll(/\D/gu, '')}`]),
    `title:${joined(title, ...of)}`,
  ];
}

/** Title and author, normalised: in which lists look for words. */
export function requestSearchText({ title, component, author, componentAuthor }: IllForm): string {
  return normalise([component, title, componentAuthor, author].filter(Boolean).join(' '));
}
