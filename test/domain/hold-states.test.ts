import { describe, expect, test } from '@jest/globals';
import {
  firstHoldState,
  holdStates,
  holdTransitions,
  isOpenHold,
  mayCancel,
  mayChange,
  mayMove,
} from '../../domain/hold-states.ts';
import type { AskedBy, HoldState } from '../../domain/hold-states.ts';
import { codes } from './fixtures.ts';

function reachable(from: HoldState, seen = new Set<HoldState>()): Set<HoldState> {
  if (seen.has(from)) return seen;
  seen.add(from);
  for (const next of holdTransitions[from]) reachable(next, seen);
  return seen;
}

function before(end: HoldState): HoldState[] {
  return holdStates.filter((state) => mayMove(state, end));
}

describe('the states of a hold', () => {
  test('H5 every state can be reached from waiting', () => {
    expect([...reachable(firstHoldState)].toSorted()).toEqual([...holdStates].toSorted());
  });

  test('H5 collected, lapsed and cancelled are the ends, and every open state can reach one', () => {
    expect(holdStates.filter((state) => !isOpenHold(state))).toEqual(['collected', 'lapsed', 'cancelled']);
    for (const state of holdStates)
      expect([...reachable(state)].some((next) => !isOpenHold(next))).toBe(true);
  });

  test('H6 H9 only a secured hold is collected or lapses', () => {
    expect(before('collected')).toEqual(['secured']);
    expect(before('lapsed')).toEqual(['secured']);
    expect(before('cancelled')).toEqual(['waiting', 'in-transit', 'secured']);
  });
});

describe('changing and cancelling', () => {
  const table: [HoldState, AskedBy, string[], string[], string[]][] = [
    ['waiting', 'patron', [], [], []],
    ['in-transit', 'patron', ['hold-in-transit'], [], []],
    ['secured', 'patron', ['hold-secured'], ['hold-secured'], ['hold-secured']],
    ['lapsed', 'patron', ['hold-ended'], ['hold-ended'], ['hold-ended']],
    ['waiting', 'staff', [], [], []],
    ['in-transit', 'staff', [], [], []],
    ['secured', 'staff', [], [], []],
    ['collected', 'staff', ['hold-ended'], ['hold-ended'], ['hold-ended']],
  ];

  test.each(table)(
    'H7 %s, asked by %s: place %j, contact %j, cancel %j',
    (state, by, place, contact, cancel) => {
      expect(codes(mayChange({ state }, by, { place: true }))).toEqual(place);
      expect(codes(mayChange({ state }, by, { place: false }))).toEqual(contact);
      expect(codes(mayCancel({ state }, by))).toEqual(cancel);
    },
  );
});
