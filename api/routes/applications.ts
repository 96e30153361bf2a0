import { z } from 'zod';
import { type ApplicationRow, applicationById } from '../../db/queries/applications.ts';
import { isApplicationSecret } from '../../domain/application-link.ts';
import { emailKey } from '../../domain/person-keys.ts';
import { findProcedure, type Procedure } from '../../domain/policy-registration.ts';
import { answer } from '../answer.ts';
import { formProblems, turnProblems } from '../application-problems.ts';
import { createApplicants } from '../applicants.ts';
import { networkOf } from '../auth/address.ts';
import { addressLimit, applicantsLimit, applicationKeys } from '../auth/application-limits.ts';
import { locked } from '../auth/sign-in.ts';
import { noSoonerThan } from '../auth/same-time.ts';
import { createThrottle } from '../auth/throttle.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { application, words, written } from '../schemas/applications.ts';
import { type Held, identityFor } from '../verified-identity.ts';
import { id, language as languageSchema, libraryCode, line } from '../schemas/values.ts';

/** More than hashing a password, keeping a form and starting its process take. */
const answerAfterMs = 600;

const headers = z.object({
  'application-secret': line(100)
    .optional()
    .describe('The secret in the link of the mail. Without it there is no such application.'),
});

const params = z.strictObject({ id });

const received = z.strictObject({
  state: z.literal('received'),
  text: z.string().describe('What happens next.'),
});

const shown = { 200: { description: 'The application as it stands now.', body: application } };

/** A procedure that is open to people without an account. Throws when there is none such. */
function openProcedure({ policies }: ApiDeps, library: string, code: string): Procedure {
  const found = policies.has(library) ? findProcedure(policies.get(library), code) : undefined;
  if (!found || found.needsAccount) throw problem('procedure-unknown');
  return found;
}

/** People who have no account apply for one (A2), and go on with the application by the secret of the mail they get. */
export function applicationRoutes(deps: ApiDeps): Route[] {
  const applicants = createApplicants(deps);
  const throttle = createThrottle(deps.orm);

  /** Throws when too many forms come from one network; tells whether the address has had too many. */
  const admit = async (library: string, email: string, network: string, now: number): Promise<boolean> => {
    const from = await throttle.attempt(applicationKeys.network(library, network), applicantsLimit, now);
    if (!from.admitted) throw locked(deps.policies.get(library), from.lockedUntil ?? now, now);
    const key = applicationKeys.address(library, emailKey(email) ?? email);
    return (await throttle.attempt(key, addressLimit, now)).admitted;
  };

  const identityOf = ({ identity }: Procedure, library: string, held: Held | undefined, now: number) =>
    identity === undefined
      ? undefined
      : identityFor(deps.orm, { library, provider: identity, held, secret: deps.config.secret, now });

  /** The application whose secret was given. Wrong, missing or of nothing: all alike. */
  const find = async (applicationId: string, given: z.output<typeof headers>): Promise<ApplicationRow> => {
    const secret = given['application-secret'] ?? '';
    const fits = isApplicationSecret(deps.config.secret, { to: 'access', applicationId }, secret);
    const row = fits ? await applicationById(deps.orm, applicationId) : undefined;
    if (!row) throw problem('application-unknown');
    return row;
  };

  const locationOf = (applicationId: string) => `/v1/applications/${applicationId}`;

  return [
    route({
      method: 'post',
      path: '/v1/applications',
      summary: 'Apply for an account',
      description:
        'Everything that is wrong with the form is told at once, field by field (A3). Otherwise the answer is always the same: a mail says how to go on. Whoever has applied ' +
        'already and sends the form again – with the same key or another – makes no second application, and the mail about the first comes again.',
      access: 'public',
      idempotent: true,
      body: z.strictObject({
        library: libraryCode,
        procedure: line(60),
        language: languageSchema
          .optional()
          .describe('In which the library writes; that of the request if not stated.'),
        fields: written,
        identity: z
          .strictObject({ id, secret: line(100) })
          .optional()
          .describe(
            'The identity that a provider has verified, where the procedure needs one (A1). It is used up by this. A name or number that the provider has not told is a field of the form, and required.',
          ),
      }),
      problems: [
        ...formProblems,
        'procedure-unknown',
        'identity-missing',
        'identity-bound',
        'card-taken',
        'card-number-wrong',
        'login-taken',
        'too-many-attempts',
        'engine-unavailable',
      ],
      responses: { 202: { description: 'Received; a mail follows.', body: received } },
    }).handle(async ({ body, key, address, language: asked, now }) => {
      const { library, fields, language = asked } = body;
      const procedure = openProcedure(deps, library, body.procedure);
      const text = applicants.wordsFor(library, asked).text('application.next.received');
      const given = { id: key.id, library, procedure, fields, language, account: null, now };
      const kept = key.repeated && (await applicants.isKept(key.id));
      const identity = kept ? undefined : await identityOf(procedure, library, body.identity, now);
      const form = kept ? undefined : applicants.judge({ ...given, identity });
      await noSoonerThan(answerAfterMs, async () => {
        if (form) {
          if (!(await admit(library, form.email ?? '', networkOf(address), now))) return;
          await applicants.keepFirst({ ...given, identity }, form);
        }
        const applicationId = key.id;
        await answer(deps.commands.submitApplication({ applicationId, library }), '', () => ({
          status: 202,
        }));
      });
      return { status: 202, body: { state: 'received', text } };
    }),
    route({
      method: 'get',
      path: '/v1/applications/:id',
      summary: 'An application: how it stands, what happens next and until when',
      description: 'Past the deadline it says whom to phone (A5).',
      access: 'public',
      params,
      headers,
      problems: ['application-unknown'],
      responses: shown,
    }).handle(async ({ params: { id: applicationId }, headers: given, language, now }) => ({
      status: 200,
      body: await applicants.show(await find(applicationId, given), language, now),
    })),
    route({
      method: 'post',
      path: '/v1/applications/:id/confirmations',
      summary: 'Confirm the e-mail address with the link from the mail (A11)',
      description: 'Using the link again changes nothing.',
      access: 'public',
      params,
      body: z.strictObject({
        version: z
          .int()
          .min(1)
          .max(10_000)
          .describe('Of the form whose address is confirmed; it stands in the link.'),
        secret: line(100),
      }),
      problems: [
        'link-expired',
        'application-ended',
        'application-changed',
        'card-taken',
        'login-taken',
        'engine-unavailable',
      ],
      responses: { ...shown, 202: acceptedResponse },
    }).handle(async ({ params: { id: applicationId }, body: { version, secret }, language, now }) => {
      const link = { to: 'confirm', applicationId, version } as const;
      if (!isApplicationSecret(deps.config.secret, link, secret)) throw problem('link-expired');
      const confirmed = deps.commands.confirmApplication(applicationId, { version }, `confirm:${version}`);
      return answer(confirmed, locationOf(applicationId), async () => ({
        status: 200 as const,
        body: await applicants.showAgain(applicationId, language, now),
      }));
    }),
    route({
      method: 'post',
      path: '/v1/applications/:id/answers',
      summary: 'Answer the library’s question',
      access: 'public',
      idempotent: true,
      params,
      headers,
      body: z.strictObject({ text: words }),
      problems: turnProblems,
      responses: { ...shown, 202: acceptedResponse },
    }).handle(async ({ params: { id: applicationId }, headers: given, body, key, language, now }) => {
      const row = await find(applicationId, given);
      return applicants.answer({ row, key, language, location: locationOf(applicationId), now }, body.text);
    }),
    route({
      method: 'post',
      path: '/v1/applications/:id/versions',
      summary: 'Correct the form and submit it again',
      description:
        'The same application goes on; what was submitted before is kept (A5). A password stays as it was unless a new one is given; a new address has to be confirmed.',
      access: 'public',
      idempotent: true,
      params,
      headers,
      body: z.strictObject({ fields: written, text: words.optional().describe('A word to the library.') }),
      problems: [...turnProblems, ...formProblems, 'procedure-unknown'],
      responses: { ...shown, 202: acceptedResponse },
    }).handle(async ({ params: { id: applicationId }, headers: given, body, key, language, now }) => {
      const row = await find(applicationId, given);
      const wish = { row, key, language, location: locationOf(applicationId), now };
      return applicants.correct(wish, body.fields, body.text ?? null, null);
    }),
    route({
      method: 'post',
      path: '/v1/applications/:id/withdrawal',
      summary: 'Withdraw an application',
      description: 'What was submitted is deleted.',
      access: 'public',
      idempotent: true,
      params,
      headers,
      problems: ['application-unknown', 'application-ended', 'engine-unavailable'],
      responses: { ...shown, 202: acceptedResponse },
    }).handle(async ({ params: { id: applicationId }, headers: given, key, language, now }) => {
      const row = await find(applicationId, given);
      const wish = { row, key, language, location: locationOf(applicationId), now };
      return applicants.withdraw(wish, `applicant:${applicationId}`);
    }),
  ];
}
