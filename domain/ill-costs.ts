import { fractionDigits } from './currency.ts';

/** An amount in minor units of its currency. */
export interface Cost {
  readonly amountMinor: number;
  readonly currency: string;
}

/** A cost as a message has it: decimal text, and a currency of ISO 4217. */
interface Costs {
  readonly currencyCode: { readonly value: string };
  readonly monetaryValue: string;
}

/** What can be booked: anything larger is a mistake of whoever wrote it. */
const largest = 1_000_000_000_000n;

/** What a message says something costs. Digits beyond the currency's own are rounded up; an amount that is negative, absurd or in no currency says nothing: undefined. */
export function costIn(costs: Costs | undefined): Cost | undefined {
  if (!costs) return undefined;
  const currency = costs.currencyCode.value.toUpperCase();
  const digits = fractionDigits(currency);
  const read = /^\+?(\d*)\.?(\d*)$/u.exec(costs.monetaryValue);
  if (digits === undefined || !read || read[0] === '') return undefined;
  const [, whole = '', part = ''] = read;
  const kept = BigInt(whole + part.slice(0, digits).padEnd(digits, '0') || '0');
  const amount = /[1-9]/u.test(part.slice(digits)) ? kept + 1n : kept;
  return amount > largest ? undefined : { amountMinor: Number(amount), currency };
}

/** An amount as messages write it: `12.50`, `550`. */
export function costsOf({ amountMinor, currency }: Cost): Costs {
  const digits = fractionDigits(currency) ?? 2;
  const text = String(amountMinor).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return {
    currencyCode: { value: currency },
    monetaryValue: digits === 0 ? whole : `${whole}.${text.slice(-digits)}`,
  };
}
