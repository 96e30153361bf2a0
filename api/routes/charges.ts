import type { ApiDeps } from '../deps.ts';
import { pageHeaders, pageOf, pageQuery } from '../pages.ts';
import { createReadersCharges } from '../readers-charges.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { account, charge } from '../schemas/charges.ts';
import { paymentDetail } from '../schemas/payments.ts';
import { createWords } from '../words.ts';

/** What the reader owes, and has paid (F4, P1). */
export function chargeRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const charges = createReadersCharges(deps);
  const base = { method: 'get', access: 'patron' } as const;

  return [
    route({
      ...base,
      path: '/v1/me/charges',
      summary: 'What the reader has to pay, and until when the usage fee is paid',
      responses: { 200: { description: 'What is open.', body: account } },
    }).handle(({ caller, language }) => charges.account(caller.id, wordsFor(caller.library, language))),
    route({
      ...base,
      path: '/v1/me/charges/history',
      summary: 'The reader’s paid and dropped fees, the latest first',
      query: pageQuery,
      responses: { 200: { description: 'A page of fees.', body: pageOf(charge), headers: pageHeaders } },
    }).handle(({ caller, query, language }) => {
      const page = { patronId: caller.id, path: '/v1/me/charges/history', query };
      return charges.settled(page, wordsFor(caller.library, language));
    }),
    route({
      ...base,
      path: '/v1/me/payments',
      summary: 'The reader’s payments by whatever means, the latest first',
      query: pageQuery,
      responses: {
        200: { description: 'A page of payments.', body: pageOf(paymentDetail), headers: pageHeaders },
      },
    }).handle(({ caller, query, language }) => {
      const page = { patronId: caller.id, path: '/v1/me/payments', query };
      return charges.payments(page, wordsFor(caller.library, language));
    }),
  ];
}
