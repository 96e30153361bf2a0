import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { commonForms } from '../../domain/name-variants.ts';
import { emailKey, likeness, nameKeys, type Person, phoneKey } from '../../domain/person-keys.ts';

const nobody: Person = { name: '', birthDate: null, email: null, phone: null };

const sameName = (one: string, other: string) =>
  likeness(
    { ...nobody, name: one, birthDate: '1990-01-31' },
    { ...nobody, name: other, birthDate: '1990-01-31' },
  ).length > 0;

const samePhone = (one: string, other: string) =>
  likeness({ ...nobody, phone: one }, { ...nobody, phone: other }).length > 0;

describe('A4 the same person under another spelling', () => {
  test.each([
    ['山田 太郎', '山田太郎'],
    ['山田　太郎', '太郎 山田'],
    ['ヤマダ タロウ', 'やまだたろう'],
    ['ﾔﾏﾀﾞ ﾀﾛｳ', 'ヤマダ・タロウ'],
    ['キヨウコ', 'きょうこ'],
    ['高橋 惠', '髙橋恵'],
    ['渡邊 みづほ', '渡辺みずほ'],
    ['陳曉華', '陈晓华'],
    ['張 偉', '张伟'],
    ['Ｚｈａｎｇ　Ｗｅｉ', 'WEI ZHANG'],
    ['Müller, Anna', 'Anna Mueller'],
    ['Anna Muller', 'MÜLLER Anna'],
    ['Jürgen Groß', 'Juergen Gross'],
    ['Ōno Yūko', 'Yuuko Oono'],
    ['Anna Maria Müller', 'Anna Müller'],
    ['O’Brien, Seán', "Sean O'Brien"],
    ['김 철수', '철수 김'],
  ])('A4 %s is %s', (one, other) => {
    expect(sameName(one, other)).toBe(true);
  });

  test.each([
    ['山田太郎', '山田次郎'],
    ['张伟', '张炜'],
    ['Anna Müller', 'Anne Müller'],
    ['Müller', 'Anna Müller'],
    ['がく', 'かく'],
    ['', ''],
    ['---', '・'],
  ])('A4 %s is not %s', (one, other) => {
    expect(sameName(one, other)).toBe(false);
  });

  test('A4 a name alone says nothing: without a birth date, or with another, it is somebody else', () => {
    const wei: Person = { ...nobody, name: '张伟' };
    expect(likeness(wei, wei)).toEqual([]);
    expect(likeness({ ...wei, birthDate: '1990-01-31' }, { ...wei, birthDate: '1990-01-30' })).toEqual([]);
    expect(likeness({ ...wei, birthDate: '1990-01-31' }, wei)).toEqual([]);
  });

  test.each([
    ['0571-88208470', '０５７１ ８８２０ ８４７０'],
    ['+86 138 1234 5678', '13812345678'],
    ['0086-138-1234-5678', '+86 (138) 12345678'],
    ['090-1234-5678', '+81 90-1234-5678'],
    ['+49 (0)171 1234567', '0171/1234567'],
    ['030 23125 100', '030-23125100 ext. 7'],
  ])('A4 %s is the number %s', (one, other) => {
    expect(samePhone(one, other)).toBe(true);
  });

  test.each([
    ['13812345678', '13912345678'],
    ['+86 138 1234 5678', '+81 138 1234 5678'],
    ['110', '110'],
    ['', ''],
    ['1381234567', '91381234567'],
  ])('A4 %s is not the number %s', (one, other) => {
    expect(samePhone(one, other)).toBe(false);
  });

  test.each([
    ['Anna.Mueller@Example.ORG', 'anna.mueller@example.org'],
    ['anna+library@example.org', 'anna@example.org'],
    ['ａｎｎａ@example.org', 'anna@example.org'],
    ['a.nna@googlemail.com', 'anna@gmail.com'],
    ['anna@bücher.example', 'anna@xn--bcher-kva.example'],
  ])('A4 %s is the mailbox %s', (one, other) => {
    expect(emailKey(one)).toBe(emailKey(other));
  });

  test('A4 every likeness is told, not only the first', () => {
    const one = {
      name: '陈 一',
      birthDate: '1999-09-09',
      email: 'C1@zju.example',
      phone: '13800000001',
      login: '0012',
    };
    const other = { ...one, name: '陳一', email: 'c1@zju.example', phone: '+86 138 0000 0001' };
    expect(likeness(one, other)).toEqual(['name-and-birth-date', 'email', 'phone', 'login']);
    expect(likeness(one, nobody)).toEqual([]);
  });
});

describe('A4 keys hold for any input', () => {
  const letters = fc.constantFrom(...Array.from('aeouAÖüßéÇ山田太郎髙邊陳やヤﾔァゅーｱ철수 　,-’・123'));
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(letters, { maxLength: 12 }).map((each) => each.join('')),
  );
  const phone = fc
    .array(fc.constantFrom(...Array.from('+0123456789 -()/')), { maxLength: 16 })
    .map((each) => each.join(''));
  const person = fc.record({
    name,
    birthDate: fc.constantFrom(null, '1990-01-31', '2001-12-24'),
    email: fc.option(fc.oneof(fc.emailAddress(), name)),
    phone: fc.option(phone),
    login: fc.option(name, { nil: null }),
  });

  test('A4 who is like whom does not depend on who is asked first', () => {
    fc.assert(
      fc.property(person, person, (one, other) => expect(likeness(one, other)).toEqual(likeness(other, one))),
    );
  });

  test('A4 width, case and composition never make another person', () => {
    fc.assert(
      fc.property(name, (text) => {
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const)
          expect(nameKeys(text.normalize(form))).toEqual(nameKeys(text.normalize('NFKC')));
      }),
    );
  });

  test('A4 the order of the words of a Latin name does not matter', () => {
    const word = fc.stringMatching(/^[A-Za-zäöüé]{2,8}$/u);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        expect(nameKeys(words.join(' '))).toEqual(nameKeys(words.toReversed().join(', ')));
      }),
    );
  });

  test('A4 people whose numbers are the same are found by the same end of it', () => {
    const national = fc.stringMatching(/^[1-9]\d{6,10}$/u);
    const country = fc.constantFrom('', '0', '+86 ', '0081 ', '+49 (0)');
    const mark = fc.constantFrom('', ' ', '-', '/');
    fc.assert(
      fc.property(national, country, country, mark, (digits, prefix, other, between) => {
        const written = `${other}${Array.from(digits).join(between)}`;
        fc.pre(samePhone(`${prefix}${digits}`, written));
        expect(phoneKey(`${prefix}${digits}`)).toBe(phoneKey(written));
      }),
    );
  });

  test('A4 a national number is the same as with its country before it', () => {
    const national = fc.stringMatching(/^[1-9]\d{7,10}$/u);
    fc.assert(
      fc.property(national, fc.constantFrom('+86', '+49 ', '0081-', '+1 '), (digits, country) => {
        expect(samePhone(`${country}${digits}`, `0${digits}`)).toBe(true);
      }),
    );
  });

  test('A4 common forms of characters are stable', () => {
    fc.assert(fc.property(name, (text) => expect(commonForms(commonForms(text))).toBe(commonForms(text))));
  });
});
