import { z } from 'zod';
import type { RequestRow } from '../../db/queries/requests.ts';
import type { Actor } from '../../domain/roles.ts';
import { answer } from '../answer.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { createReadersRequests } from '../readers-requests.ts';
import { type FormChange, keepVersion } from '../request-versions.ts';
import type { Key, Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { readersAnswer, readersRetry } from '../schemas/request-acts.ts';
import { requestDetail } from '../schemas/requests.ts';
import { id } from '../schemas/values.ts';
import { requestFormProblems } from './my-requests.ts';

type Commands = ApiDeps['commands'];
type Wish = Parameters<Commands['actOnRequest']>[1];

const responses = {
  200: { description: 'The request as it stands now.', body: requestDetail },
  202: acceptedResponse,
} as const;

const questions: readonly ProblemCode[] = [
  'request-unknown',
  'request-ended',
  'request-not-asked',
  'request-asks-library',
  'engine-unavailable',
];

/** What readers do with a request of theirs while it is being obtained (I10, I15). */
export function myRequestActRoutes(deps: ApiDeps): Route[] {
  const requests = createReadersRequests(deps);

  const act = async (
    { caller, params, key, language, now }: Pick<Call, 'caller' | 'params' | 'key' | 'language' | 'now'>,
    wish: Wish,
  ) =>
    answer(deps.commands.actOnRequest(params.id, wish, key.id), `/v1/me/requests/${params.id}`, async () => ({
      status: 200 as const,
      body: await requests.show(caller, params.id, language, now),
    }));

  const version = (row: RequestRow, actor: Actor, change: FormChange, key: Key, now: number) =>
    keepVersion(deps.orm, deps.policies.get(row.library), change, {
      requestId: row.id,
      id: key.id,
      actor,
      now,
    });

  return [
    route({
      method: 'post',
      path: '/v1/me/requests/:id/cancel',
      summary: 'Cancel a request',
      description:
        'While no other library has it, it ends at once. A library that has it is asked; it may have sent it off just now, and then the request goes on.',
      access: 'patron',
      idempotent: true,
      params: z.strictObject({ id }),
      problems: [
        'request-unknown',
        'request-ended',
        'request-shipped',
        'request-cancelling',
        'engine-unavailable',
      ],
      responses,
    }).handle(async (call) => {
      await requests.own(call.caller, call.params.id);
      return act(call, { act: 'cancel', actor: call.caller.actor });
    }),
    route({
      method: 'post',
      path: '/v1/me/requests/:id/answer',
      summary: 'Answer what is asked: a price, or a supplying library’s conditions',
      access: 'patron',
      idempotent: true,
      params: z.strictObject({ id }),
      body: readersAnswer,
      problems: questions,
      responses,
    }).handle(async (call) => {
      const { caller, params, body, key, now } = call;
      const { accept, limitMinor } = body;
      const row = await requests.own(caller, params.id);
      const formId =
        !accept || limitMinor === undefined
          ? undefined
          : await version(row, caller.actor, { limitMinor }, key, now);
      const upTo = formId === undefined || limitMinor === undefined ? {} : { formId, limitMinor };
      return act(call, { act: 'answer', actor: caller.actor, accept, ...upTo });
    }),
    route({
      method: 'post',
      path: '/v1/me/requests/:id/retry',
      summary: 'Ask the same library once more, with other data or a higher limit',
      access: 'patron',
      idempotent: true,
      params: z.strictObject({ id }),
      body: readersRetry,
      problems: [...questions, ...requestFormProblems],
      responses,
    }).handle(async (call) => {
      const { caller, params, body, key, now } = call;
      const row = await requests.own(caller, params.id);
      const formId = await version(row, caller.actor, body, key, now);
      const { limitMinor } = body;
      const upTo = limitMinor === undefined ? {} : { limitMinor };
      return act(call, { act: 'answer', actor: caller.actor, accept: true, formId, ...upTo });
    }),
  ];
}

interface Call {
  readonly caller: PatronCaller;
  readonly params: { readonly id: string };
  readonly key: Key;
  readonly language: Parameters<ReturnType<typeof createReadersRequests>['show']>[2];
  readonly now: number;
}
