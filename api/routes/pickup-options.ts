import { z } from 'zod';
import { factsOf } from '../../db/queries/patron-facts.ts';
import { places } from '../../domain/calendar.ts';
import { contactsOffered } from '../../domain/holds.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { contact } from '../schemas/holds.ts';
import { place } from '../schemas/words.ts';
import { createWords } from '../words.ts';

const options = z
  .strictObject({
    places: z.array(place).describe('Libraries first, then the stops of the mobile library.'),
    contacts: z
      .array(z.strictObject({ contact, text: z.string() }))
      .describe('E-mail only with a confirmed address that works, telephone only with a number.'),
  })
  .meta({ id: 'PickupOptions' });

/** What the form of a hold offers (H4). */
export function pickupOptionRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  return [
    route({
      method: 'get',
      path: '/v1/me/pickup-options',
      summary: 'Where the reader can collect holds, and how they can be told',
      access: 'patron',
      problems: ['patron-unknown'],
      responses: { 200: { description: 'The choices.', body: options } },
    }).handle(async ({ caller, language }) => {
      const words = wordsFor(caller.library, language);
      const facts = await factsOf(deps.orm, caller.id);
      if (!facts) throw problem('patron-unknown');
      const offered = contactsOffered(words.policy, facts);
      return {
        status: 200,
        body: {
          places: places(words.policy).map(({ code }) => words.place(code)),
          contacts: offered.map((each) => ({ contact: each, text: words.text(`contact.${each}`) })),
        },
      };
    }),
  ];
}
