import { Temporal } from 'temporal-polyfill';
import { readAmount, swiftMarks } from './amounts.ts';
import { day, fullYear } from './days.ts';
import type { MistakeCode } from './model.ts';

/** What `:61:` says. */
export interface StatementLine {
  readonly valueOn: string;
  readonly bookedOn: string;
  /** Signed: a reversal of a credit lowers the balance. */
  readonly amount: bigint;
  readonly reversal: boolean;
  /** Expected (`EC`, `ED`): not booked. */
  readonly expected: boolean;
  readonly code: string | null;
  readonly customerRef: string | null;
  readonly bankRef: string | null;
  /** What the bank adds in its second line. */
  readonly supplement: string | null;
}

const shape =
  /^(\d{2})(\d{2})(\d{2})(?:(\d{4})| {4})?(R[CD]|E[CD]|[CD])([A-Z])?(\d{1,15}(?:,\d*)?)(?:([A-Z][A-Z0-9]{3})([^\n]*))?(?:\n([\s\S]*))?$/u;

/** Banks that count thirty days a month write a 30 February: it is the month's last day. */
function valueDay(year: number, month: number, dayOfMonth: number): string | undefined {
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) return undefined;
  return Temporal.PlainDate.from({ year, month, day: dayOfMonth }, { overflow: 'constrain' }).toString();
}

/** The entry date has no year: it is the one nearest to the value date, whose year's turn may lie between them. */
function bookingDay(monthDay: string, valueOn: string): string | undefined {
  const value = Temporal.PlainDate.from(valueOn);
  const [month, date] = [Number(monthDay.slice(0, 2)), Number(monthDay.slice(2))];
  const candidates = [value.year - 1, value.year, value.year + 1].flatMap(
    (year) => day(year, month, date) ?? [],
  );
  const distance = (each: string) => Math.abs(value.until(each).total({ unit: 'days' }));
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0];
}

const told = (text: string | undefined) => {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' || trimmed === 'NONREF' ? null : trimmed;
};

/** Reads `:61:` in all its forms (SWIFT User Handbook, MT940 field 61), or says what is wrong with it. */
export function readStatementLine(text: string, currency: string): StatementLine | MistakeCode {
  const match = shape.exec(text);
  if (!match) return 'field-invalid';
  const [, year, month, date, entryDate, mark = '', , digits = '', code, references = '', supplement] = match;
  const valueOn = valueDay(fullYear(Number(year)), Number(month), Number(date));
  const bookedOn = valueOn && (entryDate === undefined ? valueOn : bookingDay(entryDate, valueOn));
  if (!valueOn || !bookedOn) return 'date-invalid';
  const amount = readAmount(digits, currency, swiftMarks);
  if (typeof amount === 'string') return amount;
  const [customerRef, bankRef] = references.split('//');
  const incoming = mark === 'C' || mark === 'RD' || mark === 'EC';
  return {
    valueOn,
    bookedOn,
    amount: incoming ? amount.minor : -amount.minor,
    reversal: mark.startsWith('R'),
    expected: mark.startsWith('E'),
    code: code ?? null,
    customerRef: told(customerRef),
    bankRef: told(bankRef),
    supplement: told(supplement?.replaceAll('\n', ' ')),
  };
}
