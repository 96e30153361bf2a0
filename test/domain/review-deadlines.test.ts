import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, integer, property } from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { Closure } from '../../domain/calendar.ts';
import {
  endOf,
  escalationDay,
  isWorkingDay,
  nextEscalationAt,
  type ReviewCalendar,
  reviewDueAt,
} from '../../domain/review-deadlines.ts';
import { policies } from '../support/made-once.ts';

function calendarOf(library: string, procedure: string, closures: readonly Closure[] = []): ReviewCalendar {
  const policy = policies.get(library);
  const review = policy.registration.procedures.find(({ code }) => code === procedure)?.review;
  if (!review) throw new Error(`${library} reviews no ${procedure}.`);
  return { policy, review, closures };
}

const wall = (library: string, at: Temporal.Instant) =>
  at.toZonedDateTimeISO(policies.get(library).timeZone).toPlainDateTime().toString();
const at = (library: string, text: string) =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(policies.get(library).timeZone).toInstant();

describe('a review within working days', () => {
  test.each([
    ['an evening in the week', 'zju', 'ill', '2026-11-24T20:00', '2026-11-25T17:00:00'],
    ['a Friday afternoon', 'zju', 'ill', '2026-11-27T15:00', '2026-11-30T17:00:00'],
    ['a Saturday', 'zju', 'ill', '2026-11-28T10:00', '2026-11-30T17:00:00'],
    ['the day before the National Day week', 'zju', 'ill', '2026-09-30T09:00', '2026-10-08T17:00:00'],
    ['a Friday before a make-up working Saturday', 'zju', 'ill', '2026-10-09T12:00', '2026-10-10T17:00:00'],
    [
      'a Friday, where the library is open at weekends and its office is not',
      'ccc-member',
      'self',
      '2026-11-27T12:00',
      '2026-11-30T22:00:00',
    ],
    [
      'a Saturday before the closed Monday; two working days',
      'chikushino',
      'web',
      '2026-11-21T12:00',
      '2026-11-24T18:00:00',
    ],
    ['the last day before New Year', 'chikushino', 'web', '2026-12-27T12:00', '2027-01-06T18:00:00'],
  ])('A5 %s at %s', (_, library, procedure, from, due) => {
    expect(wall(library, reviewDueAt(calendarOf(library, procedure), at(library, from)))).toBe(due);
  });

  test('A5 a day that staff close is no working day', () => {
    const closed = [{ place: null, day: '2026-11-25' }];
    const calendar = calendarOf('zju', 'ill', closed);
    expect(wall('zju', reviewDueAt(calendar, at('zju', '2026-11-24T12:00')))).toBe('2026-11-26T17:00:00');
  });

  test('A5 the supervisor is told on working days only, and once a day', () => {
    const calendar = calendarOf('zju', 'ill');
    const told = (now: string, last: string | null) =>
      escalationDay(calendar, at('zju', now), last)?.toString();
    expect(told('2026-11-27T17:00', null)).toBe('2026-11-27');
    expect(told('2026-11-27T18:00', '2026-11-27')).toBeUndefined();
    expect(told('2026-11-28T12:00', '2026-11-27')).toBeUndefined();
    expect(told('2026-11-30T08:00', '2026-11-27')).toBeUndefined();
    expect(told('2026-11-30T08:30', '2026-11-27')).toBe('2026-11-30');
    const friday = Temporal.PlainDate.from('2026-11-27');
    expect(wall('zju', nextEscalationAt(calendar, friday))).toBe('2026-11-30T08:30:00');
  });

  const moments = integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-12-01') }).map((ms) =>
    Temporal.Instant.fromEpochMilliseconds(ms),
  );
  const places = constantFrom(
    ...(['zju/ill', 'ccc-member/self', 'chikushino/web', 'bibliotheca/web', 'demo/web'] as const),
  );

  test('A5 whatever the library and the moment: the deadline is on a working day, exactly so many of them later, and later for whoever comes later', () => {
    assert(
      property(places, moments, integer({ min: 0, max: 14 * 86_400_000 }), (place, from, later) => {
        const [library = '', procedure = ''] = place.split('/');
        const calendar = calendarOf(library, procedure);
        const { timeZone } = policies.get(library);
        const due = reviewDueAt(calendar, from).toZonedDateTimeISO(timeZone);
        const first = from.toZonedDateTimeISO(timeZone).toPlainDate();
        let working = 0;
        for (
          let day = first.add({ days: 1 });
          Temporal.PlainDate.compare(day, due.toPlainDate()) <= 0;
          day = day.add({ days: 1 })
        )
          if (isWorkingDay(calendar, day)) working += 1;
        const second = reviewDueAt(calendar, from.add({ milliseconds: later }));
        return (
          isWorkingDay(calendar, due.toPlainDate()) &&
          working === calendar.review.within &&
          Temporal.Instant.compare(second, due.toInstant()) >= 0
        );
      }),
      { numRuns: 300 },
    );
  });

  test('a length in days ends with the last of them, one in clock time exactly then', () => {
    const policy = policies.get('zju');
    expect(wall('zju', endOf(policy, at('zju', '2026-11-24T09:00'), 'P7D'))).toBe('2026-12-01T23:59:59');
    expect(wall('zju', endOf(policy, at('zju', '2026-11-24T09:00'), 'PT10M'))).toBe('2026-11-24T09:10:00');
  });
});
