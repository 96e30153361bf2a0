import { z } from 'zod';
import { isOwnCharge } from '../../db/queries/charges.ts';
import { answer } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { pageHeaders, pageOf } from '../pages.ts';
import { problem } from '../problem.ts';
import { createReadersStatement } from '../readers-statement.ts';
import { keepRemark } from '../remarks.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { disputeAnswer } from '../schemas/charges.ts';
import { remark } from '../schemas/desk.ts';
import { period, statementLine, statementQuery } from '../schemas/statement.ts';
import { id } from '../schemas/values.ts';
import { createWords } from '../words.ts';
import { moneyOf } from '../bodies/desk.ts';

/** The reader's statement (P1), and what the reader disputes before paying it (P7). */
export function accountRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const statement = createReadersStatement(deps);
  const params = z.strictObject({ id });
  const find = async (patronId: string, chargeId: string) => {
    if (!(await isOwnCharge(deps.orm, patronId, chargeId))) throw problem('charge-unknown');
  };
  const path = '/v1/me/statement';

  return [
    route({
      method: 'get',
      path,
      summary: 'The reader’s account: what was charged and paid, the latest first',
      description: 'Each line with the balance after it (账户收支), for any period in the library’s days.',
      access: 'patron',
      query: statementQuery,
      responses: {
        200: { description: 'A page of lines.', body: pageOf(statementLine), headers: pageHeaders },
      },
    }).handle(({ caller, query, language }) =>
      statement.page({ patronId: caller.id, path, query }, wordsFor(caller.library, language)),
    ),
    route({
      method: 'get',
      path: '/v1/me/statement.csv',
      summary: 'The same as a table for spreadsheets',
      access: 'patron',
      query: period,
      responses: { 200: { description: 'The lines.', body: z.string(), mediaType: 'text/csv' } },
    }).handle(({ caller, query, language }) =>
      statement.table(caller.id, query, wordsFor(caller.library, language)),
    ),
    route({
      method: 'post',
      path: '/v1/me/charges/:id/dispute',
      summary: 'Object to a fee before paying it',
      description:
        'The fee is held out of what is to be paid until staff have decided; the decision is mailed (P7). Not while a payment for it is under way, and not once it is paid.',
      access: 'patron',
      idempotent: true,
      params,
      body: z.strictObject({ text: remark.describe('What is wrong with it, in the reader’s words.') }),
      problems: [
        'charge-unknown',
        'charge-settled',
        'charge-disputed',
        'charge-in-payment',
        'dispute-decided',
        'dispute-not-offered',
        'engine-unavailable',
      ],
      responses: { 201: { description: 'Held out.', body: disputeAnswer }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: chargeId }, body, key, language, now }) => {
      const { id: patronId, library, actor } = caller;
      await find(patronId, chargeId);
      const words = wordsFor(library, language);
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.text, now });
      const given = { chargeId, patronId, disputeId: key.id, remarkId, actor };
      const done = deps.commands.run('disputeCharge', given, key.id, { library, patronId });
      return answer(done, '/v1/me/charges', ({ openMinor }) => ({
        status: 201 as const,
        body: { chargeId, open: moneyOf(words, openMinor) },
      }));
    }),
    route({
      method: 'post',
      path: '/v1/me/charges/:id/dispute/withdrawal',
      summary: 'Take the objection back',
      access: 'patron',
      idempotent: true,
      params,
      problems: ['charge-unknown', 'dispute-unknown', 'engine-unavailable'],
      responses: {
        200: { description: 'The fee is to be paid again.', body: disputeAnswer },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: chargeId }, key, language }) => {
      const { id: patronId, library, actor } = caller;
      await find(patronId, chargeId);
      const words = wordsFor(library, language);
      const given = { chargeId, patronId, actor };
      const done = deps.commands.run('withdrawDispute', given, key.id, { library, patronId });
      return answer(done, '/v1/me/charges', ({ openMinor }) => ({
        status: 200 as const,
        body: { chargeId, open: moneyOf(words, openMinor) },
      }));
    }),
  ];
}
