import { z } from 'zod';
import { loansById } from '../../db/queries/loans.ts';
import { answer } from '../answer.ts';
import { dueOf } from '../bodies/loan.ts';
import type { PatronCaller } from '../caller.ts';
import type { Commands } from '../commands-port.ts';
import type { ApiDeps } from '../deps.ts';
import { inOrder, lineKey, outcomeOf, unknown } from '../lines.ts';
import { problem } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { severalIds } from '../schemas/holds.ts';
import { renewalLine, renewed } from '../schemas/loans.ts';
import { id } from '../schemas/values.ts';
import { createWords, type Words } from '../words.ts';

/** Why a loan is not renewed (L2, F4, H11). */
export const renewalProblems: readonly ProblemCode[] = [
  'loan-unknown',
  'loan-ended',
  'renewal-limit',
  'renewal-overdue',
  'renewal-title-held',
  'renewal-kind',
  'renewal-same-date',
  'fee-unpaid',
  'patron-blocked',
  'patron-expired',
  'patron-closed',
  'engine-unavailable',
];

type Known = Awaited<ReturnType<Commands['renew']>>;

function lineOf(loanId: string, known: Known, words: Words) {
  const due = known.outcome === 'done' ? dueOf(words, known.result.dueAt) : { dueAt: null, dueOn: null };
  return { loanId, ...outcomeOf(known, words), ...due };
}

/** Renewing (L2, L3): the new due date, or every reason why not. */
export function renewalRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const ownOf = async (caller: PatronCaller, now: number, ids: readonly string[]) => {
    const { loans } = await loansById(deps.orm, caller.id, new Date(now), ids);
    return new Set(loans.map((loan) => loan.id));
  };

  const renew = ({ actor }: PatronCaller, loanId: string, key: string) =>
    deps.commands.renew(loanId, { actor, channel: 'web' }, key);

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
      if (!(await ownOf(caller, now, [loanId])).has(loanId)) throw problem('loan-unknown');
      const location = `/v1/loans/${loanId}`;
      const words = wordsFor(caller.library, language);
      return answer(renew(caller, loanId, key.id), location, ({ dueAt }) => ({
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
      responses: {
        200: {
          description: 'What became of each loan, in the order they were named.',
          body: z.strictObject({ lines: z.array(renewalLine) }),
        },
      },
    }).handle(async ({ caller, body, key, language, now }) => {
      const words = wordsFor(caller.library, language);
      const own = await ownOf(caller, now, body.loans);
      const outcomes = await inOrder(body.loans, (loanId) =>
        own.has(loanId) ? renew(caller, loanId, lineKey(key.id, loanId)) : unknown('loan-unknown'),
      );
      return {
        status: 200,
        body: { lines: outcomes.map(({ line, known }) => lineOf(line, known, words)) },
      };
    }),
  ];
}
