import { z } from 'zod';
import type { ApplicationRow } from '../../../db/queries/applications.ts';
import { patronFile } from '../../../db/queries/patrons.ts';
import type { PatronField } from '../../../domain/policy-accounts.ts';
import { beyondTheirPart, fieldsOf } from '../../../domain/patron-edits.ts';
import { permissionOf } from '../../../domain/permissions.ts';
import type { LibraryPolicy } from '../../../domain/policy.ts';
import { findProcedure } from '../../../domain/policy-registration.ts';
import { applicationStates, decisions } from '../../../domain/registration.ts';
import { answer } from '../../answer.ts';
import { actorOf } from '../../bodies/story.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { type InputError, problem, ProblemError } from '../../problem.ts';
import { keepIfAny } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { applicationFile } from '../../schemas/applications.ts';
import { remark } from '../../schemas/desk.ts';
import { day, id, iso } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { createReviews } from './applications.ts';

const minor = z.int().min(0).max(1_000_000_000).describe('Minor units of the library’s currency.');

const terms = z
  .strictObject({
    expiresOn: day.nullable().optional().describe('The account’s last day; null: without end.'),
    userGroup: z.string().max(60).optional(),
    permissions: z
      .array(z.string().max(60))
      .max(50)
      .optional()
      .describe('The whole list, instead of what the procedure grants.'),
    overdraftLimitMinor: minor.nullable().optional(),
    depositMinor: minor.optional(),
  })
  .meta({ id: 'AccountTerms' });

type Terms = z.output<typeof terms>;

const decision = z.strictObject({
  decision: z
    .enum(decisions)
    .describe(
      '`reject` and `ask` wait for the applicant; `merge` gives what was applied for to a card there is.',
    ),
  seen: z
    .strictObject({ state: z.enum(applicationStates), version: z.int().min(1) })
    .describe(
      'The application as you have it before you: if a colleague or the applicant was quicker, nothing is decided.',
    ),
  reason: remark
    .optional()
    .describe('For `reject`, `reject-for-good` and `ask`: mailed to the applicant. Else for colleagues.'),
  patronId: id.optional().describe('For `merge`: the reader whose card it is.'),
  terms: terms
    .optional()
    .describe('What the account gets, where it differs from what the procedure grants (A6).'),
});

const termFields: Readonly<Record<Exclude<keyof Terms, 'permissions'>, PatronField>> = {
  expiresOn: 'expiresOn',
  userGroup: 'userGroup',
  overdraftLimitMinor: 'overdraftLimit',
  depositMinor: 'deposit',
};

const mistake = (term: string, code: 'forbidden' | 'invalid-input'): InputError => ({
  in: 'body',
  pointer: `/terms/${term}`,
  code,
});

/** Throws 422 for what the library does not have, and 403 for terms that are not these roles' business (A6, A13). */
function requirePart(
  policy: LibraryPolicy,
  { roles }: StaffCaller,
  row: ApplicationRow,
  wanted: Terms,
): void {
  const { permissions, userGroup } = wanted;
  const unknown = [
    ...(userGroup === undefined || policy.userGroups.some(({ code }) => code === userGroup)
      ? []
      : ['userGroup']),
    ...(permissions ?? []).flatMap((code, at) => (permissionOf(policy, code) ? [] : [`permissions/${at}`])),
  ];
  if (unknown.length > 0)
    throw problem('invalid-input', {}, { errors: unknown.map((term) => mistake(term, 'invalid-input')) });
  const own = fieldsOf(policy.edits, roles);
  const granted = findProcedure(policy, row.procedure)?.grants.permissions ?? [];
  const denied = [
    ...Object.entries(termFields).flatMap(([term, field]) =>
      wanted[term as keyof Terms] === undefined || own.includes(field) ? [] : [term],
    ),
    ...(permissions && beyondTheirPart(policy, roles, granted, permissions).length > 0
      ? ['permissions']
      : []),
  ];
  if (denied.length > 0)
    throw problem('forbidden', {}, { errors: denied.map((term) => mistake(term, 'forbidden')) });
}

type Wish = Parameters<ApiDeps['commands']['decideApplication']>[1];

/** Without what was not stated. */
function statedOf(wanted: Terms | undefined): Pick<Wish, 'terms'> {
  if (!wanted) return {};
  const stated = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return { terms: Object.fromEntries(stated) as NonNullable<Wish['terms']> };
}

/** What the process answers when somebody else was quicker. */
const overtaken: readonly string[] = ['application-decided', 'application-ended'];

/** Who was quicker, and when (A5). */
function decidedBefore({ decidedBy, deciderName, decidedAt, state }: ApplicationRow, words: Words) {
  if (decidedBy === null || decidedAt === null) return undefined;
  const { name } = actorOf(words, decidedBy, deciderName);
  return problem('application-decided', { name, at: iso(decidedAt), state });
}

/** Reviewers decide (A5): of two at the same moment one does, and the other hears who. */
export function applicationDecisionRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const reviews = createReviews(deps);

  return [
    route({
      method: 'post',
      path: '/v1/staff/applications/:id/decisions',
      summary:
        'Decide on an application: approve, reject, reject for good, ask, or merge with a reader’s card',
      description:
        'The applicant gets a mail, with the reason or the question as it is written here. A decision that a colleague has made meanwhile is refused with who and when.',
      access: ['desk', 'ill-librarian'],
      idempotent: true,
      params: z.strictObject({ id }),
      body: decision,
      problems: [
        'application-unknown',
        'application-decided',
        'application-ended',
        'application-changed',
        'application-unconfirmed',
        'application-has-account',
        'remark-missing',
        'patron-unknown',
        'patron-closed',
        'card-taken',
        'card-number-wrong',
        'login-taken',
        'identity-bound',
        'user-group-unknown',
        'engine-unavailable',
      ],
      responses: {
        200: { description: 'The application as it stands now.', body: applicationFile },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params, body, key, language, now }) => {
      const { library, actor } = caller;
      const words = wordsFor(library, language);
      const row = await reviews.find(caller, params.id);
      const { decision: made, seen, reason, patronId, terms: wanted } = body;
      if (made === 'merge' && patronId === undefined)
        throw problem(
          'invalid-input',
          {},
          { errors: [{ in: 'body', pointer: '/patronId', code: 'field-required' }] },
        );
      if (wanted) requirePart(words.policy, caller, row, wanted);
      if (patronId !== undefined && !(await patronFile(deps.orm, library, patronId)))
        throw problem('patron-unknown');
      const note = await keepIfAny(deps.orm, caller, { subject: key.id, text: reason, now });
      const wish = {
        actor,
        decision: made,
        seen,
        ...note,
        ...(patronId && { patronId }),
        ...statedOf(wanted),
      };
      try {
        const decided = deps.commands.decideApplication(row.id, wish, key.id);
        return await answer(decided, `/v1/staff/applications/${row.id}`, async () => ({
          status: 200 as const,
          body: await reviews.show(await reviews.find(caller, row.id), words, now),
        }));
      } catch (error) {
        if (!(error instanceof ProblemError) || !overtaken.includes(error.code)) throw error;
        throw decidedBefore(await reviews.find(caller, row.id), words) ?? error;
      }
    }),
  ];
}
