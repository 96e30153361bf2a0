import { z } from 'zod';
import { Patron } from '../../db/entities/index.ts';
import { type ApplicationRow, applicationById, applicationsOf } from '../../db/queries/applications.ts';
import { reader } from '../../db/transaction.ts';
import { findProcedure } from '../../domain/policy-registration.ts';
import { isOpenApplication } from '../../domain/registration.ts';
import { answer } from '../answer.ts';
import { formProblems, turnProblems } from '../application-problems.ts';
import { type Account, createApplicants } from '../applicants.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { problem, ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { application, words, written } from '../schemas/applications.ts';
import { id, line } from '../schemas/values.ts';

const params = z.strictObject({ id });

const shown = { 200: { description: 'The application as it stands now.', body: application } };

/** Readers who have an account apply for a further service, such as interlibrary loan (A4). */
export function myApplicationRoutes(deps: ApiDeps): Route[] {
  const applicants = createApplicants(deps);

  const find = async ({ id: patronId }: PatronCaller, applicationId: string): Promise<ApplicationRow> => {
    const row = await applicationById(deps.orm, applicationId);
    if (row?.patronId !== patronId) throw problem('application-unknown');
    return row;
  };

  const accountOf = async ({ id: patronId }: PatronCaller): Promise<Account> => {
    const patron = await reader(deps.orm).findOneOrFail(Patron, { id: patronId });
    return { patronId, birthDate: patron.birthDate ?? null };
  };

  const procedureFor = ({ library }: PatronCaller, code: string) => {
    const found = findProcedure(deps.policies.get(library), code);
    if (!found?.needsAccount) throw problem('procedure-unknown');
    return found;
  };

  /** The one that is open already, when the same was applied for twice. */
  const openOne = async ({ id: patronId }: PatronCaller, procedure: string) =>
    (await applicationsOf(deps.orm, patronId)).find(
      (each) => each.procedure === procedure && isOpenApplication(each.state),
    );

  const locationOf = (applicationId: string) => `/v1/me/applications/${applicationId}`;

  return [
    route({
      method: 'get',
      path: '/v1/me/applications',
      summary: 'Your applications, the latest first',
      access: 'patron',
      responses: {
        200: { description: 'All of them.', body: z.strictObject({ items: z.array(application) }) },
      },
    }).handle(async ({ caller, language, now }) => {
      const rows = await applicationsOf(deps.orm, caller.id);
      return {
        status: 200,
        body: { items: await Promise.all(rows.map((row) => applicants.show(row, language, now))) },
      };
    }),
    route({
      method: 'post',
      path: '/v1/me/applications',
      summary: 'Apply for a further service',
      description:
        'Everything that is wrong with the form is told at once, field by field (A3). Submitted; a mail follows (A4). While an application for the same service is open there is ' +
        'no second one: the answer is the one that is.',
      access: 'patron',
      idempotent: true,
      body: z.strictObject({ procedure: line(60), fields: written }),
      problems: [
        ...formProblems,
        'procedure-unknown',
        'permission-held',
        'patron-closed',
        'engine-unavailable',
      ],
      responses: {
        ...shown,
        201: { description: 'Submitted.', body: application, headers: { Location: 'The application.' } },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, body, key, language, now }) => {
      const { library } = caller;
      const procedure = procedureFor(caller, body.procedure);
      const account = await accountOf(caller);
      const given = { id: key.id, library, procedure, fields: body.fields, language, account, now };
      const form = applicants.judge(given);
      const location = locationOf(key.id);
      await applicants.keepFirst(given, form);
      try {
        const submitted = deps.commands.submitApplication({ applicationId: key.id, library });
        return await answer(submitted, location, async () => ({
          status: 201 as const,
          headers: { Location: location },
          body: await applicants.showAgain(key.id, language, now),
        }));
      } catch (error) {
        const open = await openOne(caller, procedure.code);
        if (!(error instanceof ProblemError) || error.code !== 'application-open' || !open) throw error;
        return { status: 200 as const, body: await applicants.show(open, language, now) };
      }
    }),
    route({
      method: 'get',
      path: '/v1/me/applications/:id',
      summary: 'An application of yours: how it stands, what happens next and until when',
      description: 'Past the deadline it says whom to phone (A5).',
      access: 'patron',
      params,
      problems: ['application-unknown'],
      responses: shown,
    }).handle(async ({ caller, params: { id: applicationId }, language, now }) => ({
      status: 200,
      body: await applicants.show(await find(caller, applicationId), language, now),
    })),
    route({
      method: 'post',
      path: '/v1/me/applications/:id/answers',
      summary: 'Answer the library’s question about your application',
      access: 'patron',
      idempotent: true,
      params,
      body: z.strictObject({ text: words }),
      problems: turnProblems,
      responses: { ...shown, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: applicationId }, body, key, language, now }) => {
      const row = await find(caller, applicationId);
      return applicants.answer({ row, key, language, location: locationOf(row.id), now }, body.text);
    }),
    route({
      method: 'post',
      path: '/v1/me/applications/:id/versions',
      summary: 'Correct the form and submit it again',
      description: 'The same application goes on; what was submitted before is kept (A5).',
      access: 'patron',
      idempotent: true,
      params,
      body: z.strictObject({ fields: written, text: words.optional().describe('A word to the library.') }),
      problems: [...turnProblems, ...formProblems, 'procedure-unknown'],
      responses: { ...shown, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: applicationId }, body, key, language, now }) => {
      const row = await find(caller, applicationId);
      const wish = { row, key, language, location: locationOf(row.id), now };
      return applicants.correct(wish, body.fields, body.text ?? null, await accountOf(caller));
    }),
    route({
      method: 'post',
      path: '/v1/me/applications/:id/withdrawal',
      summary: 'Withdraw an application of yours',
      description: 'What was submitted is deleted.',
      access: 'patron',
      idempotent: true,
      params,
      problems: ['application-unknown', 'application-ended', 'engine-unavailable'],
      responses: { ...shown, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: applicationId }, key, language, now }) => {
      const row = await find(caller, applicationId);
      return applicants.withdraw({ row, key, language, location: locationOf(row.id), now }, caller.actor);
    }),
  ];
}
