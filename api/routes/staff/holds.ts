import { z } from 'zod';
import { deskHold, readerByCard } from '../../../db/queries/desk.ts';
import { answer } from '../../answer.ts';
import { deskHoldBody } from '../../bodies/desk.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { card, deskHold as holdBody, remark } from '../../schemas/desk.ts';
import { contact, pickupPlace } from '../../schemas/holds.ts';
import { told } from '../../schemas/told.ts';
import { id } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { placementProblems } from '../holds.ts';

const change = z
  .strictObject({ pickupPlace: pickupPlace.optional(), contact: contact.optional() })
  .refine((wish) => wish.pickupPlace !== undefined || wish.contact !== undefined, told('nothing-changed'));

const params = z.strictObject({ id });

const changed = { 200: { description: 'The hold as it stands now.', body: holdBody } };

/** Holds at the desk: placed for a reader, changed and cancelled, secured ones too (H4, H7). */
export function staffHoldRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const show = async (caller: StaffCaller, holdId: string, words: Words) => {
    const row = await deskHold(deps.orm, caller.library, holdId);
    if (!row) throw problem('hold-unknown');
    return { status: 200 as const, body: deskHoldBody(row, words) };
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/holds',
      summary: 'Place a hold for a reader',
      description:
        'The reader’s limits count as on the web (H2); a usage fee that is due does not hinder the desk (F4). The same request again answers with the same hold.',
      access: ['desk'],
      idempotent: true,
      body: z.strictObject({
        card,
        titleId: id,
        itemId: id.optional().describe('The issue of a magazine that is wanted; without it the latest.'),
        pickupPlace,
        contact,
      }),
      problems: ['patron-unknown', ...placementProblems],
      responses: {
        201: { description: 'Placed.', body: holdBody, headers: { Location: 'The hold.' } },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, body, key, language }) => {
      const { library, actor } = caller;
      const words = wordsFor(library, language);
      const location = `/v1/staff/holds/${key.id}`;
      const patron = await readerByCard(deps.orm, library, body.card);
      if (!patron) throw problem('patron-unknown');
      const { titleId, itemId, pickupPlace: place, contact: way } = body;
      const wish = { holdId: key.id, library, patronId: patron.patronId, titleId, ...(itemId && { itemId }) };
      const request = { ...wish, pickupPlace: place, contact: way, channel: 'desk', actor } as const;
      return answer(deps.commands.placeHold(request), location, async () => {
        const { body: placed } = await show(caller, key.id, words);
        return { status: 201 as const, headers: { Location: location }, body: placed };
      });
    }),
    route({
      method: 'get',
      path: '/v1/staff/holds/:id',
      summary: 'A hold',
      access: ['desk'],
      params,
      problems: ['hold-unknown'],
      responses: changed,
    }).handle(async ({ caller, params: { id: holdId }, language }) =>
      show(caller, holdId, wordsFor(caller.library, language)),
    ),
    route({
      method: 'post',
      path: '/v1/staff/holds/:id/changes',
      summary: 'Change where a hold is picked up, or how its reader is told',
      description: 'A copy that is kept already travels to the new place.',
      access: ['desk'],
      idempotent: true,
      params,
      body: change,
      problems: [
        'hold-unknown',
        'hold-ended',
        'place-unknown',
        'contact-unknown',
        'contact-mail-unavailable',
        'contact-phone-unavailable',
        'engine-unavailable',
      ],
      responses: { ...changed, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: holdId }, body, key, language }) => {
      const words = wordsFor(caller.library, language);
      await show(caller, holdId, words);
      const { pickupPlace: place, contact: way } = body;
      const wish = {
        actor: caller.actor,
        ...(place && { pickupPlace: place }),
        ...(way && { contact: way }),
      };
      return answer(deps.commands.changeHold(holdId, wish, key.id), `/v1/staff/holds/${holdId}`, () =>
        show(caller, holdId, words),
      );
    }),
    route({
      method: 'post',
      path: '/v1/staff/holds/:id/cancellation',
      summary: 'Cancel a hold, with a reason for the reader',
      access: ['desk'],
      idempotent: true,
      params,
      body: z.strictObject({ reason: remark.describe('Why, for the reader: the notice to them says it.') }),
      problems: ['hold-unknown', 'hold-ended', 'engine-unavailable'],
      responses: { ...changed, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: holdId }, body, key, language, now }) => {
      const words = wordsFor(caller.library, language);
      await show(caller, holdId, words);
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
      const wish = { actor: caller.actor, reason: 'by-staff', remarkId };
      return answer(deps.commands.cancelHold(holdId, wish, key.id), `/v1/staff/holds/${holdId}`, () =>
        show(caller, holdId, words),
      );
    }),
  ];
}
