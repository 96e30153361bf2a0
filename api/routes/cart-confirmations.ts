import { z } from 'zod';
import { holdsById } from '../../db/queries/holds.ts';
import { type CartLine, removeFromCart, rememberConfirmation } from '../cart-document.ts';
import { holdBody } from '../bodies/hold.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { inOrder, lineKey, outcomeOf } from '../lines.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { confirmedLine } from '../schemas/cart.ts';
import { contact, pickupPlace } from '../schemas/holds.ts';
import { createWords } from '../words.ts';

const confirmation = z.strictObject({ pickupPlace, contact });

interface Wish extends z.output<typeof confirmation> {
  readonly holdId: string;
  /** When the cart was confirmed. */
  readonly at: Date;
}

/** Placing everything in the cart at once (H3). */
export function cartConfirmationRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  /** Placed under the line's own id, so that the same confirmation places it once; then it leaves the cart. */
  const place = async ({ id: patronId, library, actor }: PatronCaller, line: CartLine, wish: Wish) => {
    const { titleId, itemId } = line;
    const { at, ...given } = { ...wish, titleId, library, patronId, actor, channel: 'web' as const };
    const known = await deps.commands.placeHold({ ...given, ...(itemId && { itemId }) });
    if (known.outcome === 'done') await removeFromCart(deps.orm, patronId, titleId, at);
    return known;
  };

  return [
    route({
      method: 'post',
      path: '/v1/me/cart/confirmations',
      summary: 'Place holds on everything in the cart',
      description:
        'In the order of the cart; each line succeeds or fails on its own, and what was placed leaves the cart. The same request again places nothing twice and answers about the same lines.',
      access: 'patron',
      idempotent: true,
      body: confirmation,
      problems: ['engine-unavailable'],
      responses: {
        200: {
          description: 'What became of each line.',
          body: z.strictObject({ lines: z.array(confirmedLine) }),
        },
      },
    }).handle(async ({ caller, body, key, language, now }) => {
      const words = wordsFor(caller.library, language);
      const { lines, at } = await rememberConfirmation(deps.orm, {
        id: key.id,
        patronId: caller.id,
        at: new Date(now),
      });
      const holdIdOf = ({ titleId }: CartLine) => lineKey(key.id, titleId);
      const outcomes = await inOrder(lines, (line) =>
        place(caller, line, { ...body, holdId: holdIdOf(line), at }),
      );
      const holds = await holdsById(deps.orm, caller.id, lines.map(holdIdOf));
      const told = outcomes.map(({ line, known }) => {
        const holdId = holdIdOf(line);
        const row = holds.get(holdId);
        const { titleId } = line;
        return { titleId, holdId, ...outcomeOf(known, words), hold: row ? holdBody(row, words) : null };
      });
      return { status: 200, body: { lines: told } };
    }),
  ];
}
