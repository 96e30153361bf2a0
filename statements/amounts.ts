import { fractionDigits } from '../domain/currency.ts';
import type { Amount, MistakeCode } from './model.ts';

/** How a format writes numbers: the mark before the fraction, and the mark between thousands, '' for none. */
export interface Marks {
  readonly decimal: string;
  readonly thousands: string;
}

export const isoMarks: Marks = { decimal: '.', thousands: '' };
export const swiftMarks: Marks = { decimal: ',', thousands: '' };

/** More is no amount of money, and would not fit the database. */
const mostDigits = 18;

/**
 * Reads an amount exactly (P10): text to minor units of its currency, by the currency's own number of decimals; no floating point on the way. Decimals beyond those
 * must be zeros. A sign before or after the digits counts.
 */
export function readAmount(text: string, currency: string, marks: Marks): Amount | MistakeCode {
  const digits = fractionDigits(currency);
  if (digits === undefined) return 'currency-invalid';
  const bare = text.normalize('NFKC').replaceAll(/\s/gu, '');
  const plain = marks.thousands === '' ? bare : bare.replaceAll(marks.thousands, '');
  const match = /^([+-]?)(\d*)(?:([.,])(\d*))?([+-]?)$/u.exec(plain);
  if (!match) return 'amount-invalid';
  const [, before = '', whole = '', mark, fraction = '', after = ''] = match;
  if (mark !== undefined && mark !== marks.decimal) return 'amount-invalid';
  if (whole + fraction === '' || (before !== '' && after !== '')) return 'amount-invalid';
  if (/[1-9]/u.test(fraction.slice(digits))) return 'amount-decimals';
  const minor = whole + fraction.slice(0, digits).padEnd(digits, '0');
  if (minor.replace(/^0+/u, '').length > mostDigits) return 'amount-invalid';
  return { minor: (before + after).includes('-') ? -BigInt(minor) : BigInt(minor), currency };
}

/** An amount as a person reads it, for reports: `-12.50 EUR`. */
export function writeAmount(minor: bigint, currency: string): string {
  const digits = fractionDigits(currency) ?? 0;
  const sign = minor < 0n ? '-' : '';
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${sign}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''} ${currency}`;
}
