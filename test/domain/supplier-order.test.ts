import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { suppliersPolicy, supplierRanks } from '../../domain/policy-suppliers.ts';
import {
  orderSuppliers,
  type SupplierFacts,
  type Held,
  type WantedFrom,
} from '../../domain/supplier-order.ts';
import { supplierOf } from '../../domain/policy-suppliers.ts';

const policy = suppliersPolicy.parse({});
const book: WantedFrom = { service: 'loan', literature: 'book' };
const has: Held = { coverage: 'unknown', lendable: true, copyable: true };

function peer(code: string, more: Partial<SupplierFacts> = {}): SupplierFacts {
  return {
    peer: code,
    supplier: supplierOf(policy, code),
    held: [has],
    tried: false,
    asking: false,
    closedToday: false,
    lineDown: false,
    refusedLately: false,
    free: false,
    overLimit: false,
    open: 0,
    suppliedUs: 0,
    suppliedThem: 0,
    ...more,
  };
}

const known = (given: Record<string, unknown>) => ({
  supplier: suppliersPolicy.parse({ peers: { x: given } }).peers['x'] ?? supplierOf(policy, 'x'),
});

function codes(facts: readonly SupplierFacts[], given = policy, wanted = book): string[] {
  return orderSuppliers(given, wanted, facts).flatMap((each) => (each.position === null ? [] : [each.peer]));
}

function reasonsOf(code: string, facts: readonly SupplierFacts[], given = policy, wanted = book) {
  return orderSuppliers(given, wanted, facts)
    .find((each) => each.peer === code)
    ?.reasons.map((reason) => reason.code);
}

describe('I10 the order of suppliers', () => {
  test('I10 of equals the policy’s own order counts', () => {
    expect(codes([peer('c'), peer('a'), peer('b')])).toEqual(['c', 'a', 'b']);
  });

  test('I10 own consortium, priority, reciprocity, load and cost decide one after the other', () => {
    const given = suppliersPolicy.parse({ ownGroup: 'ours' });
    const all = [
      peer('dear', { priceMinor: 900 }),
      peer('cheap', { priceMinor: 100 }),
      peer('busy', { open: 4, priceMinor: 1 }),
      peer('owing', { suppliedThem: 9, open: 9 }),
      peer('first', known({ priority: 1 })),
      peer('own', known({ group: 'ours', priority: 9 })),
    ];
    expect(codes(all, given)).toEqual(['own', 'first', 'owing', 'cheap', 'dear', 'busy']);
    const byCost = suppliersPolicy.parse({ order: ['cost'] });
    expect(codes([peer('free', { free: true }), ...all], byCost).slice(0, 3)).toEqual([
      'free',
      'busy',
      'cheap',
    ]);
  });

  test('I10 what hinders puts behind: unknown holdings, cost, a refusal, a closed day, last resort, a line that is down', () => {
    const all = [
      peer('down', { lineDown: true }),
      peer('resort', known({ lastResort: true })),
      peer('closed', { closedToday: true }),
      peer('refused', { refusedLately: true }),
      peer('dear', { overLimit: true }),
      peer('unknown', { held: [] }),
      peer('good'),
    ];
    expect(codes(all)).toEqual(['good', 'unknown', 'dear', 'refused', 'closed', 'resort', 'down']);
    expect(reasonsOf('down', all)?.[0]).toBe('line-down');
    expect(reasonsOf('unknown', all)?.[0]).toBe('holdings-unknown');
  });

  test('I10 who cannot supply is not asked, and every reason is told', () => {
    const cases: readonly (readonly [SupplierFacts, string])[] = [
      [peer('x', { tried: true }), 'tried'],
      [peer('x', { asking: true }), 'asks-itself'],
      [peer('x', known({ asked: false })), 'not-asked'],
      [peer('x', known({ services: ['copy'] })), 'no-such-service'],
      [peer('x', known({ literature: ['thesis'] })), 'no-such-literature'],
      [peer('x', { held: [{ ...has, lendable: false }] }), 'not-lendable'],
      [peer('x', { held: [{ ...has, coverage: 'missing' }] }), 'coverage-missing'],
      [peer('x', { ...known({ mostOpen: 2 }), open: 2 }), 'full'],
    ];
    for (const [facts, code] of cases) {
      expect(codes([facts])).toEqual([]);
      expect(reasonsOf('x', [facts])).toEqual([code]);
    }
    const strict = suppliersPolicy.parse({ closed: 'skip', unknownHoldings: 'never' });
    const both = peer('x', { closedToday: true, held: [], tried: true });
    expect(reasonsOf('x', [both], strict)).toEqual(['tried', 'not-held', 'closed']);
    const copy: WantedFrom = { service: 'copy', literature: 'article' };
    expect(reasonsOf('x', [peer('x', { held: [{ ...has, copyable: false }] })], policy, copy)).toEqual([
      'not-copyable',
    ]);
  });

  test('I10 of several statements the one by which it can be had counts', () => {
    const missing: Held = { ...has, coverage: 'missing' };
    const fits: Held = { ...has, coverage: 'fits', callNumber: 'Z 17' };
    const article: WantedFrom = { service: 'copy', literature: 'article' };
    const [first] = orderSuppliers(policy, article, [peer('x', { held: [missing, fits] })]);
    expect(first).toMatchObject({ position: 1, held: { callNumber: 'Z 17' } });
    expect(first?.reasons.slice(0, 2)).toEqual([
      { code: 'held', callNumber: 'Z 17' },
      { code: 'coverage-fits' },
    ]);
  });
});

const fact = fc.record({
  tried: fc.boolean(),
  asking: fc.boolean(),
  closedToday: fc.boolean(),
  lineDown: fc.boolean(),
  refusedLately: fc.boolean(),
  free: fc.boolean(),
  overLimit: fc.boolean(),
  open: fc.nat({ max: 3 }),
  suppliedUs: fc.nat({ max: 3 }),
  suppliedThem: fc.nat({ max: 3 }),
  held: fc.constantFrom<Held[]>([], [has], [{ ...has, coverage: 'missing' }], [{ ...has, lendable: false }]),
});

const situation = fc
  .record({
    codes: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 8 }),
    facts: fc.array(fact, { minLength: 8, maxLength: 8 }),
    suppliers: fc.array(fc.record({ priority: fc.integer({ min: 1, max: 3 }), lastResort: fc.boolean() }), {
      minLength: 8,
      maxLength: 8,
    }),
    order: fc.shuffledSubarray([...supplierRanks]),
    closed: fc.constantFrom('skip', 'last', 'ask'),
    unknownHoldings: fc.constantFrom('never', 'last', 'alike'),
  })
  .map(({ codes: names, facts, suppliers, ...rest }) => ({
    given: suppliersPolicy.parse(rest),
    all: names.map((code, at) => peer(code, { ...facts[at], ...known({ ...suppliers[at] }) })),
  }));

describe('I10 whatever the facts', () => {
  test('I10 every peer stands in the list exactly once, those that are asked numbered from 1 without a gap', () => {
    fc.assert(
      fc.property(situation, ({ given, all }) => {
        const ranked = orderSuppliers(given, book, all);
        expect(ranked.map((each) => each.peer).toSorted()).toEqual(all.map((each) => each.peer).toSorted());
        const positions = ranked.flatMap(({ position }) => position ?? []);
        expect(positions).toEqual(positions.map((_position, at) => at + 1));
        expect(ranked.every(({ reasons, position }) => position !== null || reasons.length > 0)).toBe(true);
      }),
    );
  });

  test('I10 nobody who was tried or asks is asked, and the same facts give the same order', () => {
    fc.assert(
      fc.property(situation, ({ given, all }) => {
        const asked = codes(all, given);
        const barred = all.filter(({ tried, asking }) => tried || asking).map((each) => each.peer);
        expect(asked.filter((code) => barred.includes(code))).toEqual([]);
        expect(codes([...all], given)).toEqual(asked);
      }),
    );
  });

  test('I10 the order is total: leaving a peer out changes nothing among the others', () => {
    fc.assert(
      fc.property(situation, fc.nat({ max: 7 }), ({ given, all }, at) => {
        const gone = all[at]?.peer;
        const less = all.filter((each) => each.peer !== gone);
        expect(codes(less, given)).toEqual(codes(all, given).filter((code) => code !== gone));
      }),
    );
  });
});
