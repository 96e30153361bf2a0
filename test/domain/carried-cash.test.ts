import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Carried, cashFor, type CashSeen } from '../../domain/carried-cash.ts';
import { matchingPolicy } from '../../domain/policy-matching.ts';

const policy = matchingPolicy.parse({ cash: { within: 14, differsUpTo: 500 } });

const carried = (id: string, amount: number, carriedOn = '2026-06-01', branch = 'main'): Carried => ({
  id,
  branch,
  amount: BigInt(amount),
  currency: 'EUR',
  carriedOn,
});

const seen = (amount: number, given: Partial<CashSeen> = {}): CashSeen => ({
  amount: BigInt(amount),
  currency: 'EUR',
  bookedOn: '2026-06-03',
  code: null,
  payerName: null,
  ...given,
});

const offered = (amount: number, waiting: readonly Carried[], given: Partial<CashSeen> = {}) =>
  cashFor(seen(amount, given), waiting, policy).map(({ parts, reasons }) => ({
    of: parts.map((part) => (part.to === 'cash' ? [part.branch, ...part.carriedIds].join(' ') : part.to)),
    why: reasons.filter((reason) => reason !== 'cash' && reason !== 'date'),
  }));

describe('P9 the library’s own cash on a bank statement', () => {
  test('P9 what was carried at one time is known by its amount, the oldest first', () => {
    const waiting = [carried('b', 10_000, '2026-06-02'), carried('a', 10_000), carried('c', 9_000)];
    expect(offered(10_000, waiting)).toEqual([
      { of: ['main a'], why: ['amount'] },
      { of: ['main b'], why: ['amount'] },
    ]);
  });

  test('P9 several times are told as one, of one branch or of all', () => {
    const main = [carried('a', 10_000), carried('b', 2000, '2026-06-02')];
    expect(offered(12_000, main)).toEqual([{ of: ['main a b'], why: ['amount-together'] }]);
    expect(offered(12_500, [...main, carried('c', 500, '2026-06-02', 'east')])).toContainEqual({
      of: ['main a b', 'east c'],
      why: ['amount-together'],
    });
  });

  test('P9 what the bank has counted otherwise is offered only where nothing fits, and within the limit', () => {
    const waiting = [carried('a', 10_000), carried('b', 50_000)];
    expect(offered(9_700, waiting)).toEqual([{ of: ['main a'], why: ['amount-counted'] }]);
    expect(offered(9_400, waiting)).toEqual([]);
    expect(offered(10_000, [...waiting, carried('c', 10_100)])).toEqual([
      { of: ['main a'], why: ['amount'] },
    ]);
    expect(offered(9_700, waiting, { payerName: 'Anna Weber' })).toEqual([]);
    expect(offered(9_700, waiting, { payerName: 'Anna Weber', code: 'PMNT.CNTR.CDPT' })).toEqual([
      { of: ['main a'], why: ['amount-counted', 'cash-code'] },
    ]);
  });

  test('P9 neither another direction nor another currency, nor what was carried long before or after', () => {
    expect(offered(-10_000, [carried('a', 10_000)])).toEqual([]);
    expect(offered(-10_000, [carried('a', -10_000)])).toEqual([{ of: ['main a'], why: ['amount'] }]);
    expect(offered(10_000, [carried('a', 10_000)], { currency: 'USD' })).toEqual([]);
    expect(offered(10_000, [carried('a', 10_000, '2026-05-19')])).toEqual([]);
    expect(offered(10_000, [carried('a', 10_000, '2026-05-20')])).toHaveLength(1);
    expect(offered(10_000, [carried('a', 10_000, '2026-06-07')])).toEqual([]);
  });

  test('P9 whatever is offered comes to the entry, but for a difference within the limit of one branch', () => {
    const one = fc.record({
      amount: fc.integer({ min: -3000, max: 3000 }).filter((amount) => amount !== 0),
      branch: fc.constantFrom('main', 'east'),
      day: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), fc.integer({ min: 1, max: 9000 }), (some, amount) => {
        const waiting = some.map((each, index) =>
          carried(`c${index}`, each.amount, `2026-06-0${each.day}`, each.branch),
        );
        for (const { parts } of cashFor(seen(amount), waiting, policy)) {
          const cash = parts.flatMap((part) => (part.to === 'cash' ? [part] : []));
          expect(cash.reduce((sum, part) => sum + part.amountMinor, 0)).toBe(amount);
          const off = cash.map((part) => Math.abs(part.carriedMinor - part.amountMinor));
          expect(Math.max(...off)).toBeLessThanOrEqual(cash.length > 1 ? 0 : 500);
          const ids = cash.flatMap((part) => part.carriedIds);
          expect(new Set(ids).size).toBe(ids.length);
          for (const part of cash) {
            const sum = waiting.filter(({ id }) => part.carriedIds.includes(id));
            expect(sum.reduce((all, each) => all + Number(each.amount), 0)).toBe(part.carriedMinor);
          }
        }
      }),
    );
  });
});
