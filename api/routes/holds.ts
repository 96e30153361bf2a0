import { z } from 'zod';
import { endedHolds, holdsById, openHolds } from '../../db/queries/holds.ts';
import type { HoldState } from '../../domain/hold-states.ts';
import { answer } from '../answer.ts';
import { holdBody } from '../bodies/hold.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { cut, page, pageHeaders, pageOf, pageQuery, readCursor } from '../pages.ts';
import { problem } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { contact, hold, pickupPlace } from '../schemas/holds.ts';
import { id } from '../schemas/values.ts';
import { createWords, type Words } from '../words.ts';

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

const newHold = z.strictObject({
  titleId: id,
  itemId: id.optional().describe('The issue of a magazine that is wanted; without it the latest.'),
  pickupPlace,
  contact,
});

/** Which states a list shows. */
const lists = {
  open: ['waiting', 'in-transit', 'secured'],
  waiting: ['waiting', 'in-transit'],
  secured: ['secured'],
} as const satisfies Record<string, readonly HoldState[]>;

const listQuery = pageQuery.extend({
  state: z
    .enum(['open', 'waiting', 'secured', 'ended'])
    .default('open')
    .describe('`open`: waiting and secured, all on one page. `ended` comes in pages.'),
});

/** Placing holds and seeing them (H1, H2, H5, H8). */
export function holdRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const show = async (caller: PatronCaller, words: Words, holdId: string) => {
    const row = (await holdsById(deps.orm, caller.id, [holdId])).get(holdId);
    return row && holdBody(row, words);
  };

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
    }).handle(async ({ caller, body, key, language }) => {
      const { id: patronId, library, actor } = caller;
      const words = wordsFor(library, language);
      const location = `/v1/holds/${key.id}`;
      const placed = async () => {
        const found = await show(caller, words, key.id);
        return found && ({ status: 201, headers: { Location: location }, body: found } as const);
      };
      const before = key.repeated ? await placed() : undefined;
      if (before) return before;
      const { itemId, ...wish } = body;
      const given = { ...wish, ...(itemId && { itemId }), holdId: key.id, library, patronId, actor };
      return answer(deps.commands.placeHold({ ...given, channel: 'web' }), location, async () => {
        const reply = await placed();
        if (!reply) throw new Error(`Hold ${key.id} was placed and is not there.`);
        return reply;
      });
    }),
    route({
      method: 'get',
      path: '/v1/holds/:id',
      summary: 'One of the reader’s holds',
      access: 'patron',
      params: z.strictObject({ id }),
      problems: ['hold-unknown'],
      responses: { 200: { description: 'The hold.', body: hold } },
    }).handle(async ({ caller, params, language }) => {
      const found = await show(caller, wordsFor(caller.library, language), params.id);
      if (!found) throw problem('hold-unknown');
      return { status: 200, body: found };
    }),
    route({
      method: 'get',
      path: '/v1/me/holds',
      summary: 'The reader’s holds',
      access: 'patron',
      query: listQuery,
      responses: { 200: { description: 'Holds.', body: pageOf(hold), headers: pageHeaders } },
    }).handle(async ({ caller, query, language }) => {
      const words = wordsFor(caller.library, language);
      const list = { path: '/v1/me/holds', query };
      const { state, limit, cursor } = query;
      if (state !== 'ended') {
        const shown: readonly HoldState[] = lists[state];
        const rows = await openHolds(deps.orm, caller.id);
        const items = rows.filter((row) => shown.includes(row.state)).map((row) => holdBody(row, words));
        return page(list, items, null);
      }
      const found = await endedHolds(deps.orm, { patronId: caller.id, limit, before: readCursor(cursor) });
      const positioned = found.map((row) => ({ row, at: new Date(row.endedAt ?? 0), id: row.id }));
      const { rows, next } = cut(positioned, limit);
      return page(
        list,
        rows.map(({ row }) => holdBody(row, words)),
        next,
      );
    }),
  ];
}
