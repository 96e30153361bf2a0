import { z } from 'zod';
import type { DeliveryAct } from '../../activities/ill/delivery-steps.ts';
import { answer } from '../answer.ts';
import type { PatronCaller } from '../caller.ts';
import { createDeliveredFiles, deliveredFile, downloadProblems } from '../delivered-files.ts';
import type { ApiDeps } from '../deps.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { createReadersRequests } from '../readers-requests.ts';
import type { Key, Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { requestDetail } from '../schemas/requests.ts';
import { id, line } from '../schemas/values.ts';

type Plain = Extract<DeliveryAct['act'], 'renew' | 'reissue' | 'hand-out' | 'send-back'>;
type ReadersAct = { readonly act: Plain } | { readonly act: 'change-place'; readonly place: string };

interface Call {
  readonly caller: PatronCaller;
  readonly params: { readonly id: string };
  readonly key: Key;
  readonly language: Parameters<ReturnType<typeof createReadersRequests>['show']>[2];
  readonly now: number;
}

const params = z.strictObject({ id });
const usual: readonly ProblemCode[] = [
  'request-unknown',
  'request-ended',
  'request-moved-on',
  'engine-unavailable',
];

/** What readers do with what other libraries send them (I9, I13, I14, I19). */
export function myDeliveryRoutes(deps: ApiDeps): Route[] {
  const requests = createReadersRequests(deps);
  const files = createDeliveredFiles(deps);

  const act = async ({ caller, params: { id: requestId }, key, language, now }: Call, wish: ReadersAct) => {
    await requests.own(caller, requestId);
    const done = deps.commands.actOnRequest(requestId, { ...wish, actor: caller.actor }, key.id);
    return answer(done, `/v1/me/requests/${requestId}`, async () => ({
      status: 200 as const,
      body: await requests.show(caller, requestId, language, now),
    }));
  };

  const post = (path: string, name: Plain, summary: string, problems: readonly ProblemCode[]) =>
    route({
      method: 'post',
      path: `/v1/me/requests/:id/${path}`,
      summary,
      access: 'patron',
      idempotent: true,
      params,
      problems: [...usual, ...problems],
      responses: {
        200: { description: 'The request as it stands now.', body: requestDetail },
        202: acceptedResponse,
      },
    }).handle((call) => act(call, { act: name }));

  return [
    post('renewal', 'renew', 'Ask for more time: the supplying library decides (I13)', [
      'renewal-asked',
      'request-other-service',
      'patron-blocked',
      'patron-expired',
      'fee-unpaid',
    ]),
    post(
      'link',
      'reissue',
      'Have a new link to the document made; the one before is worth nothing then (I14)',
      ['delivery-none', 'delivery-held', 'delivery-deleted', 'reissue-limit'],
    ),
    post('receipt', 'hand-out', 'Say that what was sent straight to you has come (I9)', []),
    post('return', 'send-back', 'Say that you have sent back what was sent straight to you (I13)', [
      'item-on-loan',
    ]),
    route({
      method: 'post',
      path: '/v1/me/requests/:id/place',
      summary: 'Choose another place to pick it up, until it is shipped (I19)',
      access: 'patron',
      idempotent: true,
      params,
      body: z.strictObject({ place: line(60) }),
      problems: [...usual, 'request-shipped', 'request-without-pickup', 'place-unknown'],
      responses: {
        200: { description: 'The request as it stands now.', body: requestDetail },
        202: acceptedResponse,
      },
    }).handle((call) => act(call, { act: 'change-place', place: call.body.place })),
    route({
      method: 'get',
      path: '/v1/me/requests/:id/document',
      summary: 'Download the document that was delivered (文献传递)',
      description:
        'It counts like a download by the mailed link. For the reader’s own study and research only.',
      access: 'patron',
      params,
      problems: ['request-unknown', ...downloadProblems],
      responses: { 200: deliveredFile },
    }).handle(async ({ caller, params: { id: requestId }, now }) => {
      const row = await requests.own(caller, requestId);
      const limit = files.rulesOf(row.library).downloads;
      return files.give(await files.ofRequest(requestId, now), limit, now);
    }),
  ];
}
