import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { networkOf } from '../../api/auth/address.ts';
import { countFailure, isAdmitted, nothingCounted, takeBack } from '../../api/auth/lock-out.ts';
import type { Counter, Limit } from '../../api/auth/lock-out.ts';

const day = 86_400_000;

const limits: fc.Arbitrary<Limit> = fc.record({
  failures: fc.integer({ min: 1, max: 10 }),
  lockMs: fc.integer({ min: 1000, max: 2 * day }),
  grows: fc.boolean(),
});

const attempts = fc.array(fc.record({ after: fc.integer({ min: 0, max: day }), succeeds: fc.boolean() }), {
  maxLength: 60,
});

interface Seen {
  readonly now: number;
  readonly before: Counter;
  readonly after: Counter;
  readonly admitted: boolean;
}

/** What the counter does as attempts come in, as the throttle uses it. */
function play(limit: Limit, given: readonly { after: number; succeeds: boolean }[]): Seen[] {
  let now = 0;
  let counter = nothingCounted(now);
  return given.map(({ after: wait, succeeds }) => {
    now += wait;
    const before = counter;
    const admitted = isAdmitted(before, limit, now);
    counter = countFailure(before, limit, now);
    if (admitted && succeeds) counter = takeBack(counter, limit);
    return { now, before, after: counter, admitted };
  });
}

describe('A10 the rule of the lock', () => {
  test('A10 in any stretch as long as a lock, no more failures get through than twice the limit', () => {
    fc.assert(
      fc.property(limits, attempts, (limit, given) => {
        const failed = play(
          limit,
          given.map((each) => ({ ...each, succeeds: false })),
        ).filter((each) => each.admitted);
        for (const { now } of failed) {
          const within = failed.filter((each) => each.now >= now && each.now < now + limit.lockMs);
          expect(within.length).toBeLessThanOrEqual(2 * limit.failures);
        }
      }),
    );
  });

  test('A10 a lock never becomes longer while it lasts, and none is longer than a day or the policy’s own', () => {
    fc.assert(
      fc.property(limits, attempts, (limit, given) => {
        for (const { now, before, after, admitted } of play(limit, given)) {
          if (!admitted) expect(after.lockedUntil).toBe(before.lockedUntil);
          if (after.lockedUntil !== null)
            expect(after.lockedUntil - now).toBeLessThanOrEqual(Math.max(day, limit.lockMs));
        }
      }),
    );
  });

  test('A10 who always succeeds is never locked', () => {
    fc.assert(
      fc.property(limits, attempts, (limit, given) => {
        const seen = play(
          limit,
          given.map((each) => ({ ...each, succeeds: true })),
        );
        expect(seen.every((each) => each.admitted)).toBe(true);
      }),
    );
  });

  test('A10 a growing lock doubles each time, and a day without one forgets', () => {
    const limit = { failures: 1, lockMs: 3_600_000, grows: true };
    let counter = nothingCounted(0);
    let now = 0;
    const lengths: number[] = [];
    for (let each = 0; each < 7; each += 1) {
      counter = countFailure(counter, limit, now);
      lengths.push(((counter.lockedUntil ?? 0) - now) / 3_600_000);
      now = counter.lockedUntil ?? 0;
    }
    expect(lengths).toEqual([1, 2, 4, 8, 16, 24, 24]);
    now += day + 1;
    expect((countFailure(counter, limit, now).lockedUntil ?? 0) - now).toBe(limit.lockMs);
  });
});

describe('A10 the network of an address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', 'unknown'],
    ['not an address', 'unknown'],
  ])('A10 %s counts as %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
