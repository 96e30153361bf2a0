import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isbnForms, issn, normalise, queryTerms } from '../../domain/text.ts';

describe('text for search', () => {
  test.each([
    ['Die Blechtrommel', 'die blechtrommel'],
    ['Müller, Größe & Maß', 'muller grosse mass'],
    ['Ｃａｒｒｅｌ　１２３', 'carrel 123'],
    ["L'étranger", 'letranger'],
    ['O’Brien', 'obrien'],
    ['ノルウェイの森', 'のるうぇいの森'],
    ['ﾉﾙｳｪｲ', 'のるうぇい'],
    ['がぎぐ ガギグ', 'がぎぐがぎぐ'],
    ['夏目, 漱石, 1867-1916', '夏目漱石 1867 1916'],
    ['吾輩は猫である / 夏目漱石', '吾輩は猫である夏目漱石'],
    ['红楼梦（上册）', '红楼梦上册'],
    ['C++ 入門', 'c 入門'],
    ['スーパーマン', 'すーぱーまん'],
    ['Война и мир', 'воина и мир'],
    ['  ...  ', ''],
  ])('G3 %s is stored as %s', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  test('G3 normalising twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('G3 any piece of a Chinese or Japanese title is found in it', () => {
    const letter = fc.constantFrom(...Array.from('吾輩は猫である夏目漱石ノルウェイの森红楼梦　、・ｶﾞ々ー'));
    const title = fc.array(letter, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(title, fc.nat(20), fc.nat(20), (letters, a, b) => {
        const stored = normalise(letters.join(''));
        const piece = Array.from(stored).slice(Math.min(a, b), Math.max(a, b)).join('');
        for (const term of queryTerms(piece)) expect(stored).toContain(term);
      }),
    );
  });

  test('G3 a query is split into words, each found by itself', () => {
    expect(queryTerms('夏目 漱石　猫')).toEqual(['夏目', '漱石', '猫']);
    expect(queryTerms('Grass, Günter')).toEqual(['grass', 'gunter']);
    expect(queryTerms('a A')).toEqual(['a']);
    expect(queryTerms(' -- ')).toEqual([]);
  });
});

describe('standard numbers', () => {
  test.each([
    ['4-10-101001-3', ['9784101010014', '4101010013']],
    ['978-4-10-101001-4', ['9784101010014', '4101010013']],
    ['ISBN 0-8044-2957-X', ['9780804429573', '080442957X']],
    ['ISBN-13: 978-0-8044-2957-3', ['9780804429573', '080442957X']],
    ['９７８０８０４４２９５７３', ['9780804429573', '080442957X']],
    ['080442957x', ['9780804429573', '080442957X']],
    ['0804429570', []],
    ['9780804429573 (pbk.)', ['9780804429573', '080442957X']],
    ['979-10-90636-07-1', ['9791090636071']],
    ['9780804429574', []],
    ['080442957', []],
    ['X804429570', []],
    ['', []],
  ])('an ISBN given as %j is %j', (text, forms) => {
    expect(isbnForms(text)).toEqual(forms);
  });

  test('both forms of an ISBN lead to the same forms, and one wrong digit to none', () => {
    const body = fc.stringMatching(/^\d{9}$/);
    fc.assert(
      fc.property(body, fc.nat(8), fc.integer({ min: 1, max: 9 }), (digits, at, by) => {
        const check = Array.from('0123456789X').find((last) => isbnForms(digits + last).length > 0) ?? '';
        const forms = isbnForms(digits + check);
        expect(forms).toHaveLength(2);
        for (const form of forms) expect(isbnForms(form)).toEqual(forms);
        const wrong = digits.slice(0, at) + ((Number(digits[at]) + by) % 10) + digits.slice(at + 1);
        expect(isbnForms(wrong + check)).toEqual([]);
      }),
    );
  });

  test.each([
    ['0378-5955', '0378-5955'],
    ['ISSN 2434-561x', '2434-561X'],
    ['03785955', '0378-5955'],
    ['0378-5956', undefined],
    ['0378', undefined],
  ])('an ISSN given as %j is %j', (text, expected) => {
    expect(issn(text)).toBe(expected);
  });
});

test('letters and marks of transliterations are found as they are typed', () => {
  expect(normalise('Vi︠a︡tkin')).toBe('viatkin');
  expect(normalise('Łódź, Ørsted, Æsop')).toBe('lodz orsted aesop');
});
