import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { OverdueFee } from '../../domain/policy-circulation.ts';
import { overdueFeeMinor, reminderSteps } from '../../domain/reminders.ts';
import { chikushino, instant, policies, wall } from './fixtures.ts';

const due = instant('2026-12-01T09:00:00Z');

describe('reminders', () => {
  test('L5 before the due date and after it, counted in days at the notice time', () => {
    const steps = reminderSteps(chikushino, due).map(({ kind, step, at }) => [
      kind,
      step,
      wall(at, 'Asia/Tokyo'),
    ]);
    expect(steps).toEqual([
      ['due-soon', 1, '2026-11-28T09:00'],
      ['overdue', 1, '2026-12-08T09:00'],
      ['overdue', 2, '2026-12-22T09:00'],
      ['overdue', 3, '2027-01-26T09:00'],
    ]);
  });

  test('L5 in clock time exactly, in the order of time however the policy lists them', () => {
    const demo = policies.get('demo');
    const loans = { ...demo.loans, reminderBefore: ['PT30S', 'PT1M'], overdueSteps: ['PT2M', 'PT1M'] };
    const steps = reminderSteps({ ...demo, loans }, due).map(
      ({ kind, step, at }) => `${kind} ${step} ${at.toString()}`,
    );
    expect(steps).toEqual([
      'due-soon 1 2026-12-01T08:59:00Z',
      'due-soon 2 2026-12-01T08:59:30Z',
      'overdue 1 2026-12-01T09:01:00Z',
      'overdue 2 2026-12-01T09:02:00Z',
    ]);
  });

  test('L5 a reminder that would have come before the check-out is left out, the numbers stay', () => {
    const loans = { ...chikushino.loans, reminderBefore: ['P10D', 'P2D'] };
    const steps = reminderSteps({ ...chikushino, loans }, due, instant('2026-11-24T00:00:00Z'));
    expect(steps.filter(({ kind }) => kind === 'due-soon')).toMatchObject([{ step: 2 }]);
  });

  test('L5 steps are in order, reminders before the due date and overdue notices after it', () => {
    const any = fc.constantFrom(...policies.all());
    const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2029, 0, 1) });
    fc.assert(
      fc.property(any, at, (policy, ms) => {
        const when = Temporal.Instant.fromEpochMilliseconds(ms);
        const steps = reminderSteps(policy, when);
        expect(steps.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at))).toEqual(steps);
        for (const step of steps) {
          expect(Temporal.Instant.compare(step.at, when)).toBe(step.kind === 'overdue' ? 1 : -1);
        }
      }),
    );
  });
});

function fee(overdueFee: OverdueFee, asOf: string): number {
  return overdueFeeMinor({ ...chikushino, loans: { ...chikushino.loans, overdueFee } }, due, instant(asOf));
}

describe('the charge for a late return', () => {
  const perDay: OverdueFee = { per: 'day', amountMinor: 5 };
  const perWeek: OverdueFee = { per: 'week', amountMinor: 100, capMinor: 250 };
  const perStep: OverdueFee = { per: 'step', amountMinor: 200 };

  test.each<[string, OverdueFee, string, number]>([
    ['in time', perDay, '2026-12-01T09:00:00Z', 0],
    ['after closing on the due date', perDay, '2026-12-01T14:59:00Z', 0],
    ['just past midnight there', perDay, '2026-12-01T15:00:00Z', 5],
    ['ten days', perDay, '2026-12-11T01:00:00Z', 50],
    ['a week begun', perWeek, '2026-12-02T01:00:00Z', 100],
    ['a whole week', perWeek, '2026-12-08T01:00:00Z', 100],
    ['a second week begun', perWeek, '2026-12-09T01:00:00Z', 200],
    ['the cap', perWeek, '2027-12-09T01:00:00Z', 250],
    ['before the first step', perStep, '2026-12-07T23:59:59Z', 0],
    ['at the first step', perStep, '2026-12-08T00:00:00Z', 200],
    ['after the last step', perStep, '2028-01-01T00:00:00Z', 600],
    ['a library that takes none', 'none', '2028-01-01T00:00:00Z', 0],
  ])('L5 %s', (_, policy, asOf, expected) => {
    expect(fee(policy, asOf)).toBe(expected);
  });

  test('L5 it never falls as time passes and stays a whole number of minor units within the cap', () => {
    const hours = fc.integer({ min: -500, max: 5000 });
    fc.assert(
      fc.property(fc.constantFrom(perDay, perWeek, perStep), hours, hours, (policy, a, b) => {
        const [first, later] = [Math.min(a, b), Math.max(a, b)].map((each) =>
          fee(policy, due.add({ hours: each }).toString()),
        );
        expect(later).toBeGreaterThanOrEqual(first ?? 0);
        expect(Number.isSafeInteger(later)).toBe(true);
        expect(later).toBeLessThanOrEqual(policy === perWeek ? 250 : Number.MAX_SAFE_INTEGER);
      }),
    );
  });
});
