import { describe, expect, test } from '@jest/globals';
import { findPlace, openingOn } from '../../domain/calendar.ts';
import { chikushino, day, policies } from './fixtures.ts';

describe('opening', () => {
  test('H4 pickup places are branches and stops, each with the branch that serves it', () => {
    expect(findPlace(chikushino, 'library')).toMatchObject({ kind: 'branch', servedFrom: 'library' });
    expect(findPlace(chikushino, 'BM02')).toMatchObject({ kind: 'stop', servedFrom: 'library' });
    expect(findPlace(chikushino, 'BM99')).toBeUndefined();
  });

  test('H10 special hours for all open a closed branch, but call no mobile library', () => {
    const special = [{ place: null, day: '2026-11-23', opens: '09:00', closes: '12:00' }];
    const monday = day('2026-11-23');
    expect(openingOn(chikushino, special, 'library', monday)).toEqual({ opens: '09:00', closes: '12:00' });
    expect(openingOn(chikushino, special, 'BM01', monday)).toBeUndefined();
    const named = [{ place: 'BM01', day: '2026-11-23', opens: '09:00', closes: '12:00' }];
    expect(openingOn(chikushino, named, 'BM01', monday)).toEqual({ opens: '09:00', closes: '12:00' });
  });

  test('H10 what staff enter for a place goes before what they enter for all, and both before the policy', () => {
    const newYear = day('2026-12-30');
    expect(openingOn(chikushino, [], 'library', newYear)).toBeUndefined();
    const all = { place: null, day: '2026-12-30', opens: '10:00', closes: '15:00' };
    expect(openingOn(chikushino, [all], 'library', newYear)?.closes).toBe('15:00');
    expect(
      openingOn(chikushino, [all, { place: 'library', day: '2026-12-30' }], 'library', newYear),
    ).toBeUndefined();
  });

  test('H10 a make-up working day opens a Saturday, a yearly closure comes every year and passes New Year', () => {
    const zju = policies.get('zju');
    expect(openingOn(zju, [], 'yuquan', day('2026-10-10'))?.closes).toBe('17:00');
    expect(openingOn(zju, [], 'yuquan', day('2026-10-17'))).toBeUndefined();
    expect(openingOn(zju, [], 'yuquan', day('2029-10-01'))).toBeUndefined();
    expect(openingOn(chikushino, [], 'library', day('2030-01-04'))).toBeUndefined();
    expect(openingOn(chikushino, [], 'library', day('2030-01-05'))).toBeDefined();
  });

  test('H4 a stop is visited every second week, before and after the anchor', () => {
    const visited = ['2026-10-14', '2026-10-28', '2026-11-11', '2026-12-09'].map(day);
    const between = ['2026-10-21', '2026-11-18', '2026-11-12'].map(day);
    for (const date of visited)
      expect(openingOn(chikushino, [], 'BM01', date)).toEqual({ opens: '14:00', closes: '14:40' });
    for (const date of between) expect(openingOn(chikushino, [], 'BM01', date)).toBeUndefined();
  });

  test('H10 a day each month is closed: the last Wednesday, or the second Thursday', () => {
    const closed = ['2026-11-25', '2027-11-24', '2028-02-23'].map(day);
    const open = ['2026-11-18', '2027-11-17', '2028-02-16'].map(day);
    for (const date of closed) expect(openingOn(chikushino, [], 'library', date)).toBeUndefined();
    for (const date of open) expect(openingOn(chikushino, [], 'library', date)).toBeDefined();
    const second = { monthly: { week: 2, weekday: 'thursday' as const }, reason: 'stock' };
    const policy = { ...chikushino, closures: [second] };
    const thursdays = ['2026-10-01', '2026-10-08', '2026-10-15'].map(day);
    expect(thursdays.map((date) => openingOn(policy, [], 'library', date) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });
});
