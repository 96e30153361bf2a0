import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ruledAccount } from '../../domain/entry-rules.ts';
import { romanised } from '../../domain/kana.ts';
import { type Expected, type MoneyCame, outcomeOf } from '../../domain/matching.ts';
import { decide } from '../../domain/matching-rules.ts';
import { readName, resemblance } from '../../domain/payer-names.ts';
import { matchingPolicy } from '../../domain/policy-matching.ts';

const policy = matchingPolicy.parse({});

const names: readonly [string, string, string | undefined][] = [
  ['MUELLER, KLAUS', 'Klaus Müller', 'name'],
  ['Dr. Joerg Gross', 'Jörg Groß', 'name'],
  ['Prof. Dr. med. Änne Österle', 'OESTERLE AENNE', 'name'],
  ['Herr Karl-Heinz Weiß', 'Karl Heinz Weiss', 'name'],
  ['张伟', '張偉', 'name'],
  ['张伟 先生', '张伟', 'name'],
  ['王 小明', '王小明', 'name'],
  ['ﾔﾏﾀﾞ ﾀﾛｳ', 'Yamada Tarō', 'name'],
  ['シュンスケ サトウ', 'Sato Shunsuke', 'name'],
  ['ﾊｯﾄﾘ ｼﾞｭﾝｲﾁ', 'Junichi Hattori', 'name'],
  ['山田 太郎 様', '山田太郎', 'name'],
  ['ＹＡＭＡＤＡ　ＴＡＲＯ', 'Yamada Taro', 'name'],
  ['HANNELORE MUELLER-LUEDENSCH', 'Hannelore Müller-Lüdenscheidt', 'name-cut-off'],
  ['Müller-Lüdenscheidt Hannelo', 'Hannelore Müller-Lüdenscheidt', 'name-cut-off'],
  ['Maximiliane Konstantine Oberhofer-W', 'Maximiliane Konstantine Oberhofer-Wittgenstein', 'name-cut-off'],
  ['HANNELORE MUELLER', 'Hannelore Müller-Lüdenscheidt', 'name-in-part'],
  ['Anna und Max Schmidt', 'Max Schmidt', 'name-in-part'],
  ['Karl Schmidt', 'Lena Schmidt', 'name-of-family'],
  ['王大明', '王小明', 'name-of-family'],
  ['Karl Schmidt', 'Anna Weber', undefined],
  ['李四', '王小明', undefined],
  ['Stadtwerke GmbH', 'Anna Weber', undefined],
  ['', 'Anna Weber', undefined],
];

describe('P9 payers’ names', () => {
  test.each(names)('P9 %s pays for %s: %s', (payer, reader, like) => {
    expect(resemblance(readName(payer), readName(reader))).toBe(like);
  });

  test('P9 a name cut off anywhere else is not taken for a cut-off one', () => {
    expect(
      resemblance(readName('HANNELORE MUELLER-LUEDENS'), readName('Hannelore Müller-Lüdenscheidt')),
    ).not.toBe('name-cut-off');
  });

  test('P9 whatever the order, case, width and title, a name is itself', () => {
    const word = fc.stringMatching(/^[a-zäöü]{3,9}$/u);
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 2, maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        (words, upper, titled) => {
          const turned = words.toReversed().join(' ');
          const payer = `${titled ? 'Dr. ' : ''}${upper ? turned.toUpperCase() : turned}`;
          expect(resemblance(readName(payer), readName(words.join(' ')))).toBe('name');
        },
      ),
    );
  });

  test('P9 kana are read as passports write them', () => {
    expect(romanised('しゃしゅしょちゃじゅっちっか')).toBe('shashushochajutchikka');
  });
});

const names2 = {
  klaus: readName('Klaus Müller'),
  lena: readName('Lena Müller'),
  anna: readName('Anna Weber'),
};

const came = (amount: number, given: Partial<MoneyCame> = {}): MoneyCame => ({
  amount: BigInt(amount),
  currency: 'EUR',
  charges: 0n,
  bookedOn: '2026-06-10',
  payer: names2.klaus,
  ...given,
});

let serial = 0;
const expecting = (due: number, given: Partial<Expected> = {}): Expected => ({
  paymentId: `p${(serial += 1)}`,
  patronId: 'r',
  currency: 'EUR',
  due: BigInt(due),
  begunOn: '2026-06-01',
  endedOn: null,
  reader: names2.anna,
  family: [],
  ...given,
});

const amounts = (decision: ReturnType<typeof decide>) =>
  'parts' in decision
    ? decision.parts.map(({ amountMinor }) => amountMinor)
    : decision.suggestions.map(({ reasons }) => reasons);

describe('P9 where money belongs', () => {
  test.each([
    ['exactly what is due', 1000, 1000, [1000], 0n],
    ['too much', 1200, 1000, [1200], 0n],
    ['too little', 700, 1000, [700], 0n],
    ['nothing due any more', 700, 0, [700], 0n],
  ])('P9 a reference, %s: all of it is for its payment', (_what, amount, due, parts, fee) => {
    const decision = decide(came(amount), [expecting(due)], [], policy);
    expect(amounts(decision)).toEqual(parts);
    expect(decision).toMatchObject({ fee });
  });

  test('P9 what banks have kept is no shortfall, up to what they state and the policy takes', () => {
    const short = (charges: bigint, missing: number, bankFees = {}) => {
      const decided = decide(
        came(10_000 - missing, { charges }),
        [expecting(10_000)],
        [],
        matchingPolicy.parse({ bankFees }),
      );
      return 'parts' in decided ? Number(decided.fee) : -1;
    };
    expect([short(150n, 150), short(150n, 100), short(100n, 150), short(0n, 1)]).toEqual([150, 100, 0, 0]);
    expect([short(9000n, 6000), short(0n, 20, { upTo: 20 }), short(0n, 21, { upTo: 20 })]).toEqual([
      0, 20, 0,
    ]);
  });

  test('P9 several references share the money when it is what is due for them, and else in their order, by staff', () => {
    const [one, other, paid] = [expecting(700), expecting(300), expecting(0)];
    expect(amounts(decide(came(1000), [one, other, paid], [], policy))).toEqual([700, 300]);
    const less = decide(came(900), [one, other], [], policy);
    expect('suggestions' in less && less.suggestions[0]?.parts.map(({ amountMinor }) => amountMinor)).toEqual(
      [700, 200],
    );
  });

  test('P9 a reference of another currency is nobody’s guess', () => {
    expect(decide(came(1000), [expecting(1000, { currency: 'USD' })], [], policy)).toEqual({
      suggestions: [],
    });
  });

  test('P9 amount and payer leave one payment, or none is chosen', () => {
    const his = expecting(1000, { reader: names2.klaus });
    const hers = expecting(1000, { reader: names2.lena });
    expect(amounts(decide(came(1000), [], [hers, his], policy))).toEqual([1000]);
    const twice = decide(came(1000), [], [his, expecting(1000, { reader: names2.klaus })], policy);
    expect(amounts(twice)).toEqual([
      ['amount', 'name', 'date'],
      ['amount', 'name', 'date'],
    ]);
    expect(amounts(decide(came(1000), [], [his], matchingPolicy.parse({ byName: false })))).toEqual([
      ['amount', 'name', 'date'],
    ]);
    expect(amounts(decide(came(1000), [], [{ ...his, begunOn: '2025-01-01' }], policy))).toEqual([
      ['amount', 'name'],
    ]);
    expect(amounts(decide(came(1000), [], [{ ...his, endedOn: '2026-06-05' }], policy))).toEqual([
      ['amount', 'name', 'date'],
    ]);
    expect(amounts(decide(came(1000), [], [{ ...his, due: 1001n }], policy))).toEqual([]);
  });

  test('P9 a parent’s transfer for a child, and for two children together, is suggested', () => {
    const child = expecting(1000, { reader: names2.lena });
    const card = expecting(1000, { reader: names2.anna, family: [names2.klaus] });
    expect(amounts(decide(came(1000), [], [child], policy))).toEqual([['amount', 'name-of-family', 'date']]);
    expect(amounts(decide(came(1000), [], [card], policy))).toEqual([
      ['amount', 'name-of-family-card', 'date'],
    ]);
    const [one, other] = [expecting(600, { reader: names2.lena }), expecting(400, { reader: names2.lena })];
    const both = decide(came(1000), [], [one, other], policy);
    expect('suggestions' in both && both.suggestions[0]?.parts.map(({ amountMinor }) => amountMinor)).toEqual(
      [600, 400],
    );
  });

  test('P9 whatever comes, no more is booked by itself than came and banks have kept', () => {
    const due = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.array(due, { maxLength: 3 }),
        fc.integer({ min: 0, max: 99 }),
        (amount, dues, charges) => {
          const named = dues.map((each) => expecting(each));
          const decision = decide(came(amount, { charges: BigInt(charges) }), named, [], policy);
          if (!('parts' in decision)) return;
          const booked = decision.parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
          expect(BigInt(booked)).toBe(BigInt(amount) + decision.fee);
          expect(decision.fee <= BigInt(charges)).toBe(true);
        },
      ),
    );
  });
});

test.each([
  ['exact', { amount: 10n, allocated: 10n }],
  ['over', { amount: 12n, allocated: 10n }],
  ['short', { amount: 7n, allocated: 7n, left: 3n }],
  ['double', { amount: 10n, allocated: 0n, before: 10n }],
  ['double', { amount: 10n, allocated: 0n }],
  ['fees-kept', { amount: 10n, allocated: 10n, fee: 1n }],
  ['exact', { amount: 10n, allocated: 0n, prepaid: 10n, hasCharges: false }],
  ['short', { amount: 8n, allocated: 0n, prepaid: 10n, hasCharges: false }],
  ['double', { amount: 10n, allocated: 0n, prepaid: 10n, hasCharges: false, before: 10n }],
])('P9 what it was: %s', (outcome, given) => {
  const plain = { fee: 0n, before: 0n, prepaid: 0n, left: 0n, hasCharges: true };
  expect(outcomeOf({ ...plain, ...given })).toBe(outcome);
});

test('P9 rules find the bank’s fees, a gateway’s payout and own transfers, the first that fits', () => {
  const rules = [
    { code: 'fees', direction: 'out', text: 'kontof(ü|ue)hrung', book: 'fee:main' },
    { code: 'payout', direction: 'in', text: String.raw`\bpo_[a-z0-9]+`, book: 'gateway:double' },
    { code: 'own', counterparty: 'DE02 1203 0000 0000 2020 51', book: 'transit:own' },
    { code: 'interest', bankCode: 'ACMT.', book: 'other:interest' },
  ];
  const withRules = matchingPolicy.parse({ rules });
  const entry = { amount: -390n, code: null, counterparty: null, text: '' };
  expect(ruledAccount(withRules, { ...entry, text: 'ＫＯＮＴＯＦＵＥＨＲＵＮＧ 06/2026' })).toBe('fee:main');
  expect(ruledAccount(withRules, { ...entry, amount: 5n, text: 'Kontoführung' })).toBeUndefined();
  expect(ruledAccount(withRules, { ...entry, amount: 5n, text: 'STRIPE po_1ABC' })).toBe('gateway:double');
  expect(ruledAccount(withRules, { ...entry, counterparty: 'DE02120300000000202051' })).toBe('transit:own');
  expect(ruledAccount(withRules, { ...entry, code: 'ACMT.MDOP.INTR' })).toBe('other:interest');
  expect(() => matchingPolicy.parse({ rules: [{ code: 'all', book: 'other:all' }] })).toThrow(
    'take every entry',
  );
});
