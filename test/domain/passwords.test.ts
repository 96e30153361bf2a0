import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { commonPasswords } from '../../domain/common-passwords.ts';
import { isBirthDate, passwordReasons } from '../../domain/passwords.ts';
import { chikushino, policies } from './fixtures.ts';

const strict = policies.get('bibliotheca').passwords;

function problems(
  password: string,
  policy = chikushino.passwords,
  birthDate: string | null = '1980-03-15',
): string[] {
  return passwordReasons({ password, policy, birthDate }).map(({ code }) => code);
}

describe('the password rule', () => {
  test.each<[string, string[]]>([
    ['ab1', ['too-short']],
    ['ab12', []],
    ['abcdefgh12', []],
    ['abcdefgh123', ['too-long']],
    ['ab 12', ['characters']],
    ['ab_12', ['characters']],
    ['ａｂ１２', ['characters']],
    ['パスワード', ['characters']],
    ['', ['too-short']],
    ['é', ['too-short', 'characters']],
  ])('A8 Chikushino takes 4 to 10 half-width letters and digits: %j gives %j', (password, expected) => {
    expect(problems(password)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['plum tree under snow', []],
    ['雪の下に咲く梅の木は白い', []],
    ['short', ['too-short']],
    ['password1234', ['common']],
    ['Passwort2026!', ['common']],
    ['qwertyuiopasdf', ['common']],
    ['aaaaaaaaaaaaaa', ['common']],
    ['123456789012', ['common']],
    ['abcdefghijklm', ['common']],
    ['sakurasakura', ['common']],
    ['ｐａｓｓｗｏｒｄ１２３４', ['common']],
    ['letmein', ['too-short', 'common']],
    ['x'.repeat(129), ['too-long']],
    ['🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈', ['too-short', 'common']],
  ])(
    'A8 a library that states nothing wants 12 characters, none of the common ones: %j gives %j',
    (password, expected) => {
      expect(problems(password, strict)).toEqual(expected);
    },
  );

  test('A8 the list holds at least 200 passwords, all as they are compared', () => {
    expect(commonPasswords.size).toBeGreaterThanOrEqual(200);
    for (const word of commonPasswords) expect(word).toBe(word.normalize('NFKC').toLowerCase());
  });

  test('A8 a random pass phrase is never taken for a common one', () => {
    const word = fc.stringMatching(/^[bcdfghklmnprstvz][aeiou]{2}[bcdfghklmnprstvz][jqxw]$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 3, maxLength: 6 }), (words) => {
        expect(problems(words.join(' '), strict)).toEqual([]);
      }),
    );
  });
});

describe('birth dates', () => {
  test.each([
    '19800315',
    '15031980',
    '03151980',
    '800315',
    '150380',
    '031580',
    '1980315',
    '0315',
    '1980-03-15',
    '15.3.1980',
    '3/15/1980',
    '1980年3月15日',
    '１９８００３１５',
    '550315',
    'S550315',
    's55.03.15',
  ])('A9 born on 15 March 1980, %s is refused', (password) => {
    expect(isBirthDate(password, '1980-03-15')).toBe(true);
  });

  test.each(['19800316', '1980', '80', 'x19800315', '198003150', '20800315', ''])(
    'A9 born on 15 March 1980, %j is no birth date',
    (password) => {
      expect(isBirthDate(password, '1980-03-15')).toBe(false);
    },
  );

  test('A9 a birth date that is not known cannot be refused', () => {
    expect(isBirthDate('19800315', null)).toBe(false);
  });

  test('A9 it is told together with everything else', () => {
    expect(problems('19800315')).toEqual(['birth-date']);
    expect(problems('1980-03-15')).toEqual(['characters', 'birth-date']);
    expect(problems('0315', strict)).toEqual(['too-short', 'birth-date']);
  });

  test('A9 every date in every listed form, with any separator', () => {
    const date = fc
      .integer({ min: 0, max: 45_000 })
      .map((days) => Temporal.PlainDate.from('1905-01-01').add({ days }));
    const separator = fc.constantFrom('', '-', '.', '/', ' ', '_');
    fc.assert(
      fc.property(date, separator, (born, between) => {
        const [year = '', month = '', day = ''] = born.toString().split('-');
        const short = year.slice(2);
        const forms = [year, short].flatMap((y) => [
          [y, month, day],
          [day, month, y],
          [month, day, y],
        ]);
        for (const parts of forms) expect(isBirthDate(parts.join(between), born.toString())).toBe(true);
        expect(isBirthDate(born.add({ days: 1 }).toString(), born.toString())).toBe(false);
      }),
    );
  });
});
