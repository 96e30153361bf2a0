import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { asksOf, hear, isShipped, type Said } from '../../domain/ill-heard.ts';
import { statuses, type Status } from '../../domain/ill-status.ts';
import { isTerminal, mayFollow } from '../../domain/ill-transitions.ts';

const said = (status: Status, at: number, more: Partial<Said> = {}): Said => ({
  status,
  at,
  seq: at,
  reason: 'StatusChange',
  ...more,
});

/** What a supplier that keeps to the standard says, one after the other. */
const story = fc
  .array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 8 })
  .map((choices) => {
    const told: Said[] = [];
    for (const [index, choice] of choices.entries()) {
      const before = told.at(-1)?.status ?? null;
      const next = statuses.filter((status) => mayFollow(before, status));
      const status = next[choice % Math.max(next.length, 1)];
      if (status === undefined) break;
      told.push(said(status, 1000 + index));
    }
    return told;
  })
  .filter((told) => told.length > 0);

test('I18 in whatever order a supplier’s messages come, and however often, they lead to the same', () => {
  fc.assert(
    fc.property(
      story.chain((told) =>
        fc.tuple(
          fc.constant(told),
          fc.shuffledSubarray([...told, ...told], { minLength: told.length, maxLength: 2 * told.length }),
        ),
      ),
      ([told, came]) => {
        const all = [...came, ...told];
        const { status, shipped } = hear(all);
        const inOrder = hear(told);
        expect(status).toBe(inOrder.status);
        expect(shipped?.status).toBe(inOrder.shipped?.status);
        expect(status).toBe(told.at(-1)?.status);
      },
    ),
  );
});

test('I18 heard bit by bit, the last word is the same as heard at once', () => {
  fc.assert(
    fc.property(
      story.chain((told) => fc.shuffledSubarray(told, { minLength: told.length, maxLength: told.length })),
      (came) => {
        const heard: Said[] = [];
        for (const each of came) {
          heard.push(each);
          hear(heard);
        }
        expect(hear(heard).status).toBe(hear(came.toSorted((a, b) => a.at - b.at)).status);
      },
    ),
  );
});

test('I10 what was sent stays sent, and what has ended ended; a note changes nothing', () => {
  expect(hear([said('Loaned', 1), said('WillSupply', 2)]).status).toBe('Loaned');
  expect(hear([said('LoanCompleted', 2), said('Loaned', 1), said('Overdue', 3)]).status).toBe(
    'LoanCompleted',
  );
  expect(hear([said('WillSupply', 1), said('Unfilled', 2, { reason: 'Notification' })]).status).toBe(
    'WillSupply',
  );
  expect(hear([])).toEqual({ counted: [] });
  for (const status of statuses)
    if (isTerminal(status)) expect(hear([said(status, 1), said('WillSupply', 2)]).status).toBe(status);
});

test('I10 who said no and sends all the same is believed', () => {
  const { status, shipped } = hear([said('Unfilled', 1), said('Loaned', 2)]);
  expect(status).toBe('Loaned');
  expect(shipped?.at).toBe(2);
  expect(isShipped('Overdue')).toBe(true);
  expect(isShipped('Unfilled')).toBe(false);
});

test('I10 what is asked is told by the supplier’s code, and by what it offers where that is not known', () => {
  const nothing = { conditions: false, cost: false };
  expect(asksOf('CostExceedsMaxCost', nothing)).toBe('cost');
  expect(asksOf('NotFoundAsCited', { conditions: false, cost: true })).toBe('data');
  expect(asksOf('SomethingOfTheirOwn', { conditions: true, cost: true })).toBe('condition');
  expect(asksOf(undefined, { conditions: false, cost: true })).toBe('cost');
  expect(asksOf('OnLoan', nothing)).toBe('other');
});
