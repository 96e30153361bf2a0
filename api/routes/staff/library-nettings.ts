import { z } from 'zod';
import { positionsOf } from '../../../db/queries/ill-settlements.ts';
import { answer } from '../../answer.ts';
import { positionBody } from '../../bodies/library-settlements.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { nettingPosition, settlementBodies } from '../../schemas/library-settlements.ts';
import { id } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { settlementAccess } from './library-settlements.ts';

const params = z.strictObject({ id });
const nettings = '/v1/staff/library-nettings';
const problems = ['settlement-unknown', 'settlement-moved-on', 'engine-unavailable'] as const;
const positions = z.strictObject({ items: z.array(nettingPosition) });

/** Balances of the installation's libraries netted together (I17). */
export function libraryNettingRoutes(deps: ApiDeps): Route[] {
  const { orm, commands } = deps;
  const wordsFor = createWords(deps);
  const base = { method: 'post', access: ['cashier'], idempotent: true } as const;

  const items = async ({ policy, language }: Words) => {
    const nameOf = (code: string) =>
      deps.policies.has(code) ? deps.policies.get(code).name[language] : code;
    const rows = await positionsOf(orm, policy.code);
    return { items: rows.map((row) => positionBody(row, wordsFor(policy.code, language), nameOf)) };
  };
  const listed = {
    description: 'What nettings have left to get or to pay, the latest first.',
    body: positions,
  };
  return [
    route({
      method: 'get',
      access: settlementAccess,
      path: nettings,
      summary: 'Nettings in which the library took part',
      responses: { 200: listed },
    }).handle(async ({ caller, language }) => ({
      status: 200,
      body: await items(wordsFor(caller.library, language)),
    })),
    route({
      ...base,
      path: nettings,
      summary: 'Net what this installation’s libraries owe each other',
      description:
        'All settlements that both sides have confirmed and nobody has paid, of libraries whose policies take part. Each has one sum to get or to pay; all together come to nothing.',
      problems: ['netting-nothing', 'engine-unavailable'],
      responses: { 200: listed, 202: acceptedResponse },
    }).handle(async ({ caller: { library, actor }, key, language }) => {
      const done = commands.run('netLibrarySettlements', { library, actor }, key.id, { library });
      return answer(done, nettings, async () => ({
        status: 200 as const,
        body: await items(wordsFor(library, language)),
      }));
    }),
    route({
      ...base,
      path: `${nettings}/:id/payments`,
      summary: 'Note that the library’s sum of a netting is paid',
      params,
      body: settlementBodies.pay,
      problems: [...problems, 'settlement-amount-differs'],
      responses: { 200: listed, 202: acceptedResponse },
    }).handle(async ({ caller: { library, actor }, params: given, body: { entryId }, key, language }) => {
      const own = (await positionsOf(orm, library)).some(({ nettingId }) => nettingId === given.id);
      if (!own) throw problem('settlement-unknown');
      const wish = { library, actor, nettingId: given.id, ...(entryId !== undefined && { entryId }) };
      const done = commands.run('payNettingPosition', wish, key.id, { library });
      return answer(done, nettings, async () => ({
        status: 200 as const,
        body: await items(wordsFor(library, language)),
      }));
    }),
  ];
}
