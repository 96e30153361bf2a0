import { z } from 'zod';
import { readerByCard } from '../../../db/queries/desk.ts';
import { familyOf } from '../../../db/queries/families.ts';
import { answer } from '../../answer.ts';
import { staffFamilyBody } from '../../bodies/family.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepIfAny } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { card, remark } from '../../schemas/desk.ts';
import { staffFamily } from '../../schemas/family.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const params = z.strictObject({ id });

const note = remark.optional().describe('For colleagues.');

const changed = { 200: { description: 'The card’s family now.', body: staffFamily }, 202: acceptedResponse };

/** What the desk sees and decides of family cards (F1, F8, F9, F11). */
export function staffFamilyRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const find = async ({ library }: StaffCaller, patronId: string, now: number) => {
    const found = await familyOf(deps.orm, library, patronId, wordsFor(library, 'en').day(now));
    if (!found) throw problem('patron-unknown');
    return found;
  };

  const shown = async (caller: StaffCaller, patronId: string, now: number) => ({
    status: 200 as const,
    body: staffFamilyBody(await find(caller, patronId, now)),
  });

  const mainByCard = async ({ library }: StaffCaller, number: string) => {
    const main = await readerByCard(deps.orm, library, number);
    if (!main) throw problem('main-card-unknown');
    return main.patronId;
  };

  const locationOf = (patronId: string) => `/v1/staff/patrons/${patronId}/family`;

  const base = { access: ['desk'], params } as const;

  return [
    route({
      ...base,
      method: 'get',
      path: '/v1/staff/patrons/:id/family',
      summary: 'A card’s family: of a sub card its main card, of a main card its sub cards',
      problems: ['patron-unknown'],
      responses: { 200: { description: 'The family.', body: staffFamily } },
    }).handle(({ caller, params: { id: patronId }, now }) => shown(caller, patronId, now)),
    route({
      ...base,
      method: 'post',
      path: '/v1/staff/patrons/:id/main-card',
      summary: 'Link a card to a main card as its sub card',
      description:
        'Its “paid until” becomes the main card’s, unless it is paid further ahead, and a usage fee still open on it is dropped (F5). Everything else stays its own.',
      idempotent: true,
      body: z.strictObject({ card: card.describe('The number of the main card.'), note }),
      problems: [
        'patron-unknown',
        'patron-closed',
        'family-not-offered',
        'family-full',
        'main-card-unknown',
        'main-card-closed',
        'main-card-is-sub',
        'main-card-own',
        'already-sub-card',
        'sub-card-has-subs',
        'engine-unavailable',
      ],
      responses: changed,
    }).handle(async ({ caller, params: { id: subId }, body, key, now }) => {
      const { library, actor } = caller;
      await find(caller, subId, now);
      const mainId = await mainByCard(caller, body.card);
      const remarkId = await keepIfAny(deps.orm, caller, { subject: key.id, text: body.note, now });
      const given = { subId, mainId, actor, ...remarkId };
      const linked = deps.commands.run('linkCard', given, key.id, { library, patronId: subId });
      return answer(linked, locationOf(subId), () => shown(caller, subId, now));
    }),
    route({
      ...base,
      method: 'delete',
      path: '/v1/staff/patrons/:id/main-card',
      summary: 'Unlink a sub card from its main card',
      description: 'It keeps its “paid until” to its end and then pays its own fee (F8).',
      body: z.strictObject({ note }).optional(),
      problems: ['patron-unknown', 'not-a-sub-card', 'engine-unavailable'],
      responses: changed,
    }).handle(async ({ caller, params: { id: subId }, body, now }) => {
      const { library, actor } = caller;
      const { linkedAt } = await find(caller, subId, now);
      if (linkedAt === null) throw problem('not-a-sub-card');
      const key = `${subId}:${linkedAt}`;
      const remarkId = await keepIfAny(deps.orm, caller, { subject: `unlink:${key}`, text: body?.note, now });
      const given = { subId, actor, ...remarkId };
      const unlinked = deps.commands.run('unlinkCard', given, key, { library, patronId: subId });
      return answer(unlinked, locationOf(subId), () => shown(caller, subId, now));
    }),
    route({
      ...base,
      method: 'post',
      path: '/v1/staff/patrons/:id/sub-cards/handover',
      summary: 'Hand all sub cards to another main card, or make each a single card',
      description:
        'For a main card whose holder has died, moved away or gives it up; all at once or none. One of the sub cards can become the main card of the others.',
      idempotent: true,
      body: z.strictObject({
        card: card.nullable().describe('The number of the new main card; null: each becomes a single card.'),
        note,
      }),
      problems: [
        'patron-unknown',
        'no-sub-cards',
        'family-not-offered',
        'family-full',
        'main-card-unknown',
        'main-card-closed',
        'main-card-is-sub',
        'main-card-own',
        'engine-unavailable',
      ],
      responses: changed,
    }).handle(async ({ caller, params: { id: mainId }, body, key, now }) => {
      const { library, actor } = caller;
      await find(caller, mainId, now);
      const heirId = body.card === null ? null : await mainByCard(caller, body.card);
      const remarkId = await keepIfAny(deps.orm, caller, { subject: key.id, text: body.note, now });
      const given = { mainId, heirId, actor, ...remarkId };
      const handed = deps.commands.run('handOverSubs', given, key.id, { library, patronId: mainId });
      return answer(handed, locationOf(mainId), () => shown(caller, mainId, now));
    }),
    route({
      ...base,
      method: 'post',
      path: '/v1/staff/patrons/:id/family-consent',
      summary: 'Agree for a child that the main card’s holder sees and manages its holds and loans',
      description: 'Possible below the age the policy names; it ends by itself when the child reaches it.',
      idempotent: true,
      body: z.strictObject({ note }),
      problems: [
        'patron-unknown',
        'not-a-sub-card',
        'consent-exists',
        'consent-by-holder-only',
        'birth-date-unknown',
        'engine-unavailable',
      ],
      responses: changed,
    }).handle(async ({ caller, params: { id: subId }, body, key, now }) => {
      const { library, actor } = caller;
      await find(caller, subId, now);
      const remarkId = await keepIfAny(deps.orm, caller, { subject: key.id, text: body.note, now });
      const wish = { subId, consentId: key.id, basis: 'staff', actor, ...remarkId } as const;
      const given = deps.commands.run('giveConsent', wish, key.id, { library, patronId: subId });
      return answer(given, locationOf(subId), () => shown(caller, subId, now));
    }),
    route({
      ...base,
      method: 'delete',
      path: '/v1/staff/patrons/:id/family-consent',
      summary: 'End what the main card’s holder may do with a sub card’s holds and loans',
      body: z.strictObject({ note }).optional(),
      problems: ['patron-unknown', 'consent-unknown', 'engine-unavailable'],
      responses: changed,
    }).handle(async ({ caller, params: { id: subId }, body, now }) => {
      const { library, actor } = caller;
      const { consent } = await find(caller, subId, now);
      if (!consent) throw problem('consent-unknown');
      const key = `${subId}:${consent.grantedAt}`;
      const remarkId = await keepIfAny(deps.orm, caller, {
        subject: `consent:${key}`,
        text: body?.note,
        now,
      });
      const given = { subId, actor, ...remarkId };
      const ended = deps.commands.run('endConsent', given, key, { library, patronId: subId });
      return answer(ended, locationOf(subId), () => shown(caller, subId, now));
    }),
  ];
}
