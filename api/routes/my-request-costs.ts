import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { createReadersRequests } from '../readers-requests.ts';
import { createRequestCosts } from '../request-costs.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { costQuery, costsByPerson } from '../schemas/request-costs.ts';
import { createWords } from '../words.ts';

/** What an account's requests have cost, person by person (I6). */
export function myRequestCostRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const requests = createReadersRequests(deps);
  const costs = createRequestCosts(deps);
  const asked = {
    access: 'patron',
    query: costQuery,
    problems: ['not-your-library', 'ill-not-offered'],
  } as const;

  return [
    route({
      method: 'get',
      path: '/v1/me/request-costs',
      summary: 'What the account’s requests have cost, person by person',
      description:
        'For an institution’s account, which names for whom each request is: what it settles with whom (I6). The account itself owes all of it to the library.',
      ...asked,
      responses: { 200: { description: 'People and their requests.', body: costsByPerson } },
    }).handle(async ({ caller, query: { library: chosen, ...period }, language }) => {
      const { patronId, library } = await requests.accountAt(caller, chosen);
      return { status: 200, body: await costs.list(patronId, period, wordsFor(library, language)) };
    }),
    route({
      method: 'get',
      path: '/v1/me/request-costs.csv',
      summary: 'The same as a table for spreadsheets, a line a request',
      ...asked,
      responses: { 200: { description: 'The lines.', body: z.string(), mediaType: 'text/csv' } },
    }).handle(async ({ caller, query: { library: chosen, ...period }, language }) => {
      const { patronId, library } = await requests.accountAt(caller, chosen);
      return costs.table(patronId, period, wordsFor(library, language));
    }),
  ];
}
