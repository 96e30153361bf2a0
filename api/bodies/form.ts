import type { z } from 'zod';
import type { FormRow } from '../../db/queries/applications.ts';
import { choicesOf, genders, longest } from '../../domain/application-fields.ts';
import { longestPassword } from '../../domain/passwords.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { FieldCode, FormField, Procedure } from '../../domain/policy-registration.ts';
import type { formField, procedure } from '../schemas/applications.ts';
import type { Words } from '../words.ts';

const inputs: Partial<Record<FieldCode, z.input<typeof formField>['input']>> = {
  password: 'password',
  birthDate: 'date',
  email: 'email',
  phone: 'tel',
};

function passwordRules({ policy: { passwords }, text, say }: Words): string[] {
  const { min, max, characters, refuseCommon } = passwords;
  return [
    say('application.rule.password-min', { min }),
    ...(max === undefined ? [] : [say('application.rule.password-max', { max })]),
    ...(characters === 'letters-digits' ? [text('application.rule.password-letters-digits')] : []),
    text('application.rule.password-birth-date'),
    ...(refuseCommon ? [text('application.rule.password-common')] : []),
  ];
}

function rulesOf(code: FieldCode, words: Words): string[] {
  const { names, logins } = words.policy.registration;
  if (code === 'password') return passwordRules(words);
  if (code === 'name') return [words.text(`application.rule.name-${names}`)];
  if (code === 'login') return [words.say('application.rule.login', { example: logins.example })];
  return code === 'email' || code === 'phone' ? [words.text(`application.rule.${code}`)] : [];
}

function choiceName(field: FormField, code: string, words: Words): string {
  const named = field.choices?.find((each) => each.code === code)?.name[words.language];
  if (named !== undefined) return named;
  const known = field.code === 'gender' && genders.some((each) => each === code);
  return known ? words.text(`application.gender.${code}`) : code;
}

/** The code of a field by name; one this version does not know stands for itself. */
export function labelOf(words: Words, code: string): string {
  const known = words.policy.registration.procedures.some(({ fields }) =>
    fields.some((each) => each.code === code),
  );
  return known ? words.text(`application.field.${code}`) : code;
}

/** A field so that a portal can draw it (A3): what it is called, what may stand in it, and its rules in words. */
export function fieldBody(field: FormField, words: Words): z.input<typeof formField> {
  const { code, required } = field;
  const { passwords, registration } = words.policy;
  const choices =
    choicesOf(field)?.map((each) => ({ code: each, name: choiceName(field, each, words) })) ?? null;
  return {
    code,
    label: labelOf(words, code),
    required,
    input: choices ? 'choice' : (inputs[code] ?? 'text'),
    minLength: code === 'password' ? passwords.min : null,
    maxLength: code === 'password' ? (passwords.max ?? longestPassword) : longest[code],
    pattern: code === 'login' ? registration.logins.pattern : null,
    choices,
    rules: rulesOf(code, words),
  };
}

/** Whom an applicant phones about a procedure (A5). */
export function phoneFor(policy: LibraryPolicy, given: Procedure | undefined): string {
  return given?.review?.phone ?? policy.phone;
}

function stepsOf(given: Procedure, { text, say }: Words): z.input<typeof procedure>['steps'] {
  const { needsAccount, identity, confirm, review } = given;
  return [
    ...(needsAccount ? [{ code: 'account' as const, text: text('application.step.account') }] : []),
    ...(identity === undefined
      ? []
      : [{ code: 'identity' as const, text: text('application.step.identity') }]),
    ...(confirm ? [{ code: 'confirm' as const, text: text('application.step.confirm') }] : []),
    ...(review
      ? [{ code: 'review' as const, text: say('application.step.review', { count: review.within }) }]
      : []),
  ];
}

export function procedureBody(given: Procedure, words: Words): z.input<typeof procedure> {
  const { code, name, needsAccount, identity, fields } = given;
  return {
    code,
    name: name[words.language],
    needsAccount,
    identity: identity ?? null,
    steps: stepsOf(given, words),
    phone: phoneFor(words.policy, given),
    fields: fields.map((field) => fieldBody(field, words)),
  };
}

/** What a version of a form says, by the codes of its fields; without the password. */
export function valuesOf(form: FormRow): Readonly<Record<string, string>> {
  const { name, birthDate, email, phone, login, details } = form;
  const all = { name, birthDate, email, phone, login, ...details };
  return Object.fromEntries(Object.entries(all).filter((each): each is [string, string] => Boolean(each[1])));
}

/** The values in the order of the form, then those of fields the form no longer has. */
export function shownFields(
  values: Readonly<Record<string, string>>,
  given: Procedure | undefined,
  words: Words,
) {
  const known = given?.fields.map(({ code }): string => code) ?? [];
  const codes = [...known, ...Object.keys(values).filter((code) => !known.includes(code))];
  return codes.flatMap((code) => {
    const value = values[code];
    if (value === undefined) return [];
    const field = given?.fields.find((each) => each.code === code);
    return [
      { code, label: labelOf(words, code), value, text: field ? choiceName(field, value, words) : value },
    ];
  });
}
