import { z } from 'zod';
import { blocksOf, patronFile } from '../../../db/queries/patrons.ts';
import { answer } from '../../answer.ts';
import { blockBody } from '../../bodies/patron.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepIfAny } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { remark } from '../../schemas/desk.ts';
import { block, blockReason } from '../../schemas/patrons.ts';
import { id, instant, iso } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const params = z.strictObject({ id });

const note = remark.optional().describe('For colleagues.');

/** What staff decide about a reader's card: block it, lift a block, close it (H11, F7). */
export function patronDecisionRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const find = async ({ library }: StaffCaller, patronId: string) => {
    const file = await patronFile(deps.orm, library, patronId);
    if (!file) throw problem('patron-unknown');
    return file;
  };

  const findBlock = async (patronId: string, blockId: string) => {
    const found = (await blocksOf(deps.orm, patronId)).find((each) => each.id === blockId);
    if (!found) throw problem('block-unknown');
    return found;
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/blocks',
      summary: 'Block a card',
      description:
        'Holds keep their place in the queue and are passed over meanwhile; the reader is told when that happens (H11).',
      access: ['desk'],
      idempotent: true,
      params,
      body: z.strictObject({ reason: blockReason, note }),
      problems: ['patron-unknown', 'patron-closed', 'engine-unavailable'],
      responses: {
        201: { description: 'Blocked.', body: block, headers: { Location: 'The card.' } },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: patronId }, body, key, language, now }) => {
      const { library, actor } = caller;
      const file = await find(caller, patronId);
      if (file.closedAt !== null) throw problem('patron-closed');
      const remarkId = await keepIfAny(deps.orm, caller, { subject: key.id, text: body.note, now });
      const given = { patronId, blockId: key.id, reason: body.reason, actor, ...remarkId };
      const location = `/v1/staff/patrons/${patronId}`;
      const about = { library, patronId };
      return answer(
        deps.commands.run('blockPatron', given, key.id, about),
        location,
        async ({ blockId }) => ({
          status: 201 as const,
          headers: { Location: location },
          body: blockBody(await findBlock(patronId, blockId), wordsFor(library, language)),
        }),
      );
    }),
    route({
      method: 'delete',
      path: '/v1/staff/patrons/:id/blocks/:blockId',
      summary: 'Lift a block',
      description: 'Lifting it again changes nothing.',
      access: ['desk'],
      params: params.extend({ blockId: id }),
      body: z.strictObject({ note }).optional(),
      problems: ['patron-unknown', 'block-unknown', 'engine-unavailable'],
      responses: { 200: { description: 'Lifted.', body: block }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: patronId, blockId }, body, language, now }) => {
      const { library, actor } = caller;
      await find(caller, patronId);
      await findBlock(patronId, blockId);
      const remarkId = await keepIfAny(deps.orm, caller, {
        subject: `lift:${blockId}`,
        text: body?.note,
        now,
      });
      const given = { patronId, blockId, actor, ...remarkId };
      const lifted = deps.commands.run('liftBlock', given, blockId, { library, patronId });
      return answer(lifted, `/v1/staff/patrons/${patronId}`, async () => ({
        status: 200 as const,
        body: blockBody(await findBlock(patronId, blockId), wordsFor(library, language)),
      }));
    }),
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/closure',
      summary: 'Close a card for good',
      description:
        'Refused while something is on loan or owed. Its holds end, what was kept for them goes to the next readers, and the reader is told (H11); all sessions end. Its login and institutional accounts are free for another card of the reader’s; the card number is not.',
      access: ['desk'],
      idempotent: true,
      params,
      body: z.strictObject({ note }),
      problems: ['patron-unknown', 'patron-closed', 'patron-has-loans', 'patron-owes', 'engine-unavailable'],
      responses: {
        200: { description: 'Closed.', body: z.strictObject({ patronId: id, closedAt: instant }) },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: patronId }, body, key, now }) => {
      const { library, actor } = caller;
      await find(caller, patronId);
      const remarkId = await keepIfAny(deps.orm, caller, { subject: key.id, text: body.note, now });
      const given = { patronId, actor, ...remarkId };
      const closed = deps.commands.run('closePatron', given, key.id, { library, patronId });
      return answer(closed, `/v1/staff/patrons/${patronId}`, async () => {
        const { closedAt } = await find(caller, patronId);
        return { status: 200 as const, body: { patronId, closedAt: iso(closedAt ?? now) } };
      });
    }),
  ];
}
