import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { costIn, costsOf } from '../../domain/ill-costs.ts';

const costs = (monetaryValue: string, value = 'EUR') => ({ currencyCode: { value }, monetaryValue });

test('I15 an amount that is written into a message is read back to the last minor unit, in every currency', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1_000_000_000 }),
      fc.constantFrom('EUR', 'JPY', 'KWD', 'CNY'),
      (amountMinor, currency) => {
        expect(costIn(costsOf({ amountMinor, currency }))).toEqual({ amountMinor, currency });
      },
    ),
  );
});

test('I15 what is no amount says nothing; digits beyond the currency’s own are rounded up, never down', () => {
  expect(costIn(costs('12.5'))).toEqual({ amountMinor: 1250, currency: 'EUR' });
  expect(costIn(costs('12.501'))).toEqual({ amountMinor: 1251, currency: 'EUR' });
  expect(costIn(costs('12.500'))).toEqual({ amountMinor: 1250, currency: 'EUR' });
  expect(costIn(costs('3.2', 'JPY'))).toEqual({ amountMinor: 4, currency: 'JPY' });
  expect(costIn(costs('.5', 'eur'))).toEqual({ amountMinor: 50, currency: 'EUR' });
  for (const wrong of ['-1', '', 'ten', '1e9', '9'.repeat(30)]) expect(costIn(costs(wrong))).toBeUndefined();
  expect(costIn(costs('1', 'EURO'))).toBeUndefined();
  expect(costIn(undefined)).toBeUndefined();
});
