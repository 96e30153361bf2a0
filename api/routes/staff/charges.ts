import { z } from 'zod';
import { patronFile } from '../../../db/queries/patrons.ts';
import { answer } from '../../answer.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, pageQuery } from '../../pages.ts';
import { problem } from '../../problem.ts';
import { createReadersCharges } from '../../readers-charges.ts';
import { createReadersStatement } from '../../readers-statement.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { account, charge } from '../../schemas/charges.ts';
import { paymentDetail } from '../../schemas/payments.ts';
import { period, statementLine, statementQuery } from '../../schemas/statement.ts';
import { day, id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const params = z.strictObject({ id });

/** What the cashier sees of a reader's account, and raises (A13). */
export function staffChargeRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const charges = createReadersCharges(deps);
  const statement = createReadersStatement(deps);
  const find = async (library: string, patronId: string) => {
    if (!(await patronFile(deps.orm, library, patronId))) throw problem('patron-unknown');
  };
  const base = { method: 'get', access: ['cashier'], params, problems: ['patron-unknown'] } as const;

  return [
    route({
      ...base,
      path: '/v1/staff/patrons/:id/charges',
      summary: 'What a reader has to pay',
      responses: { 200: { description: 'What is open.', body: account } },
    }).handle(async ({ caller: { library }, params: { id: patronId }, language }) => {
      await find(library, patronId);
      return charges.account(patronId, wordsFor(library, language));
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/charges/history',
      summary: 'A reader’s paid and dropped fees, the latest first',
      query: pageQuery,
      responses: { 200: { description: 'A page of fees.', body: pageOf(charge), headers: pageHeaders } },
    }).handle(async ({ caller: { library }, params: { id: patronId }, query, language }) => {
      await find(library, patronId);
      const path = `/v1/staff/patrons/${patronId}/charges/history`;
      return charges.settled({ patronId, path, query }, wordsFor(library, language));
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/payments',
      summary: 'A reader’s payments, the latest first',
      query: pageQuery,
      responses: {
        200: { description: 'A page of payments.', body: pageOf(paymentDetail), headers: pageHeaders },
      },
    }).handle(async ({ caller: { library }, params: { id: patronId }, query, language }) => {
      await find(library, patronId);
      const path = `/v1/staff/patrons/${patronId}/payments`;
      return charges.payments({ patronId, path, query }, wordsFor(library, language));
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/statement',
      summary: 'A reader’s account: what was charged and paid, the latest first',
      query: statementQuery,
      responses: {
        200: { description: 'A page of lines.', body: pageOf(statementLine), headers: pageHeaders },
      },
    }).handle(async ({ caller: { library }, params: { id: patronId }, query, language }) => {
      await find(library, patronId);
      const path = `/v1/staff/patrons/${patronId}/statement`;
      return statement.page({ patronId, path, query }, wordsFor(library, language));
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/statement.csv',
      summary: 'The same as a table for spreadsheets',
      query: period,
      responses: { 200: { description: 'The lines.', body: z.string(), mediaType: 'text/csv' } },
    }).handle(async ({ caller: { library }, params: { id: patronId }, query, language }) => {
      await find(library, patronId);
      return statement.table(patronId, query, wordsFor(library, language));
    }),
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/membership-fees',
      summary: 'Raise the usage fee now',
      description:
        'For a reader who comes back after years, whose fee the clock no longer raises, or on the day the card is opened. A fee that is open already is answered again.',
      access: ['cashier'],
      idempotent: true,
      params,
      problems: [
        'patron-unknown',
        'patron-closed',
        'membership-without-fee',
        'membership-of-sub-card',
        'membership-not-due',
        'engine-unavailable',
      ],
      responses: {
        200: {
          description: 'Raised. `chargeId` is null where the user group pays nothing: the card is extended.',
          body: z.strictObject({ chargeId: id.nullable(), paidUntil: day }),
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller: { library, actor }, params: { id: patronId }, key }) => {
      await find(library, patronId);
      const raised = deps.commands.run('raiseMembershipFee', { patronId, actor }, key.id, {
        library,
        patronId,
      });
      const location = `/v1/staff/patrons/${patronId}/charges`;
      return answer(raised, location, (body) => ({ status: 200 as const, body }));
    }),
  ];
}
