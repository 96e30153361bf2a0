import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createCandidates } from '../../domain/candidates.ts';
import type { Expected, MoneyCame } from '../../domain/matching.ts';
import { decide } from '../../domain/matching-rules.ts';
import { hintsOf, readName, resemblance } from '../../domain/payer-names.ts';
import { matchingPolicy } from '../../domain/policy-matching.ts';

const policy = matchingPolicy.parse({ bankFees: { upTo: 50, statedUpTo: 100 } });

const families = [
  'Müller',
  'Mueller',
  'Schmidt',
  'Tanaka',
  'Wang',
  'von Hohenlohe-Waldenburg-Schillingsfürst',
];
const latin = fc
  .tuple(fc.constantFrom('Hans', 'Eva', 'Jun', 'Maria Theresia'), fc.constantFrom(...families))
  .chain(([given, family]) => fc.constantFrom(`${given} ${family}`, `${family}, ${given}`, family));
const others = fc.constantFrom('王小明', '王芳', '李明', 'たなか じゅん', 'タナカ ジュン', '田中 潤');
const name = fc
  .oneof(latin, others)
  .chain((whole) => fc.constantFrom(whole, Array.from(whole).slice(0, 27).join('')));

test('P9 names that resemble each other have a hint in common', () => {
  fc.assert(
    fc.property(name, name, (one, other) => {
      const [payer, reader] = [readName(one), readName(other)];
      const hints = hintsOf(reader);
      const shared = [...hintsOf(payer)].some((hint) => hints.has(hint));
      expect(shared || resemblance(payer, reader) === undefined).toBe(true);
    }),
    { numRuns: 500 },
  );
});

const expectedOf = fc.record({
  due: fc.constantFrom(1000n, 1000n, 1030n),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'CHF'),
  begunOn: fc.constantFrom('2026-05-20', '2024-01-01'),
  endedOn: fc.constantFrom(null, null, '2026-05-25'),
  reader: name.map(readName),
  family: fc.array(name.map(readName), { maxLength: 1 }),
});

const came: fc.Arbitrary<MoneyCame> = fc.record({
  amount: fc.constantFrom(1000n, 1000n, 980n),
  currency: fc.constant('EUR'),
  charges: fc.constantFrom(0n, 80n),
  bookedOn: fc.constantFrom('2026-06-01', '2026-05-19'),
  payer: fc.option(name.map(readName), { nil: undefined }),
});

test('P9 weighing a few payments of many decides as weighing all', () => {
  const payments = fc.array(expectedOf, { minLength: 60, maxLength: 200 });
  fc.assert(
    fc.property(payments, fc.array(came, { minLength: 1, maxLength: 5 }), (given, money) => {
      const all = given
        .map((each, at): Expected => ({ ...each, paymentId: `${at}`, patronId: `p${at}` }))
        .toSorted((a, b) => Number(a.due - b.due));
      const candidates = createCandidates(all, policy);
      for (const each of money)
        expect(decide(each, [], candidates(each), policy)).toEqual(
          decide(
            each,
            [],
            all.filter(({ due }) => due >= each.amount),
            policy,
          ),
        );
    }),
    { numRuns: 30 },
  );
});
