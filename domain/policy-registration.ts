import { z } from 'zod';
import { weekdays } from './policy-places.ts';
import { duration, localised, pattern } from './policy-values.ts';
import type { StaffRole } from './roles.ts';

/** What a form can ask for; `email`, `phone`, `birthDate`, `login` and `password` have rules of their own, the rest is a line of text or a choice. */
export const fieldCodes = [
  'name',
  'birthDate',
  'gender',
  'email',
  'phone',
  'login',
  'password',
  'institution',
  'workUnit',
  'address',
] as const;

export type FieldCode = (typeof fieldCodes)[number];

const code = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a code has small letters, digits and hyphens');

/** A field that may be left empty, or has a list to choose from; one that is needed can be written as its code alone. */
const formField = z.strictObject({
  code: z.enum(fieldCodes),
  required: z.boolean().default(true),
  choices: z
    .array(z.strictObject({ code, name: localised }))
    .min(1)
    .optional(),
});

export type FormField = z.output<typeof formField>;

const field = z.union([
  z.enum(fieldCodes).transform((name): FormField => ({ code: name, required: true })),
  formField,
]);

/** The roles to whom applications are shown and who can decide on them (A13). */
const reviewers = ['desk', 'ill-librarian', 'administrator'] as const satisfies readonly StaffRole[];

/** Who decides, and by when: at closing time of the `within`-th working day after the day on which it came to them (A5). */
const review = z.strictObject({
  role: z.enum(reviewers),
  within: z.int().min(1).max(60).default(1),
  /** Whose opening days are the working days; the first branch unless stated. */
  branch: z.string().optional(),
  /** Reviewers' weekdays, where the branch is open on more than these. */
  weekdays: z.array(z.enum(weekdays)).min(1).optional(),
  /** Told once per working day that a review is overdue. */
  supervisor: z.email(),
  /** Whom the applicant phones when it takes too long; the library's number unless stated. */
  phone: z.string().min(1).optional(),
});

export type ReviewPolicy = z.output<typeof review>;

/**
 * Where a new account's card number comes from: the number the applicant states, or the next of a series of the library's own – `prefix` and a number of `digits` digits.
 */
const cardSource = z.union([
  z.literal('login'),
  z.strictObject({ prefix: z.string(), digits: z.int().min(1).max(15), from: z.int().min(1).default(1) }),
]);

export type CardSource = z.output<typeof cardSource>;

/** What comes of an approval. A new account needs a user group and a card number; an existing one only gets the permissions. */
const grants = z.strictObject({
  permissions: z.array(code).default([]),
  userGroup: z.string().optional(),
  card: cardSource.optional(),
  /** How long the account is valid, in civil days from the approval; unless staff say otherwise when they approve (A6). */
  validFor: duration.optional(),
});

const lapse = z.strictObject({
  /** How long the link in the first mail can be used. */
  unconfirmed: duration.default('P7D'),
  /** How long a question or a rejection waits for the applicant. */
  unanswered: duration.default('P30D'),
});

/**
 * One way to an account, or of an account to a further service (A1, A2, A4). Identity provider, e-mail confirmation and review are its steps, in this order; what is not stated is left out.
 */
const procedure = z.strictObject({
  code,
  name: localised,
  /** A procedure that is given up is no longer offered; it stays here until the last application by it has ended. */
  offered: z.boolean().default(true),
  fields: z.array(field).min(1),
  /** For readers who have an account and want more (stage 2); they are signed in. */
  needsAccount: z.boolean().default(false),
  /** Code of the identity provider that has to vouch for the applicant (A1). */
  identity: z.string().optional(),
  /** Nobody looks at the application before the link in the mail has been used. */
  confirm: z.boolean().default(false),
  review: review.optional(),
  grants: grants.prefault({}),
  lapse: lapse.prefault({}),
  /** How long the data of an application that was rejected for good are kept. */
  keepRejected: duration.default('P30D'),
});

export type Procedure = z.output<typeof procedure>;

const shape = z.strictObject({
  /** `unbroken`: letters only, without blanks, underscores or other symbols (A3). */
  names: z.enum(['unbroken', 'any']).default('any'),
  /** What a login must be (A3), and an example to show beside the field. */
  logins: z
    .strictObject({ pattern, example: z.string().min(1) })
    .prefault({ pattern: '[A-Za-z0-9]{4,20}', example: 'reader01' }),
  procedures: z.array(procedure).default([]),
});

type Shape = z.output<typeof shape>;
type Report = (path: (string | number)[], message: string) => void;

function checkGrants({ needsAccount, grants: given }: Procedure, report: Report): void {
  if (needsAccount) {
    if (given.permissions.length === 0) report(['grants', 'permissions'], 'there is nothing to gain');
    if (given.userGroup !== undefined || given.card !== undefined)
      report(['grants'], 'an existing account keeps its user group and card number');
    return;
  }
  if (given.userGroup === undefined) report(['grants', 'userGroup'], 'a new account needs a user group');
  if (given.card === undefined) report(['grants', 'card'], 'a new account needs a card number');
}

function checkFields(given: Procedure, report: Report): void {
  const codes = given.fields.map((each) => each.code);
  const needed: FieldCode[] = ['email'];
  if (!given.needsAccount) needed.push('password');
  // An identity provider tells name and number itself.
  if (given.identity === undefined) {
    needed.push('name');
    if (given.grants.card === 'login') needed.push('login');
  }
  for (const each of needed)
    if (!given.fields.some((one) => one.code === each && one.required))
      report(['fields'], `${each} is needed`);
  if (new Set(codes).size < codes.length) report(['fields'], 'a field is stated twice');
  if (given.needsAccount && codes.includes('password')) report(['fields'], 'the account has its password');
}

function checkProcedures(given: Shape, context: z.RefinementCtx<Shape>): void {
  given.procedures.forEach((each, index) => {
    const report: Report = (path, message) =>
      context.addIssue({ code: 'custom', path: ['procedures', index, ...path], message });
    checkFields(each, report);
    checkGrants(each, report);
    if (!each.review && each.identity === undefined && !each.confirm)
      report([], 'nobody would look at it: state identity, confirm or review');
    if (given.procedures.findIndex((one) => one.code === each.code) < index)
      report(['code'], `the procedure ${each.code} is stated twice`);
  });
}

/** How people come to an account (A1–A6); without procedures only staff make accounts. */
export const registrationPolicy = shape.superRefine(checkProcedures);

export type RegistrationPolicy = z.output<typeof registrationPolicy>;

/** The procedure of that code. */
export function findProcedure(
  { registration }: { readonly registration: RegistrationPolicy },
  wanted: string,
): Procedure | undefined {
  return registration.procedures.find((each) => each.code === wanted);
}

/** The number `n` of a series as it stands on the card. */
export function cardNumberOf({ prefix, digits }: Exclude<CardSource, 'login'>, n: number | bigint): string {
  return `${prefix}${String(n).padStart(digits, '0')}`;
}

/** What procedures refer to elsewhere in the policy. */
interface Surroundings {
  readonly registration: RegistrationPolicy;
  readonly userGroups: readonly { readonly code: string }[];
  readonly permissions: readonly { readonly code: string }[];
  readonly branches: readonly { readonly code: string }[];
  readonly card: { readonly pattern: string };
}

/** What procedures name that the rest of the policy does not know, each with the path below `registration.procedures`. */
export function registrationMistakes(
  policy: Surroundings,
): { readonly path: readonly (string | number)[]; readonly message: string }[] {
  const has = (list: readonly { readonly code: string }[], wanted: string) =>
    list.some((each) => each.code === wanted);
  return policy.registration.procedures.flatMap(({ grants: given, review: reviewed }, index) => {
    const { userGroup, permissions, card } = given;
    const at = (path: readonly string[], message: string) => ({ path: [index, ...path], message });
    const first = card !== undefined && card !== 'login' ? cardNumberOf(card, card.from) : undefined;
    return [
      ...(userGroup !== undefined && !has(policy.userGroups, userGroup)
        ? [at(['grants', 'userGroup'], `there is no user group ${userGroup}`)]
        : []),
      ...permissions
        .filter((each) => !has(policy.permissions, each))
        .map((each) => at(['grants', 'permissions'], `there is no permission ${each}`)),
      ...(first !== undefined && !new RegExp(`^(?:${policy.card.pattern})$`, 'u').test(first)
        ? [at(['grants', 'card'], `${first} is not a card number of this library`)]
        : []),
      ...(reviewed?.branch !== undefined && !has(policy.branches, reviewed.branch)
        ? [at(['review', 'branch'], `there is no branch ${reviewed.branch}`)]
        : []),
    ];
  });
}
