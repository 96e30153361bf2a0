import { describe, expect, test } from '@jest/globals';
import { array, assert, bigInt, constantFrom, oneof, property } from 'fast-check';
import { chineseCapitals } from '../../domain/chinese-capitals.ts';

/** Fen, and what a cashier writes; by hand. The first ten are the examples of the Measures, with 整 after 角. */
const written: readonly (readonly [bigint, string])[] = [
  [140950n, '壹仟肆佰零玖元伍角整'],
  [600714n, '陆仟零柒元壹角肆分'],
  [168032n, '壹仟陆佰捌拾元零叁角贰分'],
  [10700053n, '壹拾万柒仟元零伍角叁分'],
  [1640902n, '壹万陆仟肆佰零玖元零贰分'],
  [32504n, '叁佰贰拾伍元零肆分'],
  [0n, '零元整'],
  [1n, '壹分'],
  [5n, '伍分'],
  [10n, '壹角整'],
  [15n, '壹角伍分'],
  [50n, '伍角整'],
  [99n, '玖角玖分'],
  [100n, '壹元整'],
  [101n, '壹元零壹分'],
  [110n, '壹元壹角整'],
  [111n, '壹元壹角壹分'],
  [505n, '伍元零伍分'],
  [550n, '伍元伍角整'],
  [1000n, '壹拾元整'],
  [1001n, '壹拾元零壹分'],
  [1010n, '壹拾元零壹角整'],
  [1011n, '壹拾元零壹角壹分'],
  [1100n, '壹拾壹元整'],
  [1500n, '壹拾伍元整'],
  [1550n, '壹拾伍元伍角整'],
  [2000n, '贰拾元整'],
  [2003n, '贰拾元零叁分'],
  [2030n, '贰拾元零叁角整'],
  [10000n, '壹佰元整'],
  [10100n, '壹佰零壹元整'],
  [11000n, '壹佰壹拾元整'],
  [11011n, '壹佰壹拾元零壹角壹分'],
  [11100n, '壹佰壹拾壹元整'],
  [10050n, '壹佰元零伍角整'],
  [10005n, '壹佰元零伍分'],
  [30300n, '叁佰零叁元整'],
  [100000n, '壹仟元整'],
  [100100n, '壹仟零壹元整'],
  [101000n, '壹仟零壹拾元整'],
  [101100n, '壹仟零壹拾壹元整'],
  [110000n, '壹仟壹佰元整'],
  [110100n, '壹仟壹佰零壹元整'],
  [111000n, '壹仟壹佰壹拾元整'],
  [200450n, '贰仟零肆元伍角整'],
  [999999n, '玖仟玖佰玖拾玖元玖角玖分'],
  [1000000n, '壹万元整'],
  [1000100n, '壹万零壹元整'],
  [1001000n, '壹万零壹拾元整'],
  [1010000n, '壹万零壹佰元整'],
  [1100000n, '壹万壹仟元整'],
  [1010100n, '壹万零壹佰零壹元整'],
  [1050000n, '壹万零伍佰元整'],
  [10000000n, '壹拾万元整'],
  [10000100n, '壹拾万零壹元整'],
  [10050000n, '壹拾万零伍佰元整'],
  [10500000n, '壹拾万伍仟元整'],
  [100000000n, '壹佰万元整'],
  [105000000n, '壹佰零伍万元整'],
  [105000500n, '壹佰零伍万零伍元整'],
  [1000000000n, '壹仟万元整'],
  [1000500000n, '壹仟万伍仟元整'],
  [1001000000n, '壹仟零壹万元整'],
  [10000000000n, '壹亿元整'],
  [10000000100n, '壹亿零壹元整'],
  [10000500000n, '壹亿零伍仟元整'],
  [10005000000n, '壹亿零伍万元整'],
  [10100000000n, '壹亿零壹佰万元整'],
  [11000000000n, '壹亿壹仟万元整'],
  [12345678901n, '壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分'],
  [100000000050n, '壹拾亿元零伍角整'],
  [1234500000000n, '壹佰贰拾叁亿肆仟伍佰万元整'],
  [100000000000000n, '壹万亿元整'],
  [123450000000000n, '壹万贰仟叁佰肆拾伍亿元整'],
];

/** Reads capitals back, in another way than they are written: every figure counts times the units it stands before. */
function read(text: string): bigint {
  const [, yuan = '', jiao = '零', fen = '零'] =
    /^人民币(?:(.+)元)?零?(?:(.)角)?(?:(.)分)?整?$/u.exec(text) ?? [];
  const figure = (each: string) => BigInt('零壹贰叁肆伍陆柒捌玖'.indexOf(each));
  const small: Readonly<Record<string, bigint>> = { 拾: 10n, 佰: 100n, 仟: 1000n };
  const large: Readonly<Record<string, bigint>> = { 万: 10_000n, 亿: 100_000_000n };
  let [total, group, last] = [0n, 0n, 0n];
  for (const each of yuan) {
    if (small[each] !== undefined) [group, last] = [group + last * small[each], 0n];
    else if (large[each] !== undefined) {
      const counted = (each === '亿' ? total + group + last : group + last) * large[each];
      [total, group, last] = [each === '亿' ? counted : total + counted, 0n, 0n];
    } else last = figure(each);
  }
  return (total + group + last) * 100n + figure(jiao) * 10n + figure(fen);
}

const amounts = oneof(
  bigInt({ min: 0n, max: 10n ** 18n - 1n }),
  bigInt({ min: 0n, max: 10n ** 7n }),
  array(constantFrom('0', '0', '0', '1', '5', '9'), { minLength: 1, maxLength: 18 }).map((given) =>
    BigInt(given.join('')),
  ),
);

describe('amounts in Chinese capitals', () => {
  test('P4 there are sixty cases at least', () => expect(written.length).toBeGreaterThanOrEqual(60));

  test.each(written)('P4 %s fen', (amount, capitals) => {
    expect(chineseCapitals(amount)).toBe(`人民币${capitals}`);
    expect(read(`人民币${capitals}`)).toBe(amount);
  });

  test('P4 what is written can be read back as the same amount', () => {
    assert(
      property(amounts, (amount) => {
        expect(read(chineseCapitals(amount))).toBe(amount);
      }),
      { numRuns: 2000 },
    );
  });

  test('P4 整 stands at the end unless there are fen; zeros never stand twice, at the end of yuan or before a unit; nothing is blank', () => {
    assert(
      property(amounts, (amount) => {
        const text = chineseCapitals(amount);
        expect(text.endsWith('整')).toBe(amount % 10n === 0n);
        expect(text).toMatch(/^人民币[壹贰叁肆伍陆柒捌玖零]/u);
        if (amount > 0n) expect(text).not.toMatch(/零零|零[元角分整万亿仟佰拾]|\s/u);
      }),
      { numRuns: 2000 },
    );
  });

  test('P4 what cannot be written is not written', () => {
    expect(() => chineseCapitals(-1n)).toThrow(RangeError);
    expect(() => chineseCapitals(10n ** 18n)).toThrow(RangeError);
  });
});
