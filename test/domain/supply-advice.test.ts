import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { itemStates, kinds } from '../../domain/kinds.ts';
import type { ItemState } from '../../domain/kinds.ts';
import { adviseOn, type StockCopy, type StockTitle } from '../../domain/supply-advice.ts';

const lending = { kinds: ['book'] } as const;

const copy = (state: ItemState, given: Partial<StockCopy> = {}): StockCopy => ({
  id: state,
  barcode: state,
  branch: 'main',
  shelfMark: null,
  state,
  forLoan: true,
  dueAt: null,
  ...given,
});

const book = (copies: StockCopy[], given: Partial<StockTitle> = {}): StockTitle => ({
  titleId: 't',
  title: 'T',
  kind: 'book',
  waiting: 0,
  copies,
  ...given,
});

const loan = (...titles: StockTitle[]) => adviseOn(titles, 'loan', { kinds: [...lending.kinds] });

describe('what the shelves suggest', () => {
  test('I8 a copy that is in will be supplied; one that is out, later', () => {
    expect(loan()).toEqual({ answer: 'Unfilled', reason: 'NotHeld' });
    expect(loan(book([copy('on-loan', { dueAt: 9 }), copy('available')]))).toMatchObject({
      answer: 'WillSupply',
      itemId: 'available',
    });
    expect(loan(book([copy('on-loan', { dueAt: 9 }), copy('lent-out')]))).toEqual({
      titleId: 't',
      answer: 'RetryPossible',
      reason: 'OnLoan',
      retryAfter: 9,
    });
  });

  test('I8 readers of our own who wait come first', () => {
    expect(loan(book([copy('available')], { waiting: 1 }))).toMatchObject({
      reason: 'NotCurrentAvailableForILL',
    });
  });

  test('I8 what never leaves the house is not lent, but copied', () => {
    const inside = book([copy('available', { forLoan: false })]);
    expect(loan(inside)).toMatchObject({ answer: 'Unfilled', reason: 'NonCirculating' });
    expect(adviseOn([inside], 'copy', { kinds: [] })).toMatchObject({ answer: 'WillSupply' });
    expect(loan(book([copy('available')], { kind: 'magazine' }))).toMatchObject({ reason: 'NonCirculating' });
  });

  test('I8 missing is not on the shelf, lost is not held', () => {
    expect(loan(book([copy('missing')]))).toMatchObject({ reason: 'NotOnShelf' });
    expect(loan(book([copy('lost'), copy('withdrawn')]))).toMatchObject({ reason: 'NotHeld' });
  });

  test('I8 of several titles the most helpful counts, and a promise is always of a copy that is in', () => {
    const copies = fc.array(
      fc
        .record({ state: fc.constantFrom(...itemStates), forLoan: fc.boolean() })
        .map((given) => copy(given.state, given)),
      { maxLength: 5 },
    );
    const titles = fc.array(
      fc
        .record({ copies, kind: fc.constantFrom(...kinds), waiting: fc.nat(2) })
        .map((given) => book(given.copies, given)),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(titles, fc.constantFrom('loan' as const, 'copy' as const), (given, service) => {
        const all = adviseOn(given, service, { kinds: ['book'] });
        const each = given.map((title) => adviseOn([title], service, { kinds: ['book'] }));
        expect(all.answer === 'WillSupply').toBe(each.some(({ answer }) => answer === 'WillSupply'));
        if (all.answer !== 'WillSupply') return;
        const found = given.flatMap((title) => title.copies.map((one) => ({ one, title })));
        expect(
          found.some(
            ({ one, title }) =>
              one.id === all.itemId &&
              ['available', 'put-away'].includes(one.state) &&
              (service === 'copy' || (one.forLoan && title.waiting === 0 && title.kind === 'book')),
          ),
        ).toBe(true);
      }),
    );
  });
});
