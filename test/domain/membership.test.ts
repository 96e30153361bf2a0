import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { feeOf, feeSteps, isDormant, lastDayOf, spanOf } from '../../domain/membership.ts';
import type { MembershipPolicy } from '../../domain/policy-membership.ts';
import { day, instant, policies, wall } from './fixtures.ts';

const { membership: stated, timeZone } = policies.get('bibliotheca');
const membership = stated as MembershipPolicy;

const anyDay = fc
  .integer({ min: 0, max: 40_000 })
  .map((days) => Temporal.PlainDate.from('2000-01-01').add({ days }));

describe('a period', () => {
  test.each([
    ['2027-01-01', '2027-12-31'],
    ['2026-11-22', '2027-11-21'],
    ['2027-03-01', '2028-02-29'],
    ['2028-02-29', '2029-02-28'],
    ['2028-03-01', '2029-02-28'],
  ])('F3 a year from %s ends on %s', (first, last) => {
    expect(lastDayOf(day(first), 'P1Y').toString()).toBe(last);
  });

  test('F3 a half year or thirty days end on the day before', () => {
    expect(lastDayOf(day('2026-08-31'), 'P6M').toString()).toBe('2027-02-28');
    expect(lastDayOf(day('2026-11-01'), 'P30D').toString()).toBe('2026-11-30');
  });

  test('F3 periods follow each other without a gap and without drifting by more than the leap day', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 12 }), (start, years) => {
        let first = start;
        for (let year = 0; year < years; year += 1) first = lastDayOf(first, 'P1Y').add({ days: 1 });
        const drift = start.add({ years }).until(first, { largestUnit: 'days' }).days;
        expect(drift).toBeGreaterThanOrEqual(0);
        expect(drift).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a payment', () => {
  const covers = (due: string, paid: string, policy = membership) => {
    const { startsOn, endsOn } = spanOf(policy, day(due), day(paid));
    return [startsOn.toString(), endsOn.toString()];
  };

  test('F3 in time lasts from the day after the old "paid until", however early', () => {
    expect(covers('2027-01-01', '2026-12-01')).toEqual(['2027-01-01', '2027-12-31']);
    expect(covers('2027-01-01', '2027-01-01')).toEqual(['2027-01-01', '2027-12-31']);
  });

  test('F3 late lasts from the day of payment, or without a gap where the policy says so', () => {
    expect(covers('2027-01-01', '2027-04-15')).toEqual(['2027-04-15', '2028-04-14']);
    const due = { ...membership, lateFrom: 'due-day' } as const;
    expect(covers('2027-01-01', '2027-04-15', due)).toEqual(['2027-01-01', '2027-12-31']);
  });
});

test('F2 the fee depends on the user group; a subsidy lowers what the reader pays', () => {
  expect(feeOf(membership, 'main-card')).toEqual({ amountMinor: 2400, subsidyMinor: 0 });
  expect(feeOf(membership, 'reduced')).toEqual({ amountMinor: 1200, subsidyMinor: 1200 });
  expect(feeOf(membership, 'institution')).toBe('exempt');
});

describe('the steps of a fee', () => {
  const steps = (due: string) => feeSteps(timeZone, membership, day(due)).map(({ at }) => wall(at, timeZone));

  test('F12 raised thirty days ahead, reminded a week before, a day and two weeks after, at nine on the wall', () => {
    expect(steps('2027-01-01')).toEqual([
      '2026-12-01T09:00',
      '2026-12-24T09:00',
      '2027-01-01T09:00',
      '2027-01-14T09:00',
    ]);
    expect(steps('2027-04-10')[0]).toBe('2027-03-10T09:00');
  });

  test('F12 a reminder before the fee is raised is left out', () => {
    const early = { ...membership, remindBefore: ['P60D', 'P7D'] };
    expect(feeSteps(timeZone, early, day('2027-01-01'))).toHaveLength(4);
  });

  test('F12 steps are in the order of time and numbered from 1, whatever the due day', () => {
    fc.assert(
      fc.property(anyDay, (due) => {
        const found = feeSteps(timeZone, membership, due);
        expect(found.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
        const times = found.map(({ at }) => at.epochMilliseconds);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });
});

test('F12 a card unpaid for more than a year is left alone', () => {
  const dormant = (now: string) => isDormant({ timeZone }, membership, day('2026-01-01'), instant(now));
  expect(dormant('2027-01-01T12:00:00Z')).toBe(false);
  expect(dormant('2027-01-02T12:00:00Z')).toBe(true);
});
