import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { civilDay } from '../../domain/calendar.ts';
import { checkOutReasons, dueAt, renewedDueAt } from '../../domain/loans.ts';
import type { CheckOutFacts } from '../../domain/loans.ts';
import { renewalReasons } from '../../domain/renewals.ts';
import type { RenewalFacts } from '../../domain/renewals.ts';
import { chikushino, codes, day, goodPatron, instant, policies, wall } from './fixtures.ts';

function checkOut(facts: Partial<CheckOutFacts> = {}): string[] {
  return codes(
    checkOutReasons({
      policy: chikushino,
      patron: goodPatron,
      kind: 'book',
      item: { state: 'available', forLoan: true },
      claim: 'nobody',
      aheadInQueue: 0,
      openLoans: {},
      today: day('2026-11-24'),
      ...facts,
    }),
  );
}

function bookDue(from: string): string {
  const at = instant(from);
  return wall(
    dueAt({ policy: chikushino, closures: [], branch: 'library', kind: 'book', from: at }),
    'Asia/Tokyo',
  );
}

describe('check-out', () => {
  test('L1 H11 nothing against it, or every reason', () => {
    expect(checkOut()).toEqual([]);
    expect(
      checkOut({
        patron: { blocked: true, closed: false, expiresOn: '2026-11-01' },
        item: { state: 'withdrawn', forLoan: false },
        aheadInQueue: 2,
        openLoans: { book: 10, audiovisual: 2 },
      }),
    ).toEqual([
      'patron-blocked',
      'patron-expired',
      'item-withdrawn',
      'not-for-loan',
      'title-has-queue',
      'loan-limit',
      'loan-limit-kind',
    ]);
  });

  test('H9 a copy kept for the reader is theirs, whoever else waits; a copy kept for another is not', () => {
    const item = { state: 'hold-shelf' as const, forLoan: true };
    expect(checkOut({ item, claim: 'this-patron', aheadInQueue: 3 })).toEqual([]);
    expect(checkOut({ item, claim: 'other-patron' })).toEqual(['item-kept-for-other']);
  });

  test('L1 a copy on loan, to the reader or to another', () => {
    const item = { state: 'on-loan' as const, forLoan: true };
    expect(checkOut({ item, claim: 'this-patron' })).toEqual(['item-on-loan-to-you']);
    expect(checkOut({ item, claim: 'other-patron' })).toEqual(['item-on-loan']);
  });

  test.each(['lost', 'missing'] as const)('H11 a copy that is %s is checked in first', (state) => {
    expect(checkOut({ item: { state, forLoan: true } })).toEqual([`item-${state}`]);
  });

  test('L1 books are due in 14 days, at the end of the day, on the next open day if that is closed', () => {
    expect(bookDue('2026-11-17T06:00:00Z')).toBe('2026-12-01T23:59');
    expect(bookDue('2026-12-15T06:00:00Z')).toBe('2027-01-05T23:59');
  });
});

const dueInADay = instant('2026-12-01T14:59:59Z');

function renewal(facts: Partial<RenewalFacts> = {}): RenewalFacts {
  return {
    policy: chikushino,
    closures: [],
    patron: goodPatron,
    kind: 'book',
    branch: 'library',
    dueAt: dueInADay,
    renewals: 0,
    ended: false,
    heldByOthers: 0,
    channel: 'web',
    now: instant('2026-11-29T03:00:00Z'),
    ...facts,
  };
}

describe('renewal', () => {
  test.each<[string, Partial<RenewalFacts>, string[]]>([
    ['nothing against it', {}, []],
    ['renewed once', { renewals: 1 }, ['renewal-limit']],
    ['overdue by a second', { now: instant('2026-12-01T15:00:00Z') }, ['renewal-overdue']],
    ['at the last second', { now: dueInADay }, []],
    ['held by another reader', { heldByOthers: 1 }, ['renewal-title-held']],
    ['audiovisual', { kind: 'audiovisual' }, ['renewal-kind']],
    ['on the day of check-out', { now: instant('2026-11-17T07:00:00Z') }, ['renewal-same-date']],
    ['the day after', { now: instant('2026-11-18T07:00:00Z') }, []],
    ['blocked', { patron: { ...goodPatron, blocked: true } }, ['patron-blocked']],
    ['returned', { ended: true, renewals: 1 }, ['loan-ended']],
  ])('L2 %s', (_, facts, expected) => {
    expect(codes(renewalReasons(renewal(facts)))).toEqual(expected);
  });

  test('F4 an unpaid usage fee hinders self-service only', () => {
    const patron = { ...goodPatron, paidUntil: '2026-10-31' };
    expect(codes(renewalReasons(renewal({ patron })))).toEqual(['fee-unpaid']);
    expect(renewalReasons(renewal({ patron, channel: 'desk' }))).toEqual([]);
  });

  test('L2 all reasons come at once', () => {
    const reasons = renewalReasons(
      renewal({
        patron: { ...goodPatron, blocked: true, expiresOn: '2026-01-01' },
        kind: 'audiovisual',
        renewals: 1,
        heldByOthers: 2,
        now: instant('2026-12-02T00:00:00Z'),
      }),
    );
    expect(codes(reasons)).toEqual([
      'patron-blocked',
      'patron-expired',
      'renewal-kind',
      'renewal-limit',
      'renewal-title-held',
      'renewal-overdue',
    ]);
  });

  test('L3 the new due date is the day of renewal plus two weeks, whatever the old one was', () => {
    const request = { policy: chikushino, closures: [], branch: 'library', kind: 'book' as const };
    const due = renewedDueAt({ ...request, from: instant('2026-11-21T03:00:00Z') });
    expect(wall(due, 'Asia/Tokyo')).toBe('2026-12-05T23:59');
  });

  test('L2 L3 a renewal that is allowed gives a later date, at least the period after the day it is made', () => {
    const anyPolicy = fc.constantFrom(...policies.all().filter(({ code }) => code !== 'demo'));
    const hour = fc.integer({
      min: Date.UTC(2026, 10, 1) / 3_600_000,
      max: Date.UTC(2028, 0, 1) / 3_600_000,
    });
    fc.assert(
      fc.property(anyPolicy, hour, fc.integer({ min: 0, max: 24 * 60 }), (policy, checkedOut, later) => {
        const from = Temporal.Instant.fromEpochMilliseconds(checkedOut * 3_600_000);
        const branch = policy.branches[0]?.code ?? '';
        const request = { policy, closures: [], branch, kind: 'book' as const };
        const due = dueAt({ ...request, from });
        const now = from.add({ hours: later });
        const allowed = renewalReasons(renewal({ ...request, dueAt: due, now })).length === 0;
        const renewed = renewedDueAt({ ...request, from: now });
        expect(allowed && Temporal.Instant.compare(renewed, due) <= 0).toBe(false);
        const earliest = civilDay(policy, now).add(policy.loans.renewals.period);
        expect(Temporal.PlainDate.compare(civilDay(policy, renewed), earliest)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });
});
