import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { pageHeaders, pageOf } from '../pages.ts';
import { problem } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { accountOf, createReadersHolds } from '../readers-holds.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { hold, holdListQuery, newHold } from '../schemas/holds.ts';
import { id } from '../schemas/values.ts';
import { createWords } from '../words.ts';

/** Why a hold is not placed (H1, H2, H4, F4, H11). */
export const placementProblems: readonly ProblemCode[] = [
  'title-unknown',
  'item-unknown',
  'place-unknown',
  'contact-unknown',
  'patron-blocked',
  'patron-expired',
  'patron-closed',
  'fee-unpaid',
  'on-shelf',
  'title-without-items',
  'not-latest-issue',
  'not-for-loan',
  'item-lost',
  'item-missing',
  'item-withdrawn',
  'hold-exists',
  'item-on-loan-to-you',
  'hold-limit',
  'hold-limit-kind',
  'contact-mail-unavailable',
  'contact-phone-unavailable',
  'engine-unavailable',
];

/** Placing holds and seeing them (H1, H2, H5, H8). */
export function holdRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const holds = createReadersHolds(deps);

  return [
    route({
      method: 'post',
      path: '/v1/holds',
      summary: 'Place a hold',
      description: 'A refusal lists every reason. The same request again answers with the same hold.',
      access: 'patron',
      idempotent: true,
      body: newHold,
      problems: placementProblems,
      responses: {
        201: { description: 'Placed.', body: hold, headers: { Location: 'The hold.' } },
        202: acceptedResponse,
      },
    }).handle(({ caller, body, key, language }) =>
      holds.place(accountOf(caller), wordsFor(caller.library, language), {
        body,
        key,
        location: `/v1/holds/${key.id}`,
      }),
    ),
    route({
      method: 'get',
      path: '/v1/holds/:id',
      summary: 'One of the reader’s holds',
      access: 'patron',
      params: z.strictObject({ id }),
      problems: ['hold-unknown'],
      responses: { 200: { description: 'The hold.', body: hold } },
    }).handle(async ({ caller, params, language }) => {
      const found = await holds.show(accountOf(caller), wordsFor(caller.library, language), params.id);
      if (!found) throw problem('hold-unknown');
      return { status: 200, body: found };
    }),
    route({
      method: 'get',
      path: '/v1/me/holds',
      summary: 'The reader’s holds',
      access: 'patron',
      query: holdListQuery,
      responses: { 200: { description: 'Holds.', body: pageOf(hold), headers: pageHeaders } },
    }).handle(({ caller, query, language }) =>
      holds.list(accountOf(caller), wordsFor(caller.library, language), { path: '/v1/me/holds', query }),
    ),
  ];
}
