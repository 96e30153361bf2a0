import { createInstance, type i18n } from 'i18next';
import { mistakeCodes } from '../domain/bank.ts';
import { blockReasons } from '../domain/block-reasons.ts';
import { differenceKinds } from '../domain/differences.ts';
import { outcomes, whys } from '../domain/matching.ts';
import { kinds, noticeKinds } from '../domain/kinds.ts';
import { type Language, languages } from '../domain/languages.ts';
import { taskKinds, taskOutcomes } from '../domain/tasks.ts';
import { cancelReasons, type ProblemCode, problemCodes } from './codes.ts';
import { createDateFormat, formatMoney, isWhen, longMonth, type When } from './formats.ts';
import { catalogueProblems, placeholders } from './locale-check.ts';
import { type Catalogues, readCatalogues } from './locale-files.ts';

/**
 * What a text is filled with. Three names have a meaning of their own: `timeZone` is the IANA zone in which instants are written, `currency` that of amounts in
 * minor units, `count` (or else `limit`) decides between singular and plural. Instants are epoch milliseconds, ISO 8601 text or `Date`; civil dates are `YYYY-MM-DD`.
 */
export type TextData = Readonly<Record<string, unknown>>;

export interface ProblemText {
  readonly title: string;
  readonly detail: string;
}

/** Everything a person reads, in their language. Nothing is escaped: what writes HTML escapes all of it. */
export interface Texts {
  /** The text of a key. Throws when there is no such key, or the data it needs is missing: both are mistakes in the program. */
  readonly t: (language: Language, key: string, data?: TextData) => string;
  /** Title and explanation of a problem; without the data that belongs to it the explanation is a general one. */
  readonly problem: (language: Language, code: ProblemCode, data?: TextData) => ProblemText;
}

const requiredKeys: readonly string[] = [
  ...outcomes.map((outcome) => `bankEntry.outcome.${outcome}`),
  ...whys.map((why) => `bankEntry.why.${why}`),
  ...problemCodes.flatMap((code) => [`problem.${code}.title`, `problem.${code}.detail`]),
  ...noticeKinds.flatMap((kind) => [`notice.${kind}.subject`, `notice.${kind}.opening`]),
  ...noticeKinds.map((kind) => `noticeKind.${kind}`),
  ...taskKinds.map((kind) => `task.${kind}`),
  ...taskOutcomes.map((outcome) => `taskOutcome.${outcome}`),
  ...blockReasons.map((reason) => `blockReason.${reason}`),
  ...kinds.flatMap((kind) => [`kind.${kind}`, `kinds.${kind}`]),
  ...differenceKinds.map((kind) => `difference.${kind}`),
  ...mistakeCodes.map((code) => `statementMistake.${code}`),
  ...cancelReasons.map((reason) => `cancelReason.${reason}`),
];

function known(language: string | undefined): Language {
  return languages.find((each) => each === language) ?? 'en';
}

function addFormats(instance: i18n): void {
  const format = createDateFormat();
  const { formatter } = instance.services;
  for (const style of ['day', 'time'] as const) {
    formatter?.add(style, (value: When, language, { timeZone }) =>
      format(known(language), style, value, timeZone),
    );
  }
  formatter?.add('month', (month: string, language) => longMonth(known(language), month));
  formatter?.add('money', (amountMinor: number, language, { currency }) =>
    formatMoney(known(language), { amountMinor, currency: String(currency) }),
  );
  formatter?.add('kinds', (value: string, language) =>
    instance.t(`kinds.${value}`, { lng: known(language) }),
  );
}

function createEngine(catalogues: Catalogues): i18n {
  const instance = createInstance({
    initAsync: false,
    resources: Object.fromEntries(
      languages.map((language) => [language, { translation: Object.fromEntries(catalogues[language]) }]),
    ),
    lng: languages[0],
    fallbackLng: false,
    returnNull: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
  });
  void instance.init();
  addFormats(instance);
  return instance;
}

/** i18next passes over what a format cannot read and writes it raw; such data counts as missing instead. */
function canFill(data: TextData, { name, format }: { name: string; format: string | undefined }): boolean {
  const value = data[name];
  if (value === undefined || value === null) return false;
  if (format === 'money') return typeof value === 'number' && typeof data['currency'] === 'string';
  if (format === 'kinds') return kinds.some((kind) => kind === value);
  return format === undefined || isWhen(value);
}

function countIn(data: TextData): unknown {
  return [data['count'], data['limit']].find((value) => typeof value === 'number');
}

/** Data goes in as `replace` and never as options, so that no name in it can steer the translation. */
function optionsFor(language: Language, data: TextData): Record<string, unknown> {
  const count = countIn(data);
  const timeZone = typeof data['timeZone'] === 'string' ? data['timeZone'] : undefined;
  return {
    lng: language,
    replace: data,
    nest: false,
    ...(count !== undefined && { count }),
    ...(timeZone !== undefined && { timeZone }),
    ...(typeof data['currency'] === 'string' && { currency: data['currency'] }),
  };
}

/**
 * Loads `ja.yaml`, `zh.yaml`, `de.yaml` and `en.yaml` (G3). Throws when a file cannot be read, and once, naming all of it, when any language lacks
 * a text, a plural form or a placeholder that another has.
 */
export function createTexts(localesDirectory: string): Texts {
  const catalogues = readCatalogues(localesDirectory);
  const problems = catalogueProblems(catalogues, requiredKeys);
  if (problems.length > 0)
    throw new Error(`The texts in ${localesDirectory} are not complete:\n  ${problems.join('\n  ')}`);
  const engine = createEngine(catalogues);

  const textOf = (language: Language, key: string) =>
    catalogues[language].get(key) ?? catalogues[language].get(`${key}_other`);

  const lacking = (language: Language, key: string, data: TextData) => {
    const isPlural = catalogues[language].has(`${key}_other`);
    const unfilled = placeholders(textOf(language, key) ?? '').filter(
      (placeholder) => !canFill(data, placeholder),
    );
    return [
      ...unfilled.map(({ name }) => name),
      ...(isPlural && countIn(data) === undefined ? ['count'] : []),
    ];
  };

  const t = (language: Language, key: string, data: TextData = {}) => {
    if (textOf(language, key) === undefined) throw new Error(`There is no text ${key}.`);
    const lacks = lacking(language, key, data);
    if (lacks.length > 0) throw new Error(`The text ${key} needs ${lacks.join(', ')}.`);
    return engine.t(key, optionsFor(language, data));
  };

  const problem = (language: Language, code: ProblemCode, data: TextData = {}) => {
    const detail = `problem.${code}.detail`;
    const complete = lacking(language, detail, data).length === 0;
    return {
      title: t(language, `problem.${code}.title`),
      detail: t(language, complete ? detail : `problem.${code}.plain`, data),
    };
  };

  return { t, problem };
}
