import { z } from 'zod';
import { answer } from '../answer.ts';
import { dueOf } from '../bodies/loan.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { accountOf } from '../readers-holds.ts';
import { createReadersLoans } from '../readers-loans.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { severalIds } from '../schemas/holds.ts';
import { renewalLines, renewed } from '../schemas/loans.ts';
import { id } from '../schemas/values.ts';
import { createWords } from '../words.ts';

/** Why a loan is not renewed (L2, F4, H11). */
export const renewalProblems: readonly ProblemCode[] = [
  'loan-unknown',
  'loan-ended',
  'renewal-limit',
  'renewal-overdue',
  'renewal-title-held',
  'renewal-kind',
  'renewal-by-supplier',
  'renewal-same-date',
  'fee-unpaid',
  'patron-blocked',
  'patron-expired',
  'patron-closed',
  'engine-unavailable',
];

/** Renewing (L2, L3): the new due date, or every reason why not. */
export function renewalRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const loans = createReadersLoans(deps);

  return [
    route({
      method: 'post',
      path: '/v1/loans/:id/renewals',
      summary: 'Renew a loan',
      access: 'patron',
      idempotent: true,
      params: z.strictObject({ id }),
      problems: renewalProblems,
      responses: {
        201: { description: 'Renewed.', body: renewed, headers: { Location: 'The loan.' } },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params, key, language, now }) => {
      const loanId = params.id;
      const account = accountOf(caller);
      if (!(await loans.ownOf(account, now, [loanId])).has(loanId)) throw problem('loan-unknown');
      const location = `/v1/loans/${loanId}`;
      const words = wordsFor(caller.library, language);
      return answer(loans.renew(account, loanId, key.id), location, ({ dueAt }) => ({
        status: 201 as const,
        headers: { Location: location },
        body: { loanId, ...dueOf(words, dueAt) },
      }));
    }),
    route({
      method: 'post',
      path: '/v1/renewals',
      summary: 'Renew several loans',
      description: 'Each line succeeds or fails on its own.',
      access: 'patron',
      idempotent: true,
      body: z.strictObject({ loans: severalIds }),
      problems: ['engine-unavailable'],
      responses: renewalLines,
    }).handle(({ caller, body, key, language, now }) =>
      loans.renewSeveral(accountOf(caller), wordsFor(caller.library, language), {
        ids: body.loans,
        requestKey: key.id,
        now,
      }),
    ),
  ];
}
