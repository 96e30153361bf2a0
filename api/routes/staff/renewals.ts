import { z } from 'zod';
import { deskLoan } from '../../../db/queries/desk.ts';
import { answer } from '../../answer.ts';
import { deskLoanBody } from '../../bodies/desk.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { deskLoan as loanSchema } from '../../schemas/desk.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { renewalProblems } from '../renewals.ts';

/** Renewing at the desk, or for a reader who rings (L2, L3, F4). */
export function staffRenewalRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const find = async ({ library }: StaffCaller, loanId: string) => {
    const row = await deskLoan(deps.orm, library, loanId);
    if (!row) throw problem('loan-unknown');
    return row;
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/loans/:id/renewals',
      summary: 'Renew a loan for its reader',
      description:
        'By the same rules as on the web, but for a usage fee that is due, which does not hinder the desk (F4).',
      access: ['desk'],
      idempotent: true,
      params: z.strictObject({ id }),
      problems: renewalProblems,
      responses: {
        201: {
          description: 'The loan with its new due date.',
          body: loanSchema,
          headers: { Location: 'The loan.' },
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: loanId }, key, language, now }) => {
      const words = wordsFor(caller.library, language);
      await find(caller, loanId);
      const location = `/v1/staff/loans/${loanId}`;
      const renewed = deps.commands.renew(loanId, { actor: caller.actor, channel: 'desk' }, key.id);
      return answer(renewed, location, async () => ({
        status: 201 as const,
        headers: { Location: location },
        body: deskLoanBody(await find(caller, loanId), words, now),
      }));
    }),
  ];
}
