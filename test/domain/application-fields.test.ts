import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type FormRules, judgeForm, type Written } from '../../domain/application-fields.ts';
import { type FieldCode, fieldCodes } from '../../domain/policy-registration.ts';

const required = (...codes: FieldCode[]) => codes.map((code) => ({ code, required: true }));

const named = (name: string) => ({ ja: name, zh: name, de: name, en: name });

/** The first form of the Zhejiang guide: 4 to 12 letters and digits, names in one word. */
const zju: FormRules = {
  fields: [
    { code: 'institution', required: true, choices: [{ code: 'zju', name: named('浙江大学') }] },
    ...required('name', 'email', 'login', 'password'),
  ],
  names: 'unbroken',
  logins: { pattern: '[A-Za-z0-9]{4,20}', example: 'reader01' },
  passwords: { min: 4, max: 12, characters: 'letters-digits', refuseCommon: false, refuseBirthDate: true },
  today: '2026-11-22',
};

const strict: FormRules = {
  fields: [
    ...required('name', 'birthDate', 'gender', 'email', 'phone', 'password'),
    { code: 'workUnit', required: false },
  ],
  names: 'any',
  logins: { pattern: '[A-Za-z0-9]{4,20}', example: 'reader01' },
  passwords: { min: 12, characters: 'any', refuseCommon: true, refuseBirthDate: true },
  today: '2026-11-22',
};

const good: Written = {
  institution: 'zju',
  name: '陈一',
  email: 'abc@abc.com',
  login: 'chen2026',
  password: 'a1b2c3',
};

const complete: Written = {
  name: 'Anna-Maria O’Brien',
  birthDate: '1990-01-31',
  gender: 'female',
  email: 'anna@example.org',
  phone: '+49 171 1234567',
  password: 'correct horse battery',
  workUnit: 'Institut für Physik',
};

const told = (rules: FormRules, form: Written) =>
  judgeForm(rules, form).problems.map(({ field, code }) => `${field}: ${code}`);

const onlyWith = (field: FieldCode, text: string, rules = zju, form = good) =>
  told(rules, { ...form, [field]: text }).map((each) => each.replace(`${field}: `, ''));

describe('A3 each field is judged by its rule', () => {
  test('A3 a good form has nothing wrong, and is kept as it was written', () => {
    expect(judgeForm(zju, good)).toEqual({ form: good, problems: [] });
    expect(judgeForm(strict, complete)).toEqual({ form: complete, problems: [] });
  });

  test.each([
    ['陈 一', ['name-blanks']],
    ['陈　一', ['name-blanks']],
    ['chen_yi', ['name-characters']],
    ['chen yi_', ['name-blanks', 'name-characters']],
    ['陈一1', ['name-characters']],
    ['陈-一', ['name-characters']],
    ['<b>陈</b>', ['name-characters']],
    ['阿卜杜拉·买买提', []],
    ['Müller', []],
  ])('A3 at Zhejiang the name %s: %j', (name, codes) => {
    expect(onlyWith('name', name)).toEqual(codes);
  });

  test.each([
    ['Anna Müller', []],
    ['Anna-Maria de la Cruz', []],
    ["Seán O'Brien Jr.", []],
    ['山田　太郎', []],
    ['山田 太郎', []],
    ['Anna_Müller', ['name-characters']],
    ['Anna  Müller', []],
    ['R2D2', ['name-characters']],
    ['-Anna', ['name-characters']],
    ['Anna=Müller', ['name-characters']],
  ])('A3 where names have several words, the name %s: %j', (name, codes) => {
    expect(onlyWith('name', name, strict, complete)).toEqual(codes);
  });

  test.each([
    ['0012345', []],
    ['abc@abc.com', ['login-is-email']],
    ['chen yi', ['login-characters']],
    ['chen_yi', ['login-characters']],
    ['陈一', ['login-characters']],
    ['ｃｈｅｎ', ['login-characters']],
  ])('A3 the account name %s: %j', (login, codes) => {
    expect(onlyWith('login', login)).toEqual(codes);
  });

  test.each([
    ['abc', ['too-short']],
    ['abcdefghijklm', ['too-long']],
    ['abc def', ['characters']],
    ['a_b', ['too-short', 'characters']],
    ['abcd', []],
    ['abcdefghijkl', []],
  ])('A3 A8 the password %s: %j', (password, codes) => {
    expect(onlyWith('password', password)).toEqual(codes);
  });

  test('A9 the birth date is no password, be it of the form or of the account', () => {
    const fields = [...zju.fields, { code: 'birthDate', required: true } as const];
    for (const password of ['19900131', '900131', '31011990']) {
      const form = { ...good, password, birthDate: '1990-01-31' };
      expect(told({ ...zju, fields }, form)).toEqual(['password: birth-date']);
      expect(told({ ...zju, birthDate: '1990-01-31' }, { ...good, password })).toEqual([
        'password: birth-date',
      ]);
    }
  });

  test.each([
    ['phone', '１３８１２３４５６７８', []],
    ['phone', '12345', ['phone-invalid']],
    ['phone', 'call me', ['phone-invalid']],
    ['phone', '+86 138 1234 5678 9012 3', ['phone-invalid']],
    ['birthDate', '1990-02-30', ['date-invalid']],
    ['birthDate', '31.01.1990', ['date-invalid']],
    ['birthDate', '2026-11-23', ['date-invalid']],
    ['gender', 'unknown', ['choice-unknown']],
    ['email', 'anna@example', ['email-invalid']],
    ['email', 'Anna <anna@example.org>', ['email-invalid']],
    ['email', 'anna@example.org\nBcc: all@example.org', ['field-controls']],
    ['email', 'anna@example.org, bob@example.org', ['email-invalid']],
    ['workUnit', 'x'.repeat(201), ['field-too-long']],
    ['workUnit', '', []],
  ] as const)('A4 %s “%s”: %j', (field, text, codes) => {
    expect(onlyWith(field, text, strict, complete)).toEqual(codes);
  });

  test('A2 an institution is one of those the library names', () => {
    expect(onlyWith('institution', 'tongji')).toEqual(['choice-unknown']);
  });

  test('A3 numbers are kept in plain digits, letters composed, without space around them', () => {
    const { form } = judgeForm(strict, {
      ...complete,
      phone: ' １３８１２３４５６７８ ',
      name: ' Anna Mu\u0308ller ',
    });
    expect(form).toMatchObject({ phone: '13812345678', name: 'Anna M\u00fcller' });
  });
});

describe('A3 everything is told at once', () => {
  test('A3 a form with nothing in it lacks every required field', () => {
    expect(told(zju, {})).toEqual(zju.fields.map(({ code }) => `${code}: field-required`));
    expect(told(strict, { name: '   ' })).not.toContain('workUnit: field-required');
    expect(told(strict, { name: '   ' })).toContain('name: field-required');
  });

  test('A3 several mistakes are several reasons, in the order of the form', () => {
    const form = { institution: '', name: '陈 一_', email: 'abc', login: 'a@b.c', password: 'a_b' };
    expect(told(zju, form)).toEqual([
      'institution: field-required',
      'name: name-blanks',
      'name: name-characters',
      'email: email-invalid',
      'login: login-is-email',
      'password: too-short',
      'password: characters',
    ]);
  });

  test('A3 a field that the procedure does not have is told and never kept', () => {
    const { form, problems } = judgeForm(zju, {
      ...good,
      permissions: 'ill',
      __proto__: 'x',
      gender: 'male',
    });
    expect(problems.map(({ field }) => field)).toEqual(['permissions', 'gender']);
    expect(Object.keys(form)).toEqual(Object.keys(good));
  });

  test('A3 of any set of spoilt fields exactly those are told', () => {
    const spoilt: Written = {
      name: 'a_b',
      birthDate: '1',
      gender: '?',
      email: '@',
      phone: '1',
      password: 'x',
    };
    fc.assert(
      fc.property(fc.subarray(Object.keys(spoilt)), (fields) => {
        const form = {
          ...complete,
          ...Object.fromEntries(fields.map((field) => [field, spoilt[field] ?? ''])),
        };
        const found = new Set(judgeForm(strict, form).problems.map(({ field }) => field));
        expect([...found].toSorted()).toEqual(fields.toSorted());
      }),
    );
  });

  test('A3 hostile text never breaks the rules, and what is taken keeps to them', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(...Object.values(complete)),
    );
    const form = fc.dictionary(fc.oneof(fc.constantFrom(...fieldCodes), fc.string()), text);
    fc.assert(
      fc.property(form, (written) => {
        for (const rules of [zju, strict]) {
          const judged = judgeForm(rules, written);
          if (judged.problems.length > 0) continue;
          expect(judged.form.name).not.toMatch(/[_<>\d\n]/u);
          expect(judged.form.email).toMatch(/^[^\s@]+@[^\s@]+$/u);
          expect(judgeForm(rules, judged.form)).toEqual(judged);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
