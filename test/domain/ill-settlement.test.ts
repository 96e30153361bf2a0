import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  compareStatements,
  lastEnded,
  netPositions,
  type StatedLine,
  transfersFor,
} from '../../domain/ill-settlement.ts';

const day = (text: string) => Temporal.PlainDate.from(text);

test('I17 a period is a civil month, quarter or year, and settled when it is over', () => {
  expect(lastEnded('monthly', day('2027-01-01')).toString()).toBe('2026-12-31');
  expect(lastEnded('monthly', day('2026-12-31')).toString()).toBe('2026-11-30');
  expect(lastEnded('quarterly', day('2026-06-30')).toString()).toBe('2026-03-31');
  expect(lastEnded('quarterly', day('2026-07-01')).toString()).toBe('2026-06-30');
  expect(lastEnded('yearly', day('2026-07-01')).toString()).toBe('2025-12-31');
});

test('I17 every difference between two statements is named, seen from our side', () => {
  const ours: StatedLine[] = [
    { side: 'supplier', reference: 'same', amount: 500n },
    { side: 'supplier', reference: 'dearer', amount: 500n },
    { side: 'supplier', reference: 'dearer', amount: -100n },
    { side: 'requester', reference: 'only-here', amount: -300n },
    { side: 'requester', reference: 'free', amount: 0n },
  ];
  const theirs: StatedLine[] = [
    { side: 'requester', reference: 'same', amount: -500n },
    { side: 'requester', reference: 'dearer', amount: -500n },
    { side: 'supplier', reference: 'only-there', amount: 200n },
    { side: 'supplier', reference: 'same', amount: 1n },
  ];
  const found = compareStatements(ours, theirs).map(({ side, reference, difference, ours: o, theirs: t }) => [
    `${side} ${reference}`,
    difference,
    o,
    t,
  ]);
  expect(found).toEqual([
    ['requester free', 'same', 0n, null],
    ['requester only-here', 'missing-there', -300n, null],
    ['requester only-there', 'missing-here', null, -200n],
    ['requester same', 'missing-here', null, -1n],
    ['supplier dearer', 'amount', 400n, 500n],
    ['supplier same', 'same', 500n, 500n],
  ]);
});

const lines = fc.array(
  fc.record({
    side: fc.constantFrom('requester' as const, 'supplier' as const),
    reference: fc.constantFrom('a', 'b', 'c', 'd'),
    amount: fc.bigInt({ min: -999n, max: 999n }),
  }),
  { maxLength: 12 },
);
const mirror = (given: readonly StatedLine[]): StatedLine[] =>
  given.map(({ side, reference, amount }) => ({
    side: side === 'requester' ? 'supplier' : 'requester',
    reference,
    amount: -amount,
  }));

test('I17 a statement agrees with its own mirror, and what differs is told alike on both sides', () => {
  fc.assert(
    fc.property(lines, lines, (ours, theirs) => {
      expect(compareStatements(ours, mirror(ours)).every(({ difference }) => difference === 'same')).toBe(
        true,
      );
      const here = compareStatements(ours, theirs).filter(({ difference }) => difference !== 'same');
      const there = compareStatements(theirs, ours).filter(({ difference }) => difference !== 'same');
      expect(there).toHaveLength(here.length);
      const sum = here.reduce((total, { ours: o, theirs: t }) => total + (o ?? 0n) - (t ?? 0n), 0n);
      const sums = (given: readonly StatedLine[]) => given.reduce((total, { amount }) => total + amount, 0n);
      expect(sum).toBe(sums(ours) + sums(theirs));
    }),
  );
});

const code = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const pairs = fc.uniqueArray(
  fc.record({ one: code, other: code, amount: fc.bigInt({ min: -1_000_000_000n, max: 1_000_000_000n }) }),
  {
    selector: ({ one, other }) => [one, other].toSorted().join(),
  },
);

test('I17 netted, what libraries get and pay sums to nothing, and transfers of fewer than there are libraries settle it', () => {
  fc.assert(
    fc.property(pairs, (given) => {
      const between = given.filter(({ one, other }) => one !== other);
      const balances = between.flatMap(({ one, other, amount }) => [
        { library: one, peer: other, amount },
        { library: other, peer: one, amount: -amount },
      ]);
      const positions = netPositions(balances);
      expect([...positions.values()].reduce((sum, amount) => sum + amount, 0n)).toBe(0n);
      const transfers = transfersFor(positions);
      expect(transfers.length).toBeLessThanOrEqual(Math.max(0, positions.size - 1));
      const left = new Map(positions);
      for (const { from, to, amount } of transfers) {
        expect(amount).toBeGreaterThan(0n);
        left.set(from, (left.get(from) ?? 0n) + amount);
        left.set(to, (left.get(to) ?? 0n) - amount);
      }
      expect([...left.values()].every((amount) => amount === 0n)).toBe(true);
    }),
  );
});
