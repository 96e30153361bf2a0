import type { IllForm } from './ill.ts';
import type { CataloguePolicy } from './policy-suppliers.ts';
import { isbnForms, issn } from './text.ts';

type Indexes = CataloguePolicy['indexes'];

const longestTerm = 200;

/**
 * A text as a term of CQL: in quotation marks, in which every mark with a meaning of its own – quotation mark, backslash, the wildcards and the anchor – stands for itself. Nothing that
 * somebody wrote into a form can end the term.
 */
export function cqlTerm(text: string): string {
  const plain = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, longestTerm)
    .toWellFormed();
  return `"${plain.replaceAll(/["\\*?^]/gu, (mark) => `\\${mark}`)}"`;
}

const anyOf = (index: string, terms: readonly string[]) =>
  terms.map((term) => `${index}=${cqlTerm(term)}`).join(' or ');

function byNumber({ isbn, issn: stated }: IllForm, indexes: Indexes): readonly string[] {
  const isbns = isbnForms(isbn ?? '');
  const number = issn(stated ?? '');
  return [
    ...(isbns.length > 0 ? [anyOf(indexes.isbn, isbns)] : []),
    ...(number === undefined ? [] : [anyOf(indexes.issn, [number])]),
  ];
}

/** What a name without its dates and titles is searched by: its first author's. */
function byTitle({ title, author }: IllForm, indexes: Indexes): string {
  const [proper = title] = title.split(/\s*[:：=＝/;；]\s/u);
  const byItself = `${indexes.title}=${cqlTerm(proper || title)}`;
  const [first = ''] = (author ?? '').split(/[;；]/u);
  return first.trim() === '' ? byItself : `${byItself} and ${indexes.author}=${cqlTerm(first)}`;
}

/** The queries that find what a form wants, one after the other until something is found: by its number, else by title and author. */
export function queriesOf(form: IllForm, indexes: Indexes): readonly string[] {
  const numbers = byNumber(form, indexes);
  return [...(numbers.length > 0 ? [numbers.join(' or ')] : []), byTitle(form, indexes)];
}
