import { z } from 'zod';
import { holdsById } from '../../db/queries/holds.ts';
import { holdBody } from '../bodies/hold.ts';
import type { PatronCaller } from '../caller.ts';
import type { Commands } from '../commands-port.ts';
import type { ApiDeps } from '../deps.ts';
import { inOrder, lineKey, outcomeOf, unknown } from '../lines.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { contact, holdLine, pickupPlace, severalIds } from '../schemas/holds.ts';
import { createWords, type Words } from '../words.ts';

const change = z
  .strictObject({ holds: severalIds, pickupPlace: pickupPlace.optional(), contact: contact.optional() })
  .refine((given) => given.pickupPlace !== undefined || given.contact !== undefined, {
    path: ['pickupPlace'],
  });

const lines = {
  200: {
    description: 'What became of each hold, in the order they were named.',
    body: z.strictObject({ lines: z.array(holdLine) }),
  },
};

interface Several {
  readonly caller: PatronCaller;
  readonly ids: readonly string[];
  readonly requestKey: string;
  readonly words: Words;
}

type Act = (holdId: string, key: string) => ReturnType<Commands['changeHold']>;

/** Changing and cancelling while a hold waits, several at a time (H7); each line succeeds or fails on its own. */
export function holdChangeRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const toEach = async ({ caller, ids, requestKey, words }: Several, act: Act) => {
    const own = await holdsById(deps.orm, caller.id, ids);
    const outcomes = await inOrder(ids, (id) =>
      own.has(id) ? act(id, lineKey(requestKey, id)) : unknown('hold-unknown'),
    );
    const now = await holdsById(deps.orm, caller.id, ids);
    const lineOf = ({ line: holdId, known }: (typeof outcomes)[number]) => {
      const row = now.get(holdId);
      return { holdId, ...outcomeOf(known, words), hold: row ? holdBody(row, words) : null };
    };
    return { status: 200, body: { lines: outcomes.map(lineOf) } } as const;
  };

  return [
    route({
      method: 'post',
      path: '/v1/holds/changes',
      summary: 'Change the pickup place or the contact method of several holds',
      description:
        'A hold on its way can change its contact method only; one that is ready to collect can no longer be changed by the reader.',
      access: 'patron',
      idempotent: true,
      body: change,
      problems: ['engine-unavailable'],
      responses: lines,
    }).handle(({ caller, body, key, language }) => {
      const { holds: ids, pickupPlace: place, contact: way } = body;
      const wish = {
        actor: caller.actor,
        ...(place && { pickupPlace: place }),
        ...(way && { contact: way }),
      };
      const several = { caller, ids, requestKey: key.id, words: wordsFor(caller.library, language) };
      return toEach(several, (id, line) => deps.commands.changeHold(id, wish, line));
    }),
    route({
      method: 'post',
      path: '/v1/holds/cancellations',
      summary: 'Cancel several holds',
      description: 'One that is ready to collect can no longer be cancelled by the reader.',
      access: 'patron',
      idempotent: true,
      body: z.strictObject({ holds: severalIds }),
      problems: ['engine-unavailable'],
      responses: lines,
    }).handle(({ caller, body, key, language }) => {
      const several = {
        caller,
        ids: body.holds,
        requestKey: key.id,
        words: wordsFor(caller.library, language),
      };
      const wish = { actor: caller.actor, reason: 'by-reader' };
      return toEach(several, (id, line) => deps.commands.cancelHold(id, wish, line));
    }),
  ];
}
