import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { pageHeaders, pageOf } from '../pages.ts';
import { problem } from '../problem.ts';
import { createReadersHolds } from '../readers-holds.ts';
import { createReadersLoans } from '../readers-loans.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { hold, holdChange, holdLines, holdListQuery, newHold, severalIds } from '../schemas/holds.ts';
import { loan, renewalLines } from '../schemas/loans.ts';
import { id } from '../schemas/values.ts';
import { createWords } from '../words.ts';
import { createManaged } from './family.ts';
import { placementProblems } from './holds.ts';

const params = z.strictObject({ id });

/** What the main card's holder sees and does with the holds and loans of a sub card, while there is consent; without it all of it answers 404 (F1). */
export function familyHoldRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const managed = createManaged(deps);
  const holds = createReadersHolds(deps);
  const loans = createReadersLoans(deps);
  const base = { access: 'patron', params, problems: ['consent-unknown', 'engine-unavailable'] } as const;

  return [
    route({
      ...base,
      method: 'get',
      path: '/v1/me/family/:id/holds',
      summary: 'A sub card’s holds',
      query: holdListQuery,
      responses: { 200: { description: 'Holds.', body: pageOf(hold), headers: pageHeaders } },
    }).handle(async ({ caller, params: { id: subId }, query, language, now }) => {
      const account = await managed(caller, subId, now);
      const path = `/v1/me/family/${subId}/holds`;
      return holds.list(account, wordsFor(caller.library, language), { path, query });
    }),
    route({
      ...base,
      method: 'get',
      path: '/v1/me/family/:id/holds/:holdId',
      summary: 'One of a sub card’s holds',
      params: params.extend({ holdId: id }),
      problems: ['consent-unknown', 'hold-unknown'],
      responses: { 200: { description: 'The hold.', body: hold } },
    }).handle(async ({ caller, params: { id: subId, holdId }, language, now }) => {
      const account = await managed(caller, subId, now);
      const found = await holds.show(account, wordsFor(caller.library, language), holdId);
      if (!found) throw problem('hold-unknown');
      return { status: 200, body: found };
    }),
    route({
      ...base,
      method: 'post',
      path: '/v1/me/family/:id/holds',
      summary: 'Place a hold for a sub card',
      description:
        'The sub card’s own limits, fee and blocks count, and messages go to its holder. A refusal lists every reason.',
      idempotent: true,
      body: newHold,
      problems: ['consent-unknown', ...placementProblems],
      responses: {
        201: { description: 'Placed.', body: hold, headers: { Location: 'The hold.' } },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: subId }, body, key, language, now }) => {
      const account = await managed(caller, subId, now);
      const location = `/v1/me/family/${subId}/holds/${key.id}`;
      return holds.place(account, wordsFor(caller.library, language), { body, key, location });
    }),
    route({
      ...base,
      method: 'post',
      path: '/v1/me/family/:id/holds/changes',
      summary: 'Change the pickup place or the contact method of several of a sub card’s holds',
      idempotent: true,
      body: holdChange,
      responses: holdLines,
    }).handle(async ({ caller, params: { id: subId }, body, key, language, now }) =>
      holds.change(await managed(caller, subId, now), wordsFor(caller.library, language), body, key.id),
    ),
    route({
      ...base,
      method: 'post',
      path: '/v1/me/family/:id/holds/cancellations',
      summary: 'Cancel several of a sub card’s holds',
      idempotent: true,
      body: z.strictObject({ holds: severalIds }),
      responses: holdLines,
    }).handle(async ({ caller, params: { id: subId }, body, key, language, now }) =>
      holds.cancel(await managed(caller, subId, now), wordsFor(caller.library, language), body.holds, key.id),
    ),
    route({
      ...base,
      method: 'get',
      path: '/v1/me/family/:id/loans',
      summary: 'A sub card’s loans, each with every reason why it cannot be renewed',
      responses: { 200: { description: 'The loans.', body: z.strictObject({ items: z.array(loan) }) } },
    }).handle(async ({ caller, params: { id: subId }, language, now }) =>
      loans.list(await managed(caller, subId, now), wordsFor(caller.library, language), now),
    ),
    route({
      ...base,
      method: 'post',
      path: '/v1/me/family/:id/renewals',
      summary: 'Renew several of a sub card’s loans',
      idempotent: true,
      body: z.strictObject({ loans: severalIds }),
      responses: renewalLines,
    }).handle(async ({ caller, params: { id: subId }, body, key, language, now }) =>
      loans.renewSeveral(await managed(caller, subId, now), wordsFor(caller.library, language), {
        ids: body.loans,
        requestKey: key.id,
        now,
      }),
    ),
  ];
}
