import { fractionDigits } from '../domain/currency.ts';

/** An amount in minor units as spreadsheets read numbers, with the currency's own decimals: `-12.50`, `550`, `1.005`. */
export function decimalText(minor: number | bigint, currency: string): string {
  const digits = fractionDigits(currency) ?? 2;
  const text = String(minor < 0 ? -BigInt(minor) : BigInt(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const unsigned = digits === 0 ? whole : `${whole}.${text.slice(-digits)}`;
  return minor < 0 ? `-${unsigned}` : unsigned;
}
