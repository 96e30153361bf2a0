import { z } from 'zod';
import { illMistakes } from './ill-mistakes.ts';
import { languages } from './languages.ts';
import { cardPolicy, lockOutPolicy, noticePolicy, passwordPolicy, sessionPolicy } from './policy-access.ts';
import { editsPolicy, noticeChoicesPolicy, permissionsPolicy } from './policy-accounts.ts';
import { holdPolicy, loanPolicy } from './policy-circulation.ts';
import { familyPolicy } from './policy-family.ts';
import { illPolicy } from './policy-ill.ts';
import { membershipPolicy } from './policy-membership.ts';
import { moneyPolicy } from './policy-money.ts';
import { mailPolicy, returnPath } from './policy-mail.ts';
import { branch, policyClosure, stop } from './policy-places.ts';
import { registrationMistakes, registrationPolicy } from './policy-registration.ts';
import { staffPolicy } from './policy-staff.ts';
import { localised, timeZone } from './policy-values.ts';
import { identityPolicy, purposesOf } from './policy-identity.ts';

const shape = z.strictObject({
  /** Short name of the library in addresses, ids and file names. */
  code: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a library code has small letters, digits and hyphens'),
  name: localised,
  timeZone,
  /** Language of readers who chose none. */
  language: z.enum(languages),
  /** ISO 4217; every amount of the policy is in its minor unit. */
  currency: z.string().regex(/^[A-Z]{3}$/, 'write a currency as EUR'),
  phone: z.string().min(1),
  website: z.url(),
  /** The send-only address notices come from (N1), and where they come back to when they cannot be delivered; without it nothing is learned of bounces. */
  sender: z.strictObject({ address: z.email(), name: z.string().min(1), returnPath: returnPath.optional() }),
  branches: z.array(branch).min(1),
  stops: z.array(stop).default([]),
  closures: z.array(policyClosure).default([]),
  userGroups: z
    .array(z.strictObject({ code: z.string().regex(/^[a-z][a-z0-9-]*$/), name: localised }))
    .min(1),
  holds: holdPolicy,
  loans: loanPolicy,
  passwords: passwordPolicy.prefault({}),
  card: cardPolicy,
  lockOut: lockOutPolicy.prefault({}),
  sessions: sessionPolicy.prefault({}),
  staff: staffPolicy.prefault({}),
  notices: noticePolicy.prefault({}),
  noticeChoices: noticeChoicesPolicy,
  permissions: permissionsPolicy.default([]),
  edits: editsPolicy.prefault({}),
  mail: mailPolicy.prefault({}),
  families: familyPolicy.default('none'),
  membership: membershipPolicy.default('none'),
  money: moneyPolicy.prefault({}),
  registration: registrationPolicy.prefault({}),
  identity: identityPolicy.prefault({}),
  ill: illPolicy.default('none'),
});

type Shape = z.output<typeof shape>;

function duplicates(codes: readonly string[]): string[] {
  return codes.filter((code, index) => codes.indexOf(code) !== index);
}

function checkCodes(given: Shape, context: z.RefinementCtx<Shape>): void {
  const branches = given.branches.map((each) => each.code);
  const places = [...branches, ...given.stops.map((each) => each.code)];
  const report = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  for (const code of duplicates(places)) report(['branches'], `the place ${code} is stated twice`);
  for (const code of duplicates(given.userGroups.map((each) => each.code)))
    report(['userGroups'], `the group ${code} is stated twice`);
  given.stops.forEach((each, index) => {
    if (!branches.includes(each.servedFrom))
      report(['stops', index, 'servedFrom'], `there is no branch ${each.servedFrom}`);
  });
  given.closures.forEach((each, index) => {
    const unknown = (each.places ?? []).filter((code) => !places.includes(code));
    for (const code of unknown) report(['closures', index, 'places'], `there is no place ${code}`);
  });
  const { card } = given.money.ways;
  const read = card === 'none' ? [] : (card.branches ?? []);
  for (const code of read.filter((each) => !branches.includes(each)))
    report(['money', 'ways', 'card', 'branches'], `there is no branch ${code}`);
  const groups = given.userGroups.map((each) => each.code);
  const priced = given.membership === 'none' ? [] : Object.keys(given.membership.groups);
  for (const code of priced.filter((each) => !groups.includes(each)))
    report(['membership', 'groups', code], `there is no user group ${code}`);
  for (const [cause, fee] of Object.entries(given.money.fees)) {
    const named = fee && 'groups' in fee ? Object.keys(fee.groups) : [];
    for (const code of named.filter((each) => !groups.includes(each)))
      report(['money', 'fees', cause, 'groups', code], `there is no user group ${code}`);
  }
}

function checkRegistration(given: Shape, context: z.RefinementCtx<Shape>): void {
  for (const { path, message } of registrationMistakes(given))
    context.addIssue({ code: 'custom', path: ['registration', 'procedures', ...path], message });
}

/** The mail that a copy is kept is the contact from which the window counts (H6), so it cannot be switched off where mail is offered. */
function checkContact(given: Shape, context: z.RefinementCtx<Shape>): void {
  if (!given.holds.contacts.includes('mail') || given.notices.secured === 'mail') return;
  context.addIssue({
    code: 'custom',
    path: ['notices', 'secured'],
    message: 'must be mail while holds.contacts offers mail',
  });
}

function checkIll(given: Shape, context: z.RefinementCtx<Shape>): void {
  for (const { path, message } of illMistakes(given))
    context.addIssue({ code: 'custom', path: [...path], message });
}

/** A registration whose provider is misspelt would be refused to everyone. */
function checkIdentity({ registration, identity }: Shape, context: z.RefinementCtx<Shape>): void {
  const offered = identity.providers.filter((each) => purposesOf(each).includes('reader'));
  registration.procedures.forEach(({ identity: needed }, index) => {
    if (needed === undefined || offered.some(({ code }) => code === needed)) return;
    const path = ['registration', 'procedures', index, 'identity'];
    context.addIssue({ code: 'custom', path, message: `there is no provider ${needed}` });
  });
}

/**
 * One library's policy: all that differs between libraries, read from `policies/<code>.yaml`. Strict: a key that is misspelt is a mistake, not
 * a default. Durations are ISO 8601 text; amounts are minor units of `currency`; times and dates are civil, in `timeZone`.
 */
export const libraryPolicySchema = shape
  .superRefine(checkCodes)
  .superRefine(checkRegistration)
  .superRefine(checkContact)
  .superRefine(checkIll)
  .superRefine(checkIdentity);

export type LibraryPolicy = z.output<typeof libraryPolicySchema>;

/** Whether a card number has the form of the library's cards (A8). */
export function isCardNumber(policy: Pick<LibraryPolicy, 'card'>, number: string): boolean {
  return new RegExp(`^(?:${policy.card.pattern})$`, 'u').test(number);
}
