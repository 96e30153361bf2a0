import type { z } from 'zod';
import { endedHolds, holdsById, openHolds } from '../db/queries/holds.ts';
import type { HoldState } from '../domain/hold-states.ts';
import type { Actor } from '../domain/roles.ts';
import { answer } from './answer.ts';
import { holdBody } from './bodies/hold.ts';
import type { PatronCaller } from './caller.ts';
import type { Commands } from './commands-port.ts';
import type { ApiDeps } from './deps.ts';
import { inOrder, lineKey, outcomeOf, unknown } from './lines.ts';
import { cut, page, readCursor } from './pages.ts';
import type { Key } from './route.ts';
import type { holdChange, holdListQuery, newHold } from './schemas/holds.ts';
import type { Words } from './words.ts';

/** Whose holds and loans they are, and who acts: the reader, or the holder of the main card that may manage them (F1). */
export interface Account {
  readonly patronId: string;
  readonly library: string;
  readonly actor: Actor;
}

/** A reader's own account. */
export function accountOf({ id, library, actor }: PatronCaller): Account {
  return { patronId: id, library, actor };
}

/** Which states a list shows. */
const lists = {
  open: ['waiting', 'in-transit', 'secured'],
  waiting: ['waiting', 'in-transit'],
  secured: ['secured'],
} as const satisfies Record<string, readonly HoldState[]>;

interface Listing {
  readonly path: string;
  readonly query: z.output<typeof holdListQuery>;
}

interface Placing {
  readonly body: z.output<typeof newHold>;
  readonly key: Key;
  /** Where the hold will be seen. */
  readonly location: string;
}

interface Several {
  readonly ids: readonly string[];
  readonly requestKey: string;
}

type Act = (holdId: string, key: string) => ReturnType<Commands['changeHold']>;

/** What can be done with the holds of an account, whoever asks for it. */
export function createReadersHolds(deps: Pick<ApiDeps, 'orm' | 'commands'>) {
  const show = async ({ patronId }: Account, words: Words, holdId: string) => {
    const row = (await holdsById(deps.orm, patronId, [holdId])).get(holdId);
    return row && holdBody(row, words);
  };

  const toEach = async ({ patronId }: Account, words: Words, { ids, requestKey }: Several, act: Act) => {
    const own = await holdsById(deps.orm, patronId, ids);
    const outcomes = await inOrder(ids, (id) =>
      own.has(id) ? act(id, lineKey(requestKey, id)) : unknown('hold-unknown'),
    );
    const now = await holdsById(deps.orm, patronId, ids);
    const lineOf = ({ line: holdId, known }: (typeof outcomes)[number]) => {
      const row = now.get(holdId);
      return { holdId, ...outcomeOf(known, words), hold: row ? holdBody(row, words) : null };
    };
    return { status: 200, body: { lines: outcomes.map(lineOf) } } as const;
  };

  return {
    show,

    async place(account: Account, words: Words, { body, key, location }: Placing) {
      const placed = async () => {
        const found = await show(account, words, key.id);
        return found && ({ status: 201, headers: { Location: location }, body: found } as const);
      };
      const before = key.repeated ? await placed() : undefined;
      if (before) return before;
      const { itemId, ...wish } = body;
      const given = { ...wish, ...(itemId && { itemId }), ...account, holdId: key.id };
      return answer(deps.commands.placeHold({ ...given, channel: 'web' }), location, async () => {
        const reply = await placed();
        if (!reply) throw new Error(`Hold ${key.id} was placed and is not there.`);
        return reply;
      });
    },

    async list({ patronId }: Account, words: Words, list: Listing) {
      const { state, limit, cursor } = list.query;
      if (state !== 'ended') {
        const shown: readonly HoldState[] = lists[state];
        const rows = await openHolds(deps.orm, patronId);
        const items = rows.filter((row) => shown.includes(row.state)).map((row) => holdBody(row, words));
        return page(list, items, null);
      }
      const found = await endedHolds(deps.orm, { patronId, limit, before: readCursor(cursor) });
      const positioned = found.map((row) => ({ row, at: new Date(row.endedAt ?? 0), id: row.id }));
      const { rows, next } = cut(positioned, limit);
      return page(
        list,
        rows.map(({ row }) => holdBody(row, words)),
        next,
      );
    },

    change(account: Account, words: Words, body: z.output<typeof holdChange>, requestKey: string) {
      const { holds: ids, pickupPlace, contact } = body;
      const wish = {
        actor: account.actor,
        ...(pickupPlace && { pickupPlace }),
        ...(contact && { contact }),
      };
      return toEach(account, words, { ids, requestKey }, (id, key) =>
        deps.commands.changeHold(id, wish, key),
      );
    },

    cancel(account: Account, words: Words, ids: readonly string[], requestKey: string) {
      const { actor, patronId } = account;
      const wish = { actor, reason: actor === `patron:${patronId}` ? 'by-reader' : 'by-main-card' };
      return toEach(account, words, { ids, requestKey }, (id, key) =>
        deps.commands.cancelHold(id, wish, key),
      );
    },
  };
}
