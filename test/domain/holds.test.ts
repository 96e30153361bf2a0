import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { boundItem, isHoldable, sameIssue } from '../../domain/holdable.ts';
import type { ItemFacts, TitleFacts } from '../../domain/holdable.ts';
import { contactsOffered, placementReasons } from '../../domain/holds.ts';
import { itemStates, kinds } from '../../domain/kinds.ts';
import type { ItemState, Kind, KindCounts } from '../../domain/kinds.ts';
import { eligibleToBeServed } from '../../domain/patrons.ts';
import { chikushino, codes, day, goodPatron, item, placement } from './fixtures.ts';

const fromShelf = { ...chikushino, holds: { ...chikushino.holds, onShelf: true } };

function book(...states: ItemState[]): TitleFacts {
  return { kind: 'book', items: states.map((state, index) => item(`copy-${index}`, { state })) };
}

describe('what can be held', () => {
  test.each<[ItemState[], string[]]>([
    [['on-loan'], []],
    [['on-loan', 'hold-shelf', 'in-transit'], []],
    [['on-loan', 'available'], ['on-shelf']],
    [['on-loan', 'put-away'], ['on-shelf']],
    [['on-loan', 'lost', 'withdrawn', 'missing'], []],
    [
      ['lost', 'withdrawn', 'missing'],
      ['item-lost', 'item-withdrawn', 'item-missing'],
    ],
    [['lost', 'lost'], ['item-lost']],
    [[], ['title-without-items']],
  ])('H1 H11 a book whose copies are %j: %j', (states, expected) => {
    expect(codes(isHoldable(book(...states), chikushino))).toEqual(expected);
  });

  test('H1 a copy on the shelf can be held where the policy says so', () => {
    expect(isHoldable(book('available'), fromShelf)).toEqual([]);
    expect(codes(isHoldable(book('lost'), fromShelf))).toEqual(['item-lost']);
  });

  test('H1 copies not for loan do not count', () => {
    const reference = item('reference', { state: 'available', forLoan: false });
    expect(isHoldable({ kind: 'book', items: [item('lent'), reference] }, chikushino)).toEqual([]);
    expect(codes(isHoldable({ kind: 'book', items: [reference] }, chikushino))).toEqual(['not-for-loan']);
  });

  const magazine: TitleFacts = {
    kind: 'magazine',
    items: [
      item('old-lent'),
      item('old-here', { state: 'available' }),
      item('latest', { state: 'available', isLatestIssue: true }),
    ],
  };

  test('H1 a magazine is held by its latest issue, even on the shelf, and no other', () => {
    expect(boundItem(magazine, null)).toBe('latest');
    expect(isHoldable(magazine, chikushino)).toEqual([]);
    expect(isHoldable(magazine, chikushino, 'latest')).toEqual([]);
    expect(codes(isHoldable(magazine, chikushino, 'old-lent'))).toEqual(['not-latest-issue']);
    expect(codes(isHoldable(magazine, chikushino, 'unknown'))).toEqual(['item-unknown']);
    expect(codes(isHoldable({ ...magazine, items: [] }, chikushino))).toEqual(['title-without-items']);
  });

  test('H1 a library may let older issues be held while they are on loan', () => {
    const policy = {
      ...chikushino,
      holds: { ...chikushino.holds, magazines: 'latest-or-on-loan' as const },
    };
    expect(isHoldable(magazine, policy, 'old-lent')).toEqual([]);
    expect(codes(isHoldable(magazine, policy, 'old-here'))).toEqual(['on-shelf']);
  });

  test('H1 a hold binds the copy of the latest issue that can come', () => {
    const lost = item('lost', { state: 'lost', isLatestIssue: true });
    const title: TitleFacts = { kind: 'magazine', items: [lost, item('good', { isLatestIssue: true })] };
    expect(boundItem(title, null)).toBe('good');
    expect(boundItem({ kind: 'magazine', items: [lost] }, null)).toBe('lost');
    expect(boundItem(book('on-loan'), 'copy-0')).toBeNull();
  });

  test('H1 the copies of an issue stand for each other, those of another issue never', () => {
    const copy = (id: string, issue: string | null, facts: Partial<ItemFacts> = {}) =>
      item(id, { issue, ...facts });
    const items = [
      copy('old', '11'),
      copy('a', '12', { isLatestIssue: true, state: 'lost' }),
      copy('b', '12', { isLatestIssue: true }),
      copy('undated', null),
      copy('undated too', null),
    ];
    const title: TitleFacts = { kind: 'magazine', items };
    expect(boundItem(title, 'a')).toBe('b');
    expect(boundItem(title, 'old')).toBe('old');
    expect(sameIssue(title, 'a', 'b')).toBe(true);
    expect(sameIssue(title, 'old', 'b')).toBe(false);
    expect(sameIssue(title, 'undated', 'undated too')).toBe(false);
    const held = codes(placementReasons(placement({ title, requestedItem: 'b', holdsOfTitle: ['a'] })));
    expect(held).toEqual(['hold-exists']);
    const lent = codes(placementReasons(placement({ title, requestedItem: 'a', loansOfTitle: ['b'] })));
    expect(lent).toEqual(['item-on-loan-to-you']);
    const another = placement({ title, requestedItem: 'b', holdsOfTitle: ['old'], loansOfTitle: ['old'] });
    expect(placementReasons(another)).toEqual([]);

    const policy = { ...chikushino, holds: { ...chikushino.holds, magazines: 'latest-or-on-loan' as const } };
    const older = { ...title, items: [...items, copy('old too', '11', { state: 'available' })] };
    expect(codes(isHoldable(older, policy, 'old'))).toEqual(['on-shelf']);
  });

  test('H1 another copy, lost or away, never hinders and one on the shelf never helps', () => {
    const states = fc.array(fc.constantFrom(...itemStates), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(states, (given) => {
        const free = given.some((state) => state === 'available' || state === 'put-away');
        const away = given.some((state) =>
          ['on-loan', 'hold-shelf', 'in-transit', 'lent-out'].includes(state),
        );
        expect(isHoldable(book(...given), chikushino).length === 0).toBe(away && !free);
        expect(isHoldable(book(...given), fromShelf).length === 0).toBe(away || free);
      }),
    );
  });
});

function withOpen(openHolds: KindCounts, kind: Kind): string[] {
  const title = { kind, items: [item('i', { isLatestIssue: true })] };
  return codes(placementReasons(placement({ openHolds, title })));
}

describe('placing a hold', () => {
  test('H1 H2 H4 nothing against it', () => {
    expect(placementReasons(placement())).toEqual([]);
  });

  test('H2 at most 10 books and 1 audiovisual item, 11 in all, magazines among the books', () => {
    expect(withOpen({ book: 9, audiovisual: 1 }, 'book')).toEqual([]);
    expect(withOpen({ book: 10 }, 'book')).toEqual(['hold-limit-kind']);
    expect(withOpen({ book: 10 }, 'audiovisual')).toEqual([]);
    expect(withOpen({ book: 9, audiovisual: 1 }, 'audiovisual')).toEqual(['hold-limit-kind']);
    expect(withOpen({ book: 10, audiovisual: 1 }, 'book')).toEqual(['hold-limit', 'hold-limit-kind']);
    expect(withOpen({ book: 4, magazine: 6 }, 'magazine')).toEqual(['hold-limit-kind']);
  });

  test('H2 the reason says how many are allowed and how many there are', () => {
    expect(placementReasons(placement({ openHolds: { book: 6, magazine: 4 } }))).toEqual([
      { code: 'hold-limit-kind', kind: 'book', limit: 10, has: 10 },
    ]);
  });

  test('H2 placing one by one, in any order, ends exactly at the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 40 }), (wanted) => {
        const has = { book: 0, magazine: 0, audiovisual: 0 };
        for (const kind of wanted) {
          const title = { kind, items: [item('i', { isLatestIssue: true })] };
          if (placementReasons(placement({ title, openHolds: has })).length === 0) has[kind] += 1;
        }
        const prints = wanted.filter((kind) => kind !== 'audiovisual').length;
        expect(has.book + has.magazine).toBe(Math.min(10, prints));
        expect(has.audiovisual).toBe(Math.min(1, wanted.length - prints));
      }),
    );
  });

  test('H4 the place is a branch or a stop of the library', () => {
    expect(placementReasons(placement({ place: 'BM02' }))).toEqual([]);
    expect(placementReasons(placement({ place: 'BM99' }))).toEqual([
      { code: 'place-unknown', place: 'BM99' },
    ]);
  });

  test('H4 mail only with an address that works, phone only with a number', () => {
    const patron = { ...goodPatron, mailUsable: false, phoneUsable: false };
    expect(contactsOffered(chikushino, goodPatron)).toEqual(['phone', 'none', 'mail']);
    expect(contactsOffered(chikushino, patron)).toEqual(['none']);
    expect(codes(placementReasons(placement({ patron })))).toEqual(['contact-mail-unavailable']);
    expect(codes(placementReasons(placement({ patron, contact: 'phone' })))).toEqual([
      'contact-phone-unavailable',
    ]);
    expect(placementReasons(placement({ patron, contact: 'none' }))).toEqual([]);
  });

  test('F4 while "paid until" is past, self-service is refused and the desk is not', () => {
    const patron = { ...goodPatron, paidUntil: '2026-11-23' };
    expect(placementReasons(placement({ patron }))).toEqual([
      { code: 'fee-unpaid', paidUntil: '2026-11-23' },
    ]);
    expect(placementReasons(placement({ patron, channel: 'desk' }))).toEqual([]);
    expect(placementReasons(placement({ patron: { ...goodPatron, paidUntil: '2026-11-24' } }))).toEqual([]);
  });

  test('H5 not twice, and not what the reader has', () => {
    expect(codes(placementReasons(placement({ holdsOfTitle: [null] })))).toEqual(['hold-exists']);
    expect(codes(placementReasons(placement({ loansOfTitle: ['copy'] })))).toEqual(['item-on-loan-to-you']);
    const title: TitleFacts = {
      kind: 'magazine',
      items: [item('new', { isLatestIssue: true }), item('old')],
    };
    expect(placementReasons(placement({ title, holdsOfTitle: ['old'], loansOfTitle: ['old'] }))).toEqual([]);
    expect(codes(placementReasons(placement({ title, holdsOfTitle: ['new'] })))).toEqual(['hold-exists']);
  });

  test('H1 H2 H4 H11 all reasons come at once', () => {
    const reasons = placementReasons(
      placement({
        patron: {
          blocked: true,
          closed: true,
          expiresOn: '2026-11-23',
          paidUntil: '2026-01-01',
          mailUsable: false,
          phoneUsable: false,
        },
        title: book('available'),
        openHolds: { book: 10, audiovisual: 1 },
        holdsOfTitle: [null],
        loansOfTitle: ['copy-0'],
        place: 'nowhere',
      }),
    );
    expect(codes(reasons)).toEqual([
      'patron-closed',
      'patron-blocked',
      'patron-expired',
      'fee-unpaid',
      'on-shelf',
      'hold-exists',
      'item-on-loan-to-you',
      'hold-limit',
      'hold-limit-kind',
      'place-unknown',
      'contact-mail-unavailable',
    ]);
  });
});

describe('being served', () => {
  test('H11 a blocked, expired or closed card is passed over, an unpaid fee is not looked at', () => {
    const today = day('2026-11-24');
    const unpaid = { ...goodPatron, paidUntil: '2026-01-01' };
    expect(eligibleToBeServed(unpaid, today)).toEqual([]);
    expect(codes(eligibleToBeServed({ ...unpaid, blocked: true }, today))).toEqual(['patron-blocked']);
    expect(codes(eligibleToBeServed({ ...unpaid, closed: true }, today))).toEqual(['patron-closed']);
    expect(eligibleToBeServed({ ...unpaid, expiresOn: '2026-11-24' }, today)).toEqual([]);
    expect(codes(eligibleToBeServed({ ...unpaid, expiresOn: '2026-11-23' }, today))).toEqual([
      'patron-expired',
    ]);
  });
});
