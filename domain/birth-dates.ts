import { Temporal } from 'temporal-polyfill';

/** First days of the Japanese eras, latest first: a birth date is often written with the year of the era. */
const eras = ['2019-05-01', '1989-01-08', '1926-12-25', '1912-07-30', '1868-01-25'];

function eraYear(date: Temporal.PlainDate): number | undefined {
  const first = eras.find((day) => Temporal.PlainDate.compare(day, date) <= 0);
  return first === undefined ? undefined : date.year - Temporal.PlainDate.from(first).year + 1;
}

function padded(part: number): string {
  return String(part).padStart(2, '0');
}

function yearForms(date: Temporal.PlainDate): string[] {
  const era = eraYear(date);
  const forms = [String(date.year), padded(date.year % 100)];
  return era === undefined ? forms : [...forms, padded(era)];
}

function digitForms(date: Temporal.PlainDate): Set<string> {
  const days = [
    [padded(date.month), padded(date.day)],
    [String(date.month), String(date.day)],
  ].map(([month = '', day = '']) => [month + day, day + month]);
  const forms = days.flatMap(([monthDay = '', dayMonth = '']) =>
    yearForms(date).flatMap((year) => [year + monthDay, dayMonth + year, monthDay + year]),
  );
  return new Set([...forms, ...(days[0] ?? [])]);
}

/**
 * Whether a password is the reader's birth date (A9), in any order of year, month and day, with or without the century, the year or leading
 * zeros, with an era's year, with separators, in full-width digits. `birthDate` is `YYYY-MM-DD`; null, when it is not known, gives false.
 */
export function isBirthDate(password: string, birthDate: string | null): boolean {
  if (birthDate === null) return false;
  const plain = password.normalize('NFKC').replaceAll(/[\s.,/\-_年月日]/gu, '');
  const digits = plain.replace(/^[MTSHR](?=\d{6}$)/iu, '');
  return digitForms(Temporal.PlainDate.from(birthDate)).has(digits);
}
