import { z } from 'zod';
import { familyActs, familyOf, mayManage } from '../../db/queries/families.ts';
import { answer } from '../answer.ts';
import { familyActBody, familyBody } from '../bodies/family.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { cut, page, pageHeaders, pageOf, pageQuery, readCursor } from '../pages.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { family, familyAct } from '../schemas/family.ts';
import { id } from '../schemas/values.ts';
import { createWords } from '../words.ts';

const path = '/v1/me/family';

/** A reader's family: who belongs to it, and who may manage whose holds and loans (F1, F9). */
export function familyRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const dayOf = (library: string, now: number) => wordsFor(library, 'en').day(now);

  const show = async ({ id: patronId, library }: PatronCaller, now: number) => {
    const found = await familyOf(deps.orm, library, patronId, dayOf(library, now));
    if (!found) throw problem('patron-unknown');
    return found;
  };

  const shown = async (caller: PatronCaller, now: number) => ({
    status: 200 as const,
    body: familyBody(await show(caller, now)),
  });

  const end = (caller: PatronCaller, subId: string, consentedAt: number, now: number) => {
    const { actor, library } = caller;
    const key = `${subId}:${consentedAt}`;
    const ended = deps.commands.run('endConsent', { subId, actor }, key, { library, patronId: subId });
    return answer(ended, path, () => shown(caller, now));
  };

  return [
    route({
      method: 'get',
      path,
      summary: 'The reader’s family cards',
      description: 'Of a sub card its main card; of a main card its sub cards, with what may be managed.',
      access: 'patron',
      responses: { 200: { description: 'The family.', body: family } },
    }).handle(({ caller, now }) => shown(caller, now)),
    route({
      method: 'post',
      path: '/v1/me/family/consent',
      summary: 'Let the main card’s holder see and manage the reader’s holds and loans',
      description: 'Asked for on a sub card. Both readers are told, and either can end it at once.',
      access: 'patron',
      idempotent: true,
      problems: ['not-a-sub-card', 'consent-exists', 'engine-unavailable'],
      responses: { 200: { description: 'Agreed.', body: family }, 202: acceptedResponse },
    }).handle(async ({ caller, key, now }) => {
      const { id: patronId, library, actor } = caller;
      const wish = { subId: patronId, consentId: key.id, basis: 'holder', actor } as const;
      const given = deps.commands.run('giveConsent', wish, key.id, { library, patronId });
      return answer(given, path, () => shown(caller, now));
    }),
    route({
      method: 'delete',
      path: '/v1/me/family/consent',
      summary: 'End it: the main card’s holder may no longer see or manage the reader’s holds and loans',
      access: 'patron',
      problems: ['consent-unknown', 'engine-unavailable'],
      responses: { 200: { description: 'Ended.', body: family }, 202: acceptedResponse },
    }).handle(async ({ caller, now }) => {
      const { consent } = await show(caller, now);
      if (!consent) throw problem('consent-unknown');
      return end(caller, caller.id, consent.grantedAt, now);
    }),
    route({
      method: 'delete',
      path: '/v1/me/family/:id/consent',
      summary: 'Give it up: the reader no longer sees or manages the sub card’s holds and loans',
      access: 'patron',
      params: z.strictObject({ id }),
      problems: ['consent-unknown', 'engine-unavailable'],
      responses: { 200: { description: 'Ended.', body: family }, 202: acceptedResponse },
    }).handle(async ({ caller, params, now }) => {
      const { subs } = await show(caller, now);
      const consent = subs.find(({ patronId }) => patronId === params.id)?.consent;
      if (!consent) throw problem('consent-unknown');
      return end(caller, params.id, consent.grantedAt, now);
    }),
    route({
      method: 'get',
      path: '/v1/me/family/acts',
      summary: 'What was done with one card of the family by the holder of another, the latest first',
      description: 'Both readers see it, and what was linked, unlinked and agreed to.',
      access: 'patron',
      query: pageQuery,
      responses: { 200: { description: 'A page.', body: pageOf(familyAct), headers: pageHeaders } },
    }).handle(async ({ caller, query, language }) => {
      const { limit, cursor } = query;
      const words = wordsFor(caller.library, language);
      const found = await familyActs(deps.orm, caller.id, readCursor(cursor), limit);
      const { rows, next } = cut(
        found.map((row) => ({ row, at: new Date(row.at), id: row.id })),
        limit,
      );
      const items = rows.map(({ row }) => familyActBody(row, words, caller.id));
      return page({ path: '/v1/me/family/acts', query }, items, next);
    }),
  ];
}

/** Finds the sub card whose holds and loans the reader may manage. Throws 404 for any other card, theirs or not, there or not. */
export function createManaged(deps: Pick<ApiDeps, 'orm' | 'texts' | 'policies'>) {
  const wordsFor = createWords(deps);
  return async ({ id: mainId, library, actor }: PatronCaller, subId: string, now: number) => {
    const today = wordsFor(library, 'en').day(now);
    if (!(await mayManage(deps.orm, mainId, subId, today))) throw problem('consent-unknown');
    return { patronId: subId, library, actor };
  };
}
