import { Temporal } from 'temporal-polyfill';
import { isMailAddress } from './mail-address.ts';
import { passwordReasons, type PasswordProblem } from './passwords.ts';
import type { PasswordPolicy } from './policy-access.ts';
import type { FieldCode, FormField, RegistrationPolicy } from './policy-registration.ts';

export const genders = ['female', 'male', 'other'] as const;

/** What is wrong with a field. */
export type FieldReason =
  | { readonly code: 'field-required' | 'field-unknown' | 'field-controls' }
  | { readonly code: 'field-too-long'; readonly max: number }
  | { readonly code: 'name-blanks' | 'name-characters' }
  | { readonly code: 'login-is-email' }
  | { readonly code: 'login-characters'; readonly example: string }
  | { readonly code: 'email-invalid' | 'phone-invalid' | 'date-invalid' | 'choice-unknown' }
  | PasswordProblem;

/** A reason and the field it is about. */
export type FieldProblem = FieldReason & { readonly field: string };

/** What a procedure asks for and how it is judged. */
export interface FormRules {
  readonly fields: readonly FormField[];
  /** `unbroken`: names are one word, as the Chinese guide asks (A3); `any`: with blanks, hyphens, apostrophes and full stops between their words. */
  readonly names: RegistrationPolicy['names'];
  readonly logins: RegistrationPolicy['logins'];
  readonly passwords: PasswordPolicy;
  /** Civil day at the library, `YYYY-MM-DD`: nobody is born later. */
  readonly today: string;
  /** Of the account that asks for a further service, `YYYY-MM-DD`: the new password must not be that either (A9). */
  readonly birthDate?: string | null;
}

/** What was written into each field; a field left out is empty. */
export type Written = Readonly<Record<string, string>>;

/** Longest text of each field, in characters. */
export const longest: Readonly<Record<FieldCode, number>> = {
  institution: 200,
  name: 100,
  login: 64,
  password: 128,
  birthDate: 10,
  gender: 20,
  email: 254,
  phone: 30,
  workUnit: 200,
  address: 300,
};

const controls = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u;

/** Letters of any script, and the dot between the parts of a foreign or minority name (阿卜杜拉·买买提). */
const oneWord = /^[\p{L}\p{M}々〆ー]+(?:[·・][\p{L}\p{M}々〆ー]+)*$/u;
const words = /^[\p{L}\p{M}々〆ー][\p{L}\p{M}々〆ー.·・]*(?:[ '’ʼ-]{1,2}[\p{L}\p{M}々〆ー.·・]+)*$/u;

function nameReasons(name: string, rule: FormRules['names']): FieldReason[] {
  if (rule === 'any') return unless(words.test(name), { code: 'name-characters' });
  return [
    ...unless(!/\s/u.test(name), { code: 'name-blanks' }),
    ...unless(oneWord.test(name.replaceAll(/\s/gu, '')), { code: 'name-characters' }),
  ];
}

function loginReasons(login: string, { pattern, example }: FormRules['logins']): FieldReason[] {
  if (login.includes('@')) return [{ code: 'login-is-email' }];
  return unless(new RegExp(`^(?:${pattern})$`, 'u').test(login), { code: 'login-characters', example });
}

function isPhone(text: string): boolean {
  const plain = text.normalize('NFKC');
  return /^\+?[\d\s()/.-]+$/u.test(plain) && /^\d{7,15}$/u.test(plain.replaceAll(/\D/gu, ''));
}

function isBirthDay(text: string, today: string): boolean {
  try {
    const date = Temporal.PlainDate.from(text, { overflow: 'reject' });
    return (
      /^\d{4}-\d\d-\d\d$/u.test(text) && text >= '1880-01-01' && Temporal.PlainDate.compare(date, today) <= 0
    );
  } catch {
    return false;
  }
}

function unless(fits: boolean, reason: FieldReason): FieldReason[] {
  return fits ? [] : [reason];
}

type Judge = (text: string, rules: FormRules, all: Written) => FieldReason[];

/** What is wrong with what was written into a field that has a rule of its own. */
const judges: Partial<Record<FieldCode, Judge>> = {
  name: (text, { names }) => nameReasons(text, names),
  login: (text, { logins }) => loginReasons(text, logins),
  password: (password, rules, all) =>
    passwordReasons({ password, policy: rules.passwords, birthDate: bornOn(all, rules) }),
  email: (text) => unless(isMailAddress(text) && /@.+\../u.test(text), { code: 'email-invalid' }),
  phone: (text) => unless(isPhone(text), { code: 'phone-invalid' }),
  birthDate: (text, { today }) => unless(isBirthDay(text, today), { code: 'date-invalid' }),
};

/** What a field offers to choose from; undefined: anything may be written. */
export function choicesOf({ code, choices }: FormField): readonly string[] | undefined {
  return choices?.map((each) => each.code) ?? (code === 'gender' ? genders : undefined);
}

function bornOn({ birthDate = '' }: Written, rules: FormRules): string | null {
  return isBirthDay(birthDate, rules.today) ? birthDate : (rules.birthDate ?? null);
}

/** A field as it is kept: letters composed, single plain spaces and none around; digits and signs of a number in their plain width. A password stays as it was written. */
function tidy(code: FieldCode, text: string): string {
  if (code === 'password') return text;
  const trimmed = text
    .normalize('NFC')
    .replaceAll(/\p{Zs}+/gu, ' ')
    .trim();
  return code === 'phone' || code === 'birthDate' ? trimmed.normalize('NFKC') : trimmed;
}

function fieldReasons(field: FormField, rules: FormRules, form: Written): FieldReason[] {
  const { code } = field;
  const text = form[code] ?? '';
  if (text === '') return unless(!field.required, { code: 'field-required' });
  const max = longest[code];
  if (Array.from(text).length > max && code !== 'password') return [{ code: 'field-too-long', max }];
  if (controls.test(text)) return [{ code: 'field-controls' }];
  const offered = choicesOf(field);
  return offered
    ? unless(offered.includes(text), { code: 'choice-unknown' })
    : (judges[code]?.(text, rules, form) ?? []);
}

/** The form as it would be kept, and everything that is wrong with it. */
export interface JudgedForm {
  /** Only the procedure's own fields, without the empty ones. */
  readonly form: Readonly<Partial<Record<FieldCode, string>>>;
  readonly problems: readonly FieldProblem[];
}

/**
 * Judges a form as a whole (A3, A4, A8, A9): every field that is missing, unknown to the procedure or not as it must be, in the order of the form, so that the
 * applicant hears all of it at once. Pure.
 */
export function judgeForm(rules: FormRules, written: Written): JudgedForm {
  const given = rules.fields.flatMap(({ code }): [FieldCode, string][] => {
    const text = tidy(code, Object.hasOwn(written, code) ? (written[code] ?? '') : '');
    return text === '' ? [] : [[code, text]];
  });
  const form = Object.fromEntries(given);
  const known = rules.fields.map(({ code }): string => code);
  const unknown = Object.keys(written).filter((field) => !known.includes(field));
  return {
    form,
    problems: [
      ...rules.fields.flatMap((field) =>
        fieldReasons(field, rules, form).map((reason) => ({ ...reason, field: field.code })),
      ),
      ...unknown.map((field) => ({ code: 'field-unknown', field }) as const),
    ],
  };
}
