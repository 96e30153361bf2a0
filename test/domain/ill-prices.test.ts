import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { z } from 'zod';
import { fractionDigits } from '../../domain/currency.ts';
import {
  asksReader,
  converted,
  priceOfRequest,
  priceOfSupply,
  type RequestPrice,
} from '../../domain/ill-prices.ts';
import { illPricesPolicy } from '../../domain/policy-ill-prices.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { isRefused } from '../../domain/refusal.ts';

type Prices = z.input<typeof illPricesPolicy>;

const policyWith = (prices: Prices, currency = 'CNY') =>
  ({ currency, ill: { prices: illPricesPolicy.parse(prices) } }) as unknown as Pick<
    LibraryPolicy,
    'ill' | 'currency'
  >;

function priced(
  policy: ReturnType<typeof policyWith>,
  request: Partial<Parameters<typeof priceOfRequest>[1]>,
) {
  const price = priceOfRequest(policy, { service: 'copy', userGroup: 'student', ...request });
  if (isRefused(price)) throw new Error(JSON.stringify(price));
  return price;
}

test('I15 the first rule that fits service, literature, supplier and user group is the price', () => {
  const policy = policyWith({
    groups: [
      {
        code: 'abroad',
        name: { en: 'Abroad', de: 'Ausland', ja: '海外', zh: '境外' },
        peers: ['bl', 'subito'],
      },
    ],
    readers: [
      { services: ['loan'], perItemMinor: 3000 },
      { peers: ['abroad'], actualCost: true, handlingMinor: 500 },
      { literature: ['thesis'], perPageMinor: 50 },
      { userGroups: ['external'], perPageMinor: 100, minimumMinor: 1000 },
      { perPageMinor: 30, handlingMinor: 200, maximumMinor: 900 },
    ],
  });
  expect(priced(policy, { service: 'loan' }).totalMinor).toBe(3000);
  expect(priced(policy, { peer: 'bl', costMinor: 4200 }).totalMinor).toBe(4700);
  expect(priced(policy, { literature: 'thesis', pages: 10, peer: 'pku' }).totalMinor).toBe(500);
  expect(priced(policy, { userGroup: 'external', pages: 4 }).totalMinor).toBe(1000);
  expect(priced(policy, { pages: 10 }).totalMinor).toBe(500);
  expect(priced(policy, { pages: 100 }).totalMinor).toBe(900);
});

test('I20 what is not known yet makes the price one from which on, up to the maximum where there is one', () => {
  const policy = policyWith({
    readers: [
      { services: ['loan'], actualCost: true, handlingMinor: 500 },
      { perPageMinor: 30, handlingMinor: 200, maximumMinor: 900 },
    ],
    subsidies: [{ percent: 50 }],
  });
  expect(priced(policy, { service: 'loan' })).toEqual({
    fee: { amountMinor: 250, subsidyMinor: 250 },
    totalMinor: 500,
    exact: false,
  });
  expect(priced(policy, {})).toMatchObject({ totalMinor: 200, exact: false, atMostMinor: 450 });
  expect(priced(policy, { pages: 1 })).toMatchObject({ totalMinor: 230, exact: true });
});

test('I15 a subsidy is all of the price, a share of it or an amount, up to so much, for its groups only', () => {
  const readers = [{ actualCost: true }];
  const fee = (subsidies: NonNullable<Prices['subsidies']>, costMinor: number, userGroup = 'student') =>
    priced(policyWith({ readers, subsidies }), { costMinor, userGroup }).fee;
  expect(fee([{ whole: true }], 700)).toEqual({ amountMinor: 0, subsidyMinor: 700 });
  expect(fee([{ percent: 70 }], 999)).toEqual({ amountMinor: 299, subsidyMinor: 700 });
  expect(fee([{ percent: 50, atMostMinor: 200 }], 999)).toEqual({ amountMinor: 799, subsidyMinor: 200 });
  expect(fee([{ amountMinor: 500 }], 300)).toEqual({ amountMinor: 0, subsidyMinor: 300 });
  expect(fee([{ userGroups: ['student'], whole: true }], 300, 'external')).toEqual({
    amountMinor: 300,
    subsidyMinor: 0,
  });
});

test('I15 a cost in another currency is reckoned by the policy’s rate, else staff state the price', () => {
  const policy = policyWith({
    readers: [{ actualCost: true }],
    rates: [{ currency: 'EUR', rate: '7.8512', on: '2026-11-01' }],
  });
  expect(priced(policy, { costMinor: 1234, currency: 'EUR' }).totalMinor).toBe(9688);
  expect(
    priceOfRequest(policy, { service: 'copy', userGroup: 'student', costMinor: 1, currency: 'KWD' }),
  ).toEqual({
    refused: [{ code: 'rate-unknown', currency: 'KWD' }],
  });
  expect(
    priced(policyWith({ readers: [{ perItemMinor: 5 }] }), { costMinor: 1, currency: 'KWD' }).totalMinor,
  ).toBe(5);
});

test('I15 half a minor unit is rounded up, whatever the decimals of the two currencies', () => {
  expect(converted(1000, 'KWD', 'JPY', '487.5')).toBe(488);
  expect(converted(1, 'JPY', 'KWD', '0.0021')).toBe(2);
  expect(converted(100, 'EUR', 'EUR', '1')).toBe(100);
});

const currencies = fc.constantFrom('JPY', 'EUR', 'KWD', 'CNY');

test('I15 a converted amount is never further off than half a minor unit', () => {
  const rates = fc.tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000_000 }),
      currencies,
      currencies,
      rates,
      (minor, from, to, [digits, places]) => {
        const text = (digits / 10 ** places).toFixed(places);
        const exact =
          (minor / 10 ** (fractionDigits(from) ?? 2)) * Number(text) * 10 ** (fractionDigits(to) ?? 2);
        expect(Math.abs(converted(minor, from, to, text) - exact)).toBeLessThanOrEqual(0.5 + exact * 1e-9);
      },
    ),
  );
});

const price = fc.record(
  {
    perItemMinor: fc.integer({ min: 0, max: 5000 }),
    perPageMinor: fc.integer({ min: 0, max: 100 }),
    handlingMinor: fc.integer({ min: 0, max: 500 }),
    minimumMinor: fc.integer({ min: 0, max: 300 }),
    maximumMinor: fc.integer({ min: 300, max: 9000 }),
    actualCost: fc.boolean(),
  },
  { requiredKeys: [] },
);
const subsidy = fc.oneof(
  fc.constant({ whole: true as const }),
  fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
  fc.record({
    amountMinor: fc.integer({ min: 0, max: 9000 }),
    atMostMinor: fc.integer({ min: 0, max: 9000 }),
  }),
);

test('I15 share and subsidy add up to the price, neither is negative, and the price keeps its limits', () => {
  fc.assert(
    fc.property(
      price,
      subsidy,
      fc.nat(20_000),
      fc.nat(500),
      currencies,
      (rule, given, costMinor, pages, currency) => {
        const policy = policyWith({ readers: [rule], subsidies: [given] }, currency);
        const { fee, totalMinor, exact } = priced(policy, { costMinor, pages });
        expect(exact).toBe(true);
        expect(fee.amountMinor + fee.subsidyMinor).toBe(totalMinor);
        expect(Math.min(fee.amountMinor, fee.subsidyMinor)).toBeGreaterThanOrEqual(0);
        expect(totalMinor).toBeGreaterThanOrEqual(rule.minimumMinor ?? 0);
        expect(totalMinor).toBeLessThanOrEqual(rule.maximumMinor ?? Infinity);
      },
    ),
  );
});

test('I20 the price that is shown before is never more than what it comes to when all is known', () => {
  fc.assert(
    fc.property(price, subsidy, fc.nat(20_000), fc.nat(500), (rule, given, costMinor, pages) => {
      const policy = policyWith({ readers: [rule], subsidies: [given] });
      const shown = priced(policy, {});
      const known = priced(policy, { costMinor, pages });
      expect(known.totalMinor).toBeGreaterThanOrEqual(shown.totalMinor);
      if (shown.exact) expect(known).toEqual(shown);
      if (shown.atMostMinor !== undefined && given && !('amountMinor' in given))
        expect(known.fee.amountMinor).toBeLessThanOrEqual(shown.atMostMinor);
    }),
  );
});

test('I15 the reader is asked about a share above the limit they set, and not again about what they agreed to', () => {
  const of = (amountMinor: number): RequestPrice => ({
    fee: { amountMinor, subsidyMinor: 9 },
    totalMinor: amountMinor + 9,
    exact: true,
  });
  expect(asksReader(of(0), null)).toBe(false);
  expect(asksReader(of(1), null)).toBe(true);
  expect(asksReader(of(500), 500n)).toBe(false);
  expect(asksReader(of(501), 500n)).toBe(true);
  expect(asksReader(of(501), 500n, 600)).toBe(false);
});

test('I15 others pay by the list for them; with those with whom it is agreed so, nothing', () => {
  const policy = policyWith({
    supplies: [{ services: ['copy'], perPageMinor: 20, minimumMinor: 100 }],
    agreements: [{ peers: ['sister'], terms: 'reciprocal' }],
  });
  expect(priceOfSupply(policy, { service: 'copy', peer: 'pku', pages: 12 })).toBe(240);
  expect(priceOfSupply(policy, { service: 'copy', peer: 'pku' })).toBeUndefined();
  expect(priceOfSupply(policy, { service: 'loan', peer: 'pku' })).toBeUndefined();
  expect(priceOfSupply(policy, { service: 'loan', peer: 'sister' })).toBe(0);
});
