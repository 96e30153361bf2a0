import { Temporal } from 'temporal-polyfill';

/** A civil day `YYYY-MM-DD`; undefined when there is no such day. */
export function day(year: number, month: number, dayOfMonth: number): string | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day: dayOfMonth }, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

/** `2026-01-31`, or the day of an instant as the bank wrote it, whatever its zone: `2026-01-31T23:30:00+01:00`. */
export function isoDay(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?$/u.exec(text.trim());
  return match ? day(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
}

/** Two digits of a year: 80 and more are the last century's. */
export const fullYear = (twoDigits: number): number =>
  twoDigits >= 80 ? 1900 + twoDigits : 2000 + twoDigits;
