import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { civilDay, openingOn } from '../../domain/calendar.ts';
import type { Closure } from '../../domain/calendar.ts';
import { phoneTaskDueAt, pickupWindow } from '../../domain/holds.ts';
import { windowEnd } from '../../domain/windows.ts';
import { chikushino, instant, policies, wall } from './fixtures.ts';

const demo = policies.get('demo');
const german = policies.get('bibliotheca');
const never = { ...chikushino, closures: [], branches: [], stops: [] };

function keptUntil(place: string, from: string, closures: readonly Closure[] = []): string {
  return wall(pickupWindow({ policy: chikushino, closures, place, from: instant(from) }), 'Asia/Tokyo');
}

describe('the pickup window', () => {
  test.each([
    ['a Tuesday morning', '2026-11-17T01:00:00Z', '2026-11-24T18:00'],
    ['late in the evening there, a day earlier in UTC', '2026-11-16T15:30:00Z', '2026-11-24T18:00'],
    ['a Friday, which closes later', '2026-11-20T02:00:00Z', '2026-11-27T20:00'],
    ['after closing', '2026-11-17T14:00:00Z', '2026-11-24T18:00'],
  ])('H6 lasts one civil week from contact to closing time: %s', (_, from, end) => {
    expect(keptUntil('library', from)).toBe(end);
  });

  test.each([
    ['a weekly closed day', '2026-11-16T01:00:00Z', '2026-11-24T18:00'],
    ['the last Wednesday of the month', '2026-11-18T01:00:00Z', '2026-11-26T18:00'],
    ['New Year, and the Monday after it', '2026-12-22T01:00:00Z', '2027-01-05T18:00'],
    ['a public holiday', '2027-02-04T01:00:00Z', '2027-02-12T20:00'],
  ])('H10 a lapse on a closed day moves to the next open day: %s', (_, from, end) => {
    expect(keptUntil('library', from)).toBe(end);
  });

  test('H10 a closure or special hours that staff enter move the lapse', () => {
    const from = '2026-11-17T01:00:00Z';
    expect(keptUntil('library', from, [{ place: 'library', day: '2026-11-24' }])).toBe('2026-11-26T18:00');
    expect(keptUntil('library', from, [{ place: null, day: '2026-11-24' }])).toBe('2026-11-26T18:00');
    const short = { place: 'library', day: '2026-11-24', opens: '10:00:00', closes: '13:00:00' };
    expect(keptUntil('library', from, [short])).toBe('2026-11-24T13:00');
    expect(keptUntil('library', from, [{ place: 'BM01', day: '2026-11-24' }])).toBe('2026-11-24T18:00');
  });

  test('H4 H10 at a stop visited every second week the window ends when the mobile library leaves', () => {
    expect(keptUntil('BM01', '2026-11-11T06:00:00Z')).toBe('2026-11-25T14:40');
    expect(keptUntil('BM01', '2026-11-18T06:00:00Z')).toBe('2026-11-25T14:40');
    expect(keptUntil('BM01', '2026-11-19T06:00:00Z')).toBe('2026-12-09T14:40');
  });

  test('H10 "keep" ends at the end of the closed day itself', () => {
    const policy = { ...chikushino, holds: { ...chikushino.holds, lapseOnClosedDay: 'keep' as const } };
    const end = pickupWindow({
      policy,
      closures: [],
      place: 'library',
      from: instant('2026-11-16T01:00:00Z'),
    });
    expect(end.toZonedDateTimeISO('Asia/Tokyo').toPlainDateTime().toString()).toBe('2026-11-23T23:59:59');
  });

  test('H10 a place that never opens gives the end of the nominal day, and no endless search', () => {
    const end = windowEnd({
      policy: never,
      closures: [],
      place: 'nowhere',
      from: instant('2026-11-16T01:00:00Z'),
      window: 'P1W',
      onClosedDay: 'next-open-day',
    });
    expect(end.toZonedDateTimeISO('Asia/Tokyo').toPlainDateTime().toString()).toBe('2026-11-23T23:59:59');
  });

  test('H6 a window in clock time is exact, closing or not', () => {
    const from = instant('2026-11-22T22:59:30.123Z');
    const end = pickupWindow({
      policy: demo,
      closures: [{ place: null, day: '2026-11-23' }],
      place: 'BM01',
      from,
    });
    expect(end.toString()).toBe('2026-11-22T23:00:15.123Z');
  });

  test('H10 the desk that phones keeps the hours of the branch that serves a stop', () => {
    const due = phoneTaskDueAt({
      policy: chikushino,
      closures: [],
      place: 'BM01',
      from: instant('2026-11-19T01:00:00Z'),
    });
    expect(wall(due, 'Asia/Tokyo')).toBe('2026-11-20T20:00');
  });
});

const aPolicy = fc.constantFrom(...policies.all().filter(({ code }) => code !== 'demo'));
const anInstant = fc
  .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 11, 31) })
  .map((at) => Temporal.Instant.fromEpochMilliseconds(at));
const aClosure = (place: string | null) => fc.integer({ min: 0, max: 60 }).map((ahead) => ({ place, ahead }));

describe('windows in days, of any library, at any time', () => {
  const cases = aPolicy.chain((policy) =>
    fc.record({
      policy: fc.constant(policy),
      place: fc.constantFrom(
        ...policy.branches.map(({ code }) => code),
        ...policy.stops.map(({ code }) => code),
      ),
      from: anInstant,
      window: fc.constantFrom('P1D', 'P7D', 'P1W', 'P2W', 'P1M'),
      closed: fc.array(fc.oneof(aClosure(null), aClosure('BM01'))),
    }),
  );

  test('H6 H10 the end is a closing time, not before the nominal day, with a whole opening since contact', () => {
    fc.assert(
      fc.property(cases, ({ policy, place, from, window, closed }) => {
        const start = civilDay(policy, from);
        const closures = closed.map(({ place: at, ahead }) => ({
          place: at,
          day: start.add({ days: ahead }).toString(),
        }));
        const end = windowEnd({ policy, closures, place, from, window, onClosedDay: 'next-open-day' });
        const lastDay = civilDay(policy, end);
        const hours = openingOn(policy, closures, place, lastDay);
        expect(Temporal.PlainDate.compare(lastDay, start.add(window))).toBeGreaterThanOrEqual(0);
        expect(wall(end, policy.timeZone)).toBe(`${lastDay.toString()}T${hours?.closes}`);
        const opened = lastDay.toZonedDateTime({
          timeZone: policy.timeZone,
          plainTime: hours?.opens ?? '24:00',
        });
        expect(Temporal.Instant.compare(opened.toInstant(), from)).toBeGreaterThan(0);
        for (let between = start.add(window); Temporal.PlainDate.compare(between, lastDay) < 0;) {
          expect(openingOn(policy, closures, place, between)).toBeUndefined();
          between = between.add({ days: 1 });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('H6 the end does not depend on the hour of contact within the day', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 86_399 }), ({ policy, place, from, window }, second) => {
        const request = { policy, closures: [], place, window, onClosedDay: 'next-open-day' as const };
        const other = civilDay(policy, from)
          .toZonedDateTime(policy.timeZone)
          .add({ seconds: second })
          .toInstant();
        if (!civilDay(policy, other).equals(civilDay(policy, from))) return;
        expect(windowEnd({ ...request, from: other }).equals(windowEnd({ ...request, from }))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('summer time in Berlin', () => {
  const always = { ...german, closures: [], branches: demo.branches };

  test.each([
    ['forward', '2027-03-24T09:00:00Z', '2027-03-31T23:59'],
    ['back', '2026-10-21T09:00:00Z', '2026-10-28T23:59'],
  ])('H6 a week over the change of clocks (%s) is still seven civil days', (_, from, end) => {
    const request = { closures: [], place: 'main', window: 'P7D', onClosedDay: 'keep' as const };
    const until = windowEnd({ ...request, policy: always, from: instant(from) });
    expect(wall(until, 'Europe/Berlin')).toBe(end);
    const hours = instant(from).until(until, { largestUnit: 'hours' }).hours;
    const midnightToMidnight = from.startsWith('2027') ? 167 : 169;
    const since = instant(from).toZonedDateTimeISO('Europe/Berlin');
    expect(hours).toBe(midnightToMidnight + 23 - since.hour);
  });
});
