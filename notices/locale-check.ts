import { type Language, languages } from '../domain/languages.ts';
import type { Catalogues } from './locale-files.ts';

/** What may stand after the comma in `{{name, format}}`. */
export const formatNames = ['day', 'time', 'month', 'kinds', 'money'] as const;

interface Placeholder {
  readonly name: string;
  readonly format: string | undefined;
}

/** The placeholders of a text, in their order. */
export function placeholders(text: string): Placeholder[] {
  return [...text.matchAll(/\{\{\s*([^\s,{}]+)\s*(?:,\s*([^\s{}]+)\s*)?\}\}/g)].map(
    ([, name = '', format]) => ({
      name,
      format,
    }),
  );
}

/** Names of the data a text needs; two texts ask for the same when this is equal. */
export function neededData(text: string): string[] {
  return [...new Set(placeholders(text).map(({ name }) => name))].toSorted();
}

const pluralForm = /_(zero|one|two|few|many|other)$/;

function baseOf(key: string): string {
  return key.replace(pluralForm, '');
}

function formsOf(language: Language, catalogues: Catalogues, base: string): string[] {
  if (catalogues[language].has(base)) return [base];
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const forms = pluralCategories.map((category) => `${base}_${category}`);
  return forms.some((form) => catalogues[language].has(form)) ? forms : [];
}

/** The form that stands for a key where languages are compared: the text itself, or its general plural. */
function mainForm(language: Language, catalogues: Catalogues, base: string): string | undefined {
  return catalogues[language].get(base) ?? catalogues[language].get(`${base}_other`);
}

function missing(catalogues: Catalogues, bases: readonly string[]): string[] {
  return languages.flatMap((language) =>
    bases.flatMap((base) => {
      const forms = formsOf(language, catalogues, base);
      const absent = forms.filter((form) => !catalogues[language].has(form));
      return (forms.length === 0 ? [base] : absent).map((key) => `${language}: ${key} is missing`);
    }),
  );
}

function malformed(catalogues: Catalogues): string[] {
  return languages.flatMap((language) =>
    [...catalogues[language]].flatMap(([key, text]) => {
      const at = `${language}: ${key}`;
      const stray = text.replaceAll(/\{\{[^{}]*\}\}/g, '');
      const known: readonly (string | undefined)[] = [undefined, ...formatNames];
      const unknown = placeholders(text).filter(({ format }) => !known.includes(format));
      return [
        ...(text.trim() === '' ? [`${at} is empty`] : []),
        ...(/\{\{|\}\}|\$t\(/.test(stray) ? [`${at} has a broken placeholder`] : []),
        ...unknown.map(({ format }) => `${at} asks for the unknown format ${format}`),
      ];
    }),
  );
}

function differing(catalogues: Catalogues, bases: readonly string[]): string[] {
  return bases.flatMap((base) => {
    const asked = languages.map((language) =>
      neededData(mainForm(language, catalogues, base) ?? '').join(', '),
    );
    const odd = languages.filter((_, index) => asked[index] !== asked[0] && asked[index] !== '');
    return odd.length > 0 || new Set(asked).size > 1
      ? [
          `${base} has other placeholders in other languages: ${languages.map((each, index) => `${each} (${asked[index]})`).join(', ')}`,
        ]
      : [];
  });
}

/** A problem whose explanation needs data must also have one that needs none, for when the data is not at hand. */
function unprepared(catalogues: Catalogues, bases: readonly string[]): string[] {
  const details = bases.filter((base) => /^problem\..*\.detail$/.test(base));
  return details.flatMap((base) => {
    const plain = base.replace(/detail$/, 'plain');
    const needs = neededData(mainForm('en', catalogues, base) ?? '').length > 0;
    if (needs && !bases.includes(plain))
      return [`${plain} is missing in all languages: ${base} has placeholders`];
    return neededData(mainForm('en', catalogues, plain) ?? '').length > 0
      ? [`${plain} has placeholders`]
      : [];
  });
}

/**
 * Everything that is wrong with the texts (G3): a key that one language lacks – or all lack, though `required` – plural forms the language needs,
 * placeholders that differ or are broken. Empty when all is well.
 */
export function catalogueProblems(catalogues: Catalogues, required: readonly string[]): string[] {
  const found = languages.flatMap((language) => [...catalogues[language].keys()].map(baseOf));
  const bases = [...new Set([...required, ...found])];
  const absent = missing(catalogues, bases);
  const complete = bases.filter((base) =>
    languages.every((each) => mainForm(each, catalogues, base) !== undefined),
  );
  return [
    ...absent,
    ...malformed(catalogues),
    ...differing(catalogues, complete),
    ...unprepared(catalogues, complete),
  ];
}
