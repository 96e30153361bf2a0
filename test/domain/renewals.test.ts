import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { kinds } from '../../domain/kinds.ts';
import { renewalJudge, renewalReasons } from '../../domain/renewals.ts';
import { goodPatron, policies } from './fixtures.ts';

const bibliotheca = policies.get('bibliotheca');

const hours = (from: number, to: number) =>
  fc
    .integer({ min: from, max: to })
    .map((n) => Temporal.Instant.from('2026-11-20T10:00:00Z').add({ hours: n }));

const loan = fc.record({
  kind: fc.constantFrom(...kinds),
  branch: fc.constantFrom(...bibliotheca.branches.map(({ code }) => code)),
  dueAt: hours(-100, 1_500),
  renewals: fc.integer({ min: 0, max: 3 }),
  ended: fc.boolean(),
  heldByOthers: fc.integer({ min: 0, max: 1 }),
});

test('L2 the loans of a reader judged together get the reasons that each gets alone', () => {
  const account = fc.record({
    policy: fc.constantFrom(bibliotheca, policies.get('demo')),
    closures: fc.constantFrom([], [{ place: null, day: '2026-12-18' }]),
    patron: fc.constantFrom(goodPatron, { ...goodPatron, blocked: true, paidUntil: '2026-11-22' }),
    channel: fc.constantFrom('web' as const, 'desk' as const),
    now: hours(0, 100),
  });
  fc.assert(
    fc.property(account, fc.array(loan, { maxLength: 6 }), (given, loans) => {
      const judge = renewalJudge(given);
      expect(loans.map(judge)).toEqual(loans.map((each) => renewalReasons({ ...given, ...each })));
    }),
    { numRuns: 60 },
  );
});
