import { isbnForms, issn, normalise } from '../domain/text.ts';
import type { CatalogueRecord } from './catalogue-record.ts';
import { statements, type Forms } from './marc-forms.ts';
import { isBibliographic, kindOf } from './marc-kind.ts';
import { controlValue, fieldsOf, subfieldsOf, type MarcField, type MarcRecord } from './marc-record.ts';
import { isLatin, plain, shortened, withoutClosingMarks, withoutNonSorting } from './marc-text.ts';

const mainNames = ['100', '110', '111'];
const addedNames = ['700', '710', '711'];
const longestControlNumber = 100;
const longestText = 2000;
const longestSortKey = 100;

function titleStatement(field: MarcField): string {
  return shortened(withoutClosingMarks(subfieldsOf(field, 'abnp').join(' ')), longestText);
}

function nameStatement(field: MarcField): string {
  const isWork = subfieldsOf(field, 't').length > 0;
  return isWork ? '' : withoutClosingMarks(subfieldsOf(field, 'abcq').join(' '));
}

/** 264 with second indicator 1 is the publication; other 264s are printing and copyright. */
function imprints(record: MarcRecord): MarcField[] {
  return fieldsOf(record, '260', '264').filter((field) => field.tag === '260' || field.indicators[1] === '1');
}

function imprint(record: MarcRecord, code: string): string | null {
  const published: MarcRecord = { ...record, fields: [...imprints(record), ...fieldsOf(record, '880')] };
  const [first] = statements(published, ['260', '264'], (field) =>
    withoutClosingMarks(subfieldsOf(field, code)[0] ?? ''),
  );
  return first ? shortened(first.shown, longestText) : null;
}

function publishedIn(record: MarcRecord): string | null {
  const year = /^\d{4}/u.exec(controlValue(record, '008').slice(7, 11))?.[0];
  return imprint(record, 'c') ?? year ?? null;
}

/** ISO 639 in its shortest form (`ger`, `deu` and `de` are `de`); null where the record does not say. */
function languageOf(record: MarcRecord): string | null {
  const stated = [
    controlValue(record, '008').slice(35, 38),
    ...fieldsOf(record, '041').flatMap((field) => subfieldsOf(field, 'a')),
  ];
  const code = stated.find((each) => /^[a-z]{3}$/u.test(each) && !['und', 'mul', 'zxx'].includes(each));
  return code ? (Intl.getCanonicalLocales(code)[0] ?? null) : null;
}

function standardNumbers(
  record: MarcRecord,
  tag: string,
  forms: (text: string) => readonly string[],
): string[] {
  return [
    ...new Set(
      fieldsOf(record, tag)
        .flatMap((field) => subfieldsOf(field, 'a'))
        .flatMap(forms),
    ),
  ];
}

function issnForms(text: string): string[] {
  const number = issn(text);
  return number === undefined ? [] : [number];
}

/** The title in the order of lists: without the article that the cataloguer marked (245, second indicator, or non-sorting marks). */
function sortKey(field: MarcField | undefined, title: Forms): string {
  const raw = field ? subfieldsOf(field, 'abnp').join(' ') : '';
  if (!field || titleStatement(field) !== title.shown)
    return shortened(normalise(title.shown), longestSortKey);
  const article = /^[1-9]$/u.test(field.indicators[1] ?? '') ? Number(field.indicators[1]) : 0;
  return shortened(normalise(withoutNonSorting(raw).slice(article)), longestSortKey);
}

/** What a search looks through: title and names in every script, publisher, each normalised for itself. */
function searchText(
  titles: readonly Forms[],
  names: readonly Forms[],
  rest: readonly (string | null)[],
): string {
  const forms = [...titles, ...names].flatMap(({ shown, other }) => [shown, other ?? '']);
  const texts = [...forms, ...rest.map((text) => text ?? '')].map(normalise).filter((text) => text !== '');
  return [...new Set(texts)].join(' ');
}

function describe(record: MarcRecord, controlNumber: string, title: Forms): CatalogueRecord {
  const names = [mainNames, addedNames].flatMap((tags) => statements(record, tags, nameStatement));
  const variants = statements(record, ['130', '240', '246', '490'], titleStatement);
  const publisher = imprint(record, 'b');
  return {
    controlNumber,
    kind: kindOf(record),
    title: title.shown,
    titleRomanised: title.other !== undefined && isLatin(title.other) ? title.other : null,
    sortKey: sortKey(fieldsOf(record, '245')[0], title),
    author: shortened([...new Set(names.map((name) => name.shown))].join('; '), longestText) || null,
    publisher,
    published: publishedIn(record),
    language: languageOf(record),
    isbns: standardNumbers(record, '020', isbnForms),
    issns: standardNumbers(record, '022', issnForms),
    searchText: searchText([title, ...variants], names, [publisher]),
  };
}

/**
 * What the catalogue keeps of a MARC 21 record, or every reason why it cannot be kept. A record marked as deleted (leader/05) is taken like any
 * other: an import deletes nothing, and the library may still have the copies.
 */
export function toCatalogueRecord(
  record: MarcRecord,
): { ok: CatalogueRecord } | { reasons: string[]; controlNumber: string } {
  const controlNumber = plain(controlValue(record, '001'));
  const [title] = statements(record, ['245'], titleStatement);
  const reasons: string[] = [];
  if (controlNumber === '') reasons.push('there is no control number (001)');
  if (controlNumber.length > longestControlNumber)
    reasons.push('the control number (001) is longer than 100 characters');
  if (!isBibliographic(record)) reasons.push('it describes no title (leader/06)');
  if (title === undefined) reasons.push('there is no title (245)');
  return title === undefined || reasons.length > 0
    ? { reasons, controlNumber }
    : { ok: describe(record, controlNumber, title) };
}
