import { z } from 'zod';
import { Erasure, Patron } from '../../../db/entities/index.ts';
import { reader } from '../../../db/transaction.ts';
import { answer } from '../../answer.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { card } from '../../schemas/desk.ts';
import { id, instant } from '../../schemas/values.ts';

const params = z.strictObject({ id });

const erasure = z
  .strictObject({ id, patronId: id, erasedAt: instant })
  .meta({ id: 'Erasure', description: 'A reader has been erased; there is nothing else to tell.' });

/** Erasing a reader (A12). */
export function erasureRoutes(deps: ApiDeps): Route[] {
  const find = async (library: string, patronId: string) => {
    const done = await reader(deps.orm).findOne(Erasure, { library, patronId });
    return done ? { id: done.id, patronId, erasedAt: done.at.toISOString() } : undefined;
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/erasure',
      summary: 'Erase a reader for good',
      description:
        'Refused while something is open, with all of it. Holds and loans become anybody’s of the user group, books of account stay without the person, and everything else that ' +
        'tells of the reader goes: addresses, messages, remarks, sessions, applications. It cannot be undone; the card number has to be given again to say who is meant.',
      access: ['administrator'],
      idempotent: true,
      params,
      body: z.strictObject({ card }),
      problems: [
        'patron-unknown',
        'card-differs',
        'patron-has-loans',
        'patron-has-holds',
        'patron-owes',
        'patron-has-credit',
        'patron-has-deposit',
        'patron-has-subs',
        'patron-has-application',
        'patron-has-payment',
        'engine-unavailable',
      ],
      responses: { 200: { description: 'Erased.', body: erasure }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: patronId }, body, key }) => {
      const { library, actor } = caller;
      const done = await find(library, patronId);
      if (done?.id === key.id) return { status: 200, body: done };
      const patron = await reader(deps.orm).findOne(Patron, { id: patronId, library, erasedAt: null });
      if (!patron) throw problem('patron-unknown');
      if (patron.card !== body.card) throw problem('card-differs');
      const given = { erasureId: key.id, patronId, actor };
      const erased = deps.commands.run('erasePatron', given, key.id, { library, patronId });
      return answer(erased, `/v1/staff/patrons/${patronId}/erasure`, async () => {
        const now = await find(library, patronId);
        if (!now) throw problem('still-working');
        return { status: 200 as const, body: now };
      });
    }),
    route({
      method: 'get',
      path: '/v1/staff/patrons/:id/erasure',
      summary: 'Whether a reader has been erased, and when',
      access: ['administrator'],
      params,
      problems: ['patron-unknown'],
      responses: { 200: { description: 'It has.', body: erasure } },
    }).handle(async ({ caller, params: { id: patronId } }) => {
      const done = await find(caller.library, patronId);
      if (!done) throw problem('patron-unknown');
      return { status: 200, body: done };
    }),
  ];
}
