import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  childUntil,
  consentHolds,
  consentReasons,
  type FamilyCard,
  handOverReasons,
  linkReasons,
  paidUntilInFamily,
} from '../../domain/families.ts';
import { familyPolicy } from '../../domain/policy-family.ts';
import { codes, day, policies } from './fixtures.ts';

const policy = { staffConsentBelowAge: 14 };

const card = (id: string, given: Partial<FamilyCard> = {}): FamilyCard => ({
  id,
  library: 'here',
  mainId: null,
  closed: false,
  subs: 0,
  ...given,
});

describe('linking', () => {
  test('F1 two single cards of a library that has family cards can be linked', () => {
    expect(linkReasons(policy, card('main'), card('sub'))).toEqual([]);
    expect(linkReasons(policy, card('main', { subs: 29 }), card('sub'))).toEqual([]);
    expect(policies.get('bibliotheca').families).toEqual(policy);
    expect(codes(linkReasons('none', card('main'), card('sub')))).toEqual(['family-not-offered']);
  });

  test('F11 whatever stands against a link is told, all of it', () => {
    const main = card('main', { mainId: 'other', closed: true });
    const sub = card('sub', { mainId: 'main', subs: 2, closed: true });
    expect(codes(linkReasons(policy, main, sub))).toEqual([
      'patron-closed',
      'main-card-closed',
      'main-card-is-sub',
      'already-sub-card',
      'sub-card-has-subs',
    ]);
    expect(codes(linkReasons(policy, card('one'), card('one')))).toEqual(['main-card-own']);
    expect(codes(linkReasons(policy, undefined, sub))).toEqual(['main-card-unknown']);
    expect(codes(linkReasons(policy, card('main', { library: 'there' }), card('sub')))).toEqual([
      'main-card-unknown',
    ]);
  });

  test('F1 a library can limit how many sub cards a main card has', () => {
    const limited = { mostSubs: 2 };
    expect(linkReasons(limited, card('main', { subs: 1 }), card('sub'))).toEqual([]);
    expect(linkReasons(limited, card('main', { subs: 2 }), card('sub'))).toEqual([
      { code: 'family-full', limit: 2, has: 2 },
    ]);
    expect(handOverReasons(limited, card('heir', { subs: 1 }), card('main', { subs: 1 }))).toEqual([]);
    expect(codes(handOverReasons(limited, card('heir', { subs: 1 }), card('main', { subs: 2 })))).toEqual([
      'family-full',
    ]);
    const oneOfThem = card('heir', { mainId: 'main' });
    expect(handOverReasons(limited, oneOfThem, card('main', { subs: 3 }))).toEqual([]);
    expect(familyPolicy.safeParse({ mostSubs: 0 }).success).toBe(false);
  });

  const anyCard = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    library: fc.constantFrom('here', 'there'),
    mainId: fc.constantFrom(null, 'a', 'd'),
    closed: fc.boolean(),
    subs: fc.nat({ max: 2 }),
  });

  test('F11 no link that is allowed makes a chain, a circle or a family across libraries', () => {
    fc.assert(
      fc.property(anyCard, anyCard, (main, sub) => {
        const allowed = linkReasons(policy, main, sub).length === 0;
        const sound =
          main.id !== sub.id &&
          main.library === sub.library &&
          main.mainId === null &&
          sub.mainId === null &&
          sub.subs === 0 &&
          !main.closed &&
          !sub.closed;
        expect(allowed).toBe(sound);
      }),
    );
  });
});

describe('“paid until” in a family', () => {
  const date = fc
    .integer({ min: 0, max: 3_000 })
    .map((days) => Temporal.PlainDate.from('2024-02-28').add({ days }).toString());

  test('F5 a sub card is never paid for less than the main card, and loses nothing it had paid', () => {
    fc.assert(
      fc.property(date, date, (main, own) => {
        const together = paidUntilInFamily(main, own);
        expect([main, own]).toContain(together);
        expect((together ?? '') >= main && (together ?? '') >= own).toBe(true);
      }),
    );
  });

  test('F5 a card that has paid nothing takes the main card’s date; one whose main card has paid nothing keeps its own', () => {
    expect(paidUntilInFamily('2027-01-31', null)).toBe('2027-01-31');
    expect(paidUntilInFamily(null, '2027-01-31')).toBe('2027-01-31');
    expect(paidUntilInFamily(null, null)).toBeNull();
  });
});

describe('consent', () => {
  const facts = {
    policy,
    mainId: 'main',
    birthDate: '2016-06-01',
    given: false,
    today: day('2026-06-01'),
  } as const;

  test('F1 the sub card’s holder agrees at any age, staff for a child only', () => {
    expect(consentReasons({ ...facts, basis: 'holder', birthDate: null })).toEqual([]);
    expect(consentReasons({ ...facts, basis: 'staff' })).toEqual([]);
    const grown = { ...facts, basis: 'staff', birthDate: '2012-06-01' } as const;
    expect(consentReasons(grown)).toEqual([{ code: 'consent-by-holder-only', age: 14 }]);
    expect(consentReasons({ ...grown, today: day('2026-05-31') })).toEqual([]);
    expect(codes(consentReasons({ ...facts, basis: 'staff', birthDate: null }))).toEqual([
      'birth-date-unknown',
    ]);
    expect(codes(consentReasons({ ...facts, basis: 'staff', policy: {} }))).toEqual([
      'consent-by-holder-only',
    ]);
    expect(codes(consentReasons({ ...facts, basis: 'holder', mainId: null, given: true }))).toEqual([
      'not-a-sub-card',
      'consent-exists',
    ]);
  });

  test('F1 what staff agreed to ends on the birthday, also of a leap day', () => {
    expect(childUntil(policy, '2016-06-01')?.toString()).toBe('2030-06-01');
    expect(childUntil(policy, '2016-02-29')?.toString()).toBe('2030-02-28');
    expect(childUntil('none', '2016-02-29')).toBeNull();
    expect(consentHolds('2030-06-01', day('2030-05-31'))).toBe(true);
    expect(consentHolds('2030-06-01', day('2030-06-01'))).toBe(false);
    expect(consentHolds(null, day('2099-01-01'))).toBe(true);
  });
});
