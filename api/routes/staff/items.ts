import { z } from 'zod';
import { deskItem } from '../../../db/queries/desk.ts';
import { answer } from '../../answer.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepIfAny } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { barcode, deskItem as itemBody, remark } from '../../schemas/desk.ts';
import { createWords } from '../../words.ts';
import { showItem } from './counter.ts';

/** Copies: where they are and whose; lost, missing and withdrawn ones (H11). */
export function itemRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const find = async (caller: StaffCaller, code: string) => {
    const item = await deskItem(deps.orm, caller.library, code);
    if (!item) throw problem('item-unknown');
    return item;
  };

  return [
    route({
      method: 'get',
      path: '/v1/staff/items',
      summary: 'A copy by its barcode: where it is, who has it, for whom it is kept',
      access: ['desk'],
      query: z.strictObject({ barcode }),
      problems: ['item-unknown'],
      responses: { 200: { description: 'The copy.', body: itemBody } },
    }).handle(async ({ caller, query, language, now }) => {
      const item = await find(caller, query.barcode);
      return {
        status: 200,
        body: await showItem(deps, caller, item, wordsFor(caller.library, language), now),
      };
    }),
    route({
      method: 'post',
      path: '/v1/staff/items/:barcode/marks',
      summary: 'Mark a copy lost, missing or withdrawn',
      description:
        'A loan of it ends as lost. A hold it was kept for goes back to its place in the queue, and the reader is told; when no copy is left that could come, ' +
        'the title’s holds end (H11). A copy that turns up is checked in.',
      access: ['desk'],
      idempotent: true,
      params: z.strictObject({ barcode }),
      body: z.strictObject({
        state: z.enum(['lost', 'missing', 'withdrawn']),
        priceMinor: z
          .int()
          .min(1)
          .max(1_000_000_000)
          .optional()
          .describe(
            'What the reader who lost it pays, where it is not the copy’s own price or the schedule’s; in minor units.',
          ),
        note: remark.optional(),
      }),
      problems: [
        'item-unknown',
        'item-state-unchanged',
        'item-on-loan',
        'fee-unknown',
        'fee-above-limit',
        'engine-unavailable',
      ],
      responses: {
        200: { description: 'The copy as it stands now.', body: itemBody },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params, body, key, language, now }) => {
      const { library, actor } = caller;
      const { itemId } = await find(caller, params.barcode);
      const note = await keepIfAny(deps.orm, caller, { subject: key.id, text: body.note, now });
      const price = body.priceMinor === undefined ? {} : { priceMinor: body.priceMinor };
      const mark = { itemId, state: body.state, actor, ...price, ...note };
      const location = `/v1/staff/items?barcode=${encodeURIComponent(params.barcode)}`;
      return answer(deps.commands.run('markItem', mark, key.id, { library }), location, async () => ({
        status: 200 as const,
        body: await showItem(
          deps,
          caller,
          await find(caller, params.barcode),
          wordsFor(library, language),
          now,
        ),
      }));
    }),
  ];
}
