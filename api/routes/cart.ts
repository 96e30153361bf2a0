import { z } from 'zod';
import { type CartRow, cartOf, factsInLibrary } from '../../db/queries/cart.ts';
import { isHoldable } from '../../domain/holdable.ts';
import { addToCart, cartLimit, removeFromCart } from '../cart-document.ts';
import { itemOf, titleOf } from '../bodies/hold.ts';
import type { ApiDeps } from '../deps.ts';
import { problem, refusal } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { cartLine } from '../schemas/cart.ts';
import { id, iso } from '../schemas/values.ts';
import { createWords, type Words } from '../words.ts';

const params = z.strictObject({ titleId: id });

function lineBody(row: CartRow, words: Words): z.input<typeof cartLine> {
  const reasons = isHoldable(row.facts, words.policy, row.itemId);
  return {
    title: titleOf(row),
    item: itemOf(row),
    addedAt: iso(row.addedAt),
    holdable: reasons.length === 0,
    notHoldable: words.reasons(reasons),
  };
}

/** The cart: titles collected for one confirmation (H3). It promises nothing; what is decided is decided when the holds are placed. */
export function cartRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  return [
    route({
      method: 'get',
      path: '/v1/me/cart',
      summary: 'The reader’s cart',
      access: 'patron',
      responses: { 200: { description: 'The cart.', body: z.strictObject({ items: z.array(cartLine) }) } },
    }).handle(async ({ caller, language }) => {
      const words = wordsFor(caller.library, language);
      const rows = await cartOf(deps.orm, caller.id);
      return { status: 200, body: { items: rows.map((row) => lineBody(row, words)) } };
    }),
    route({
      method: 'put',
      path: '/v1/me/cart/:titleId',
      summary: 'Put a title into the cart',
      description: `Only what can be held goes into it; it takes ${cartLimit} titles.`,
      access: 'patron',
      params,
      body: z.strictObject({ itemId: id.optional().describe('The issue of a magazine that is wanted.') }),
      problems: [
        'title-unknown',
        'item-unknown',
        'on-shelf',
        'title-without-items',
        'not-latest-issue',
        'not-for-loan',
        'item-lost',
        'item-missing',
        'item-withdrawn',
        'cart-full',
      ],
      responses: { 204: { description: 'It is in the cart.' } },
    }).handle(async ({ caller, params: { titleId }, body, now }) => {
      const itemId = body.itemId ?? null;
      const facts = await factsInLibrary(deps.orm, caller.library, titleId);
      if (!facts) throw problem('title-unknown');
      const reasons = isHoldable(facts, deps.policies.get(caller.library), itemId);
      if (reasons.length > 0) throw refusal(reasons);
      const added = await addToCart(deps.orm, caller.id, { titleId, itemId }, new Date(now));
      if (!added) throw problem('cart-full', { limit: cartLimit });
      return { status: 204 };
    }),
    route({
      method: 'delete',
      path: '/v1/me/cart/:titleId',
      summary: 'Take a title out of the cart',
      access: 'patron',
      params,
      responses: { 204: { description: 'Taken out.' } },
    }).handle(async ({ caller, params: { titleId }, now }) => {
      const removed = await removeFromCart(deps.orm, caller.id, titleId, new Date(now));
      if (!removed) throw problem('not-found');
      return { status: 204 };
    }),
  ];
}
