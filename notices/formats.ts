import type { Language } from '../domain/languages.ts';

/** An instant (epoch milliseconds, ISO 8601 text, `Date`) or a civil date (`YYYY-MM-DD`, the same day in every zone). */
export type When = number | string | Date;

/** Amount in minor units of an ISO 4217 currency: 550 JPY are ¥550, 550 EUR are €5.50. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

type Style = 'day' | 'time';

const locales: Readonly<Record<Language, string>> = { ja: 'ja-JP', zh: 'zh-CN', de: 'de-DE', en: 'en-GB' };

const day = { year: 'numeric', month: 'long', day: 'numeric' } as const;
const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

function optionsFor(language: Language, style: Style): Intl.DateTimeFormatOptions {
  if (style === 'time') return time;
  return { ...day, weekday: language === 'ja' ? 'short' : 'long' };
}

function isCivilDate(when: When): boolean {
  return typeof when === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(when);
}

/** Whether a value can be read as an instant or a civil date. */
export function isWhen(value: unknown): value is When {
  const readable = typeof value === 'number' || typeof value === 'string' || value instanceof Date;
  return readable && !Number.isNaN(new Date(value).getTime());
}

/**
 * Formats instants as a reader reads them: `day` with its weekday, `time` by the 24-hour clock, in the given IANA zone. Without a zone an instant is
 * written in UTC and says so. Civil dates need no zone. Throws `RangeError` for what is no time.
 */
export function createDateFormat(): (
  language: Language,
  style: Style,
  when: When,
  timeZone?: string,
) => string {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (language, style, when, timeZone) => {
    const civil = isCivilDate(when);
    const zone = civil ? 'UTC' : timeZone;
    const key = `${language} ${style} ${civil ? 'civil' : zone}`;
    const format =
      made.get(key) ??
      new Intl.DateTimeFormat(locales[language], {
        ...optionsFor(language, style),
        timeZone: zone ?? 'UTC',
        ...(zone === undefined && style === 'time' && { timeZoneName: 'short' }),
      });
    made.set(key, format);
    return format.format(new Date(when));
  };
}

/** A civil date (`YYYY-MM-DD`) as it is written on papers, without its weekday. */
export function longDay(language: Language, civil: string): string {
  return new Intl.DateTimeFormat(locales[language], { ...day, timeZone: 'UTC' }).format(new Date(civil));
}

/** A month (`YYYY-MM`) as it is written on papers: November 2026. */
export function longMonth(language: Language, month: string): string {
  const format = new Intl.DateTimeFormat(locales[language], {
    year: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  return format.format(new Date(month));
}

/** An amount with its currency as a reader writes it, with the currency's own number of digits: `￥550`, `5,50 €`. */
export function formatMoney(language: Language, { amountMinor, currency }: Money): string {
  const format = new Intl.NumberFormat(locales[language], { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(amountMinor / 10 ** digits);
}

/** How many digits of the main unit a currency has: JPY none, EUR two, KWD three. */
export function currencyDigits(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 0;
}
