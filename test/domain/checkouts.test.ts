import { expect, test } from '@jest/globals';
import { assert, integer, property } from 'fast-check';
import { nextLookAt } from '../../domain/checkouts.ts';

const minute = 60_000;

test('P8 a gateway that tells nothing is asked twice until the payment expires, and then ever more seldom', () => {
  const begunAt = 0;
  const expiresAt = 30 * minute;
  const looks: number[] = [];
  for (let now = begunAt; looks.length < 10; now = looks.at(-1) ?? now)
    looks.push(nextLookAt({ begunAt, expiresAt, now }));
  expect(looks.map((at) => at / minute)).toEqual([5, 30, 31, 32, 34, 38, 46, 62, 94, 154]);
});

test('P8 the next look is always later, never beyond the expiry before it, and within the hour after it', () => {
  const day = 24 * 60 * minute;
  assert(
    property(integer({ min: minute, max: day }), integer({ min: 0, max: 3 * day }), (expiresAt, now) => {
      const next = nextLookAt({ begunAt: 0, expiresAt, now });
      expect(next).toBeGreaterThan(now);
      expect(next).toBeLessThanOrEqual(now < expiresAt ? expiresAt : now + 60 * minute);
    }),
  );
});
