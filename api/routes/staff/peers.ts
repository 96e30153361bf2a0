import { z } from 'zod';
import { linesOf, messageById, messagesOf } from '../../../db/queries/peers.ts';
import { peersOf } from '../../../domain/policy-peers.ts';
import { answer } from '../../answer.ts';
import { illMessageBody, peerLineBodies, peerLineBody, wholeIllMessageBody } from '../../bodies/peers.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { illMessage, lineChange, messageQuery, peerLine, wholeIllMessage } from '../../schemas/peers.ts';
import { id } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { pageFrom } from './paging.ts';

const path = '/v1/staff/peers';

/** The lines to other libraries, and the messages that went over them (I18). */
export function peerRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const { orm, policies } = deps;

  const lineOf = async (library: string, code: string, words: Words) => {
    const row = (await linesOf(orm, library)).get(code);
    const peer = peersOf(policies.get(library)).find((each) => each.code === code);
    return peerLineBody(code, peer, row, words);
  };

  return [
    route({
      method: 'get',
      path,
      summary: 'Other libraries, and whether messages to them get through',
      access: ['ill-librarian'],
      responses: {
        200: { description: 'Every peer of the policy.', body: z.strictObject({ items: z.array(peerLine) }) },
      },
    }).handle(async ({ caller: { library }, language }) => {
      const items = peerLineBodies(await linesOf(orm, library), wordsFor(library, language));
      return { status: 200, body: { items } };
    }),
    route({
      method: 'post',
      path: `${path}/:code/changes`,
      summary: 'Hold the messages to another library back, let them go, try now, or give up the first',
      access: ['ill-librarian'],
      idempotent: true,
      params: z.strictObject({ code: z.string().max(60) }),
      body: lineChange,
      problems: ['peer-unknown', 'engine-unavailable'],
      responses: { 200: { description: 'Done.', body: peerLine }, 202: acceptedResponse },
    }).handle(async ({ caller: { library, actor }, params: { code }, body, key, language }) => {
      if (!(await linesOf(orm, library)).has(code)) throw problem('not-found');
      const wish = { library, peer: code, ...body, actor };
      const changed = deps.commands.run('changeLine', wish, key.id, { library });
      const words = wordsFor(library, language);
      return answer(changed, path, async () => ({
        status: 200 as const,
        body: await lineOf(library, code, words),
      }));
    }),
    route({
      method: 'get',
      path: '/v1/staff/messages',
      summary: 'Messages of ISO 18626, the latest first',
      description:
        'Of a request, of an outside request, of a peer; or those that belong to nothing (`stray`).',
      access: ['ill-librarian'],
      query: messageQuery,
      responses: {
        200: { description: 'A page of messages.', body: pageOf(illMessage), headers: pageHeaders },
      },
    }).handle(async ({ caller: { library }, query, language }) => {
      const { cursor, request: requestId, outsideRequest: supplyId, stray, ...rest } = query;
      const search = { ...rest, requestId, supplyId, stray, library, before: readCursor(cursor) };
      const words = wordsFor(library, language);
      const shown = {
        ...rest,
        request: requestId,
        outsideRequest: supplyId,
        stray: stray === undefined ? undefined : String(stray),
      };
      return pageFrom(
        { path: '/v1/staff/messages', query: shown },
        await messagesOf(orm, search),
        (row) => ({ at: row.storedAt, id: row.id }),
        (row) => illMessageBody(row, words),
      );
    }),
    route({
      method: 'post',
      path: '/v1/staff/messages/:id/retry',
      summary: 'Send a message again that another library refused, or that did not get through for days',
      description:
        'As a message of its own, with the time of now. A request itself is not sent again: it has gone to the next library.',
      access: ['ill-librarian'],
      idempotent: true,
      params: z.strictObject({ id }),
      problems: ['message-unknown', 'message-not-lost', 'engine-unavailable'],
      responses: { 200: { description: 'It is on its way.', body: peerLine }, 202: acceptedResponse },
    }).handle(async ({ caller: { library, actor }, params: { id: messageId }, key, language }) => {
      const row = await messageById(orm, library, messageId);
      if (!row) throw problem('message-unknown');
      const sent = deps.commands.run('resendMessage', { library, messageId, actor }, key.id, { library });
      const words = wordsFor(library, language);
      return answer(sent, '/v1/staff/messages', async () => ({
        status: 200 as const,
        body: await lineOf(library, row.peer, words),
      }));
    }),
    route({
      method: 'get',
      path: '/v1/staff/messages/:id',
      summary: 'A message as it was written, and its confirmation',
      access: ['ill-librarian'],
      params: z.strictObject({ id }),
      responses: { 200: { description: 'The message.', body: wholeIllMessage } },
    }).handle(async ({ caller: { library }, params, language }) => {
      const row = await messageById(orm, library, params.id);
      if (!row) throw problem('not-found');
      return { status: 200, body: wholeIllMessageBody(row, wordsFor(library, language)) };
    }),
  ];
}
