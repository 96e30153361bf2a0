import type { EntityManager } from '@mikro-orm/postgresql';
import type { CatalogueKind } from '../../domain/kinds.ts';
import { isbnForms, issn, queryTerms } from '../../domain/text.ts';
import { availabilityOf, type Availability } from './availability.ts';
import { readTitleCursor, writeTitleCursor } from './title-cursor.ts';

export interface TitleSearch {
  readonly library: string;
  /** Words of which all must be found, wherever they stand; a whole ISBN or ISSN finds the title that has it. Blank: every title. */
  readonly query: string;
  /** Only the title with this ISBN or ISSN, in any of its forms. */
  readonly isbn?: string | undefined;
  readonly limit: number;
  /** `next` of the page before; one that cannot be read begins anew. */
  readonly cursor?: string | undefined;
}

/** A title as catalogues list it. */
export interface TitleRecord {
  readonly id: string;
  readonly controlNumber: string;
  readonly kind: CatalogueKind;
  readonly title: string;
  /** In Latin script, where `title` is in another. */
  readonly titleRomanised: string | null;
  readonly author: string | null;
  readonly publisher: string | null;
  readonly published: string | null;
  readonly language: string | null;
  readonly isbns: readonly string[];
  readonly issns: readonly string[];
}

export interface TitleEntry extends TitleRecord, Availability {}

export interface TitlePage {
  readonly titles: readonly TitleEntry[];
  /** Cursor of the next page; null when this is the last. */
  readonly next: string | null;
}

/** The columns of a `TitleRecord`. */
export const titleColumns = `
  id, control_number as "controlNumber", kind, title, title_romanised as "titleRomanised", author, publisher, published, language, isbns, issns`;

/** What other libraries have lent us is in no catalogue (I9). */
export const inCatalogue = `kind <> 'ill'`;

/** More words than anyone types add nothing but work. */
const mostTerms = 12;

type Listed = TitleRecord & { readonly sortKey: string };

interface Condition {
  readonly sql: string;
  readonly values: readonly unknown[];
}

function hasNumber(numbers: readonly string[]): Condition {
  return { sql: '(isbns || issns) && ?::text[]', values: [`{${numbers.join(',')}}`] };
}

function standardNumbers(text: string): string[] {
  const serial = issn(text);
  return [...isbnForms(text), ...(serial === undefined ? [] : [serial])];
}

/**
 * Every term as a part of the text. The pairs of neighbouring characters (search_grams) lead to the few titles that can have them, for Japanese and
 * Chinese terms of one or two characters as well; strpos, which knows no wildcards, then decides.
 */
function hasTerms(terms: readonly string[]): Condition {
  const each = terms.map(() => 'strpos(search_text, ?) > 0');
  return {
    sql: ['search_grams(search_text) @> search_grams(?)', ...each].join(' and '),
    values: [terms.join(' '), ...terms],
  };
}

/** Undefined: nothing to look for, so every title fits. Null: nothing can fit. */
function queryCondition(query: string): Condition | undefined | null {
  if (query.trim() === '') return undefined;
  const numbers = standardNumbers(query);
  if (numbers.length > 0) return hasNumber(numbers);
  const terms = queryTerms(query).slice(0, mostTerms);
  return terms.length === 0 ? null : hasTerms(terms);
}

function isbnCondition(isbn: string | undefined): Condition | undefined | null {
  if (isbn === undefined) return undefined;
  const numbers = standardNumbers(isbn);
  return numbers.length === 0 ? null : hasNumber(numbers);
}

function afterCondition(cursor: string | undefined): Condition | undefined {
  const position = cursor === undefined ? undefined : readTitleCursor(cursor);
  return position && { sql: '(sort_key, id) > (?, ?::uuid)', values: [position.sortKey, position.id] };
}

function conditionsOf(search: TitleSearch): readonly Condition[] | null {
  const found = [queryCondition(search.query), isbnCondition(search.isbn), afterCondition(search.cursor)];
  if (found.includes(null)) return null;
  const library = { sql: `library = ? and ${inCatalogue}`, values: [search.library] };
  return [library, ...found.filter((condition) => condition !== undefined && condition !== null)];
}

/**
 * Titles of a library by title, author, publisher, ISBN or ISSN, in the order of their titles, each with what `isHoldable` needs to know. Pages begin
 * behind the last title of the page before, so titles that are added meanwhile shift nothing. 200,000 titles: a few to some 50 ms.
 */
export async function searchTitles(em: EntityManager, search: TitleSearch): Promise<TitlePage> {
  const conditions = conditionsOf(search);
  if (conditions === null) return { titles: [], next: null };
  const rows = await em.execute<Listed[]>(
    `select ${titleColumns}, sort_key as "sortKey" from title where ${conditions.map(({ sql }) => sql).join(' and ')}
     order by sort_key, id limit ?`,
    [...conditions.flatMap(({ values }) => values), search.limit + 1],
  );
  const listed = rows.map(({ sortKey, ...title }) => ({ title, position: { sortKey, id: title.id } }));
  const page = listed.slice(0, search.limit);
  const last = rows.length > search.limit ? page.at(-1) : undefined;
  const titles = await withAvailability(
    em,
    page.map(({ title }) => title),
  );
  return { titles, next: last ? writeTitleCursor(last.position) : null };
}

async function withAvailability(em: EntityManager, titles: readonly TitleRecord[]): Promise<TitleEntry[]> {
  const availability = await availabilityOf(
    em,
    titles.map((title) => title.id),
  );
  return titles.flatMap((title) => {
    const found = availability.get(title.id);
    return found ? [{ ...title, ...found }] : [];
  });
}
