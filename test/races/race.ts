import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import type { PlaceHold } from '../../activities/circulation/holds.ts';
import type { ActivityBench } from '../support/activities.ts';

/** How often each race is run; more for a long night: RACE_ROUNDS=1000. */
export const rounds = Number(process.env.RACE_ROUNDS ?? 30);

export const desk = 'staff:00000000-0000-7000-8000-000000000001';

/** Begins all at the same instant, in an order that changes from call to call. Answers in the order given. */
export async function together<T extends readonly (() => Promise<unknown>)[]>(
  ...steps: T
): Promise<{ -readonly [I in keyof T]: Awaited<ReturnType<T[I]>> }> {
  const order = steps.map((_, index) => index).toSorted(() => Math.random() - 0.5);
  const answers: Promise<unknown>[] = [];
  for (const index of order) {
    answers[index] = steps[index]?.() ?? Promise.reject(new Error('a step is missing'));
    // Now and then one gets ahead by a turn or two, or the first begun would nearly always win.
    if (Math.random() < 0.5) await sleep(Math.random() * 4);
  }
  return (await Promise.all(answers)) as never;
}

const leadsMs = [0, 1, -1, 2, -2, 4, -4, 8, -8, 16, -16, 32, -32, Infinity, -Infinity];

/**
 * Lets two steps meet, the first a little or much before the second or after it, another distance each round; at the far ends one is over before the other begins,
 * so that both ways of winning come to pass on any machine.
 */
export async function contest<A, B>(
  round: number,
  one: () => Promise<A>,
  other: () => Promise<B>,
): Promise<[A, B]> {
  const lead = leadsMs[round % leadsMs.length] ?? 0;
  if (lead === Infinity) return [await one(), await other()];
  if (lead === -Infinity) {
    const last = await other();
    return [await one(), last];
  }
  return Promise.all([sleep(Math.max(-lead, 0)).then(one), sleep(Math.max(lead, 0)).then(other)]);
}

/** The codes for which something was refused; none when it was not. */
export function refusals(answer: object): string[] {
  return 'refused' in answer ? (answer.refused as { code: string }[]).map(({ code }) => code) : [];
}

/** Requests as readers and desks make them, in short. Times are epoch milliseconds. */
export function createActs({ perform, build }: ActivityBench) {
  const { library } = build;
  const step = (now: number) => ({ operation: uuid(), now });
  const at = { branch: 'main', actor: desk } as const;
  return {
    place: (patronId: string, titleId: string, now: number, given: Partial<PlaceHold> = {}) =>
      perform((does) =>
        does.placeHold({
          holdId: uuid(),
          library,
          patronId,
          titleId,
          pickupPlace: 'main',
          contact: 'none',
          channel: 'web',
          actor: `patron:${patronId}`,
          now,
          ...given,
        }),
      ),
    checkOut: (patronId: string, itemId: string, now: number, loanId = uuid()) =>
      perform((does) => does.checkOut({ loanId, library, patronId, itemId, ...at, now })),
    checkIn: (itemId: string, now: number, scanId = uuid()) =>
      perform((does) => does.checkIn({ itemId, ...at, scanId, ...step(now) })),
    renew: (loanId: string, now: number, operation = uuid()) =>
      perform((does) => does.renewLoan({ loanId, actor: desk, channel: 'desk', now, operation })),
    cancel: (holdId: string, patronId: string, now: number, operation = uuid()) =>
      perform((does) =>
        does.cancelHold({ holdId, actor: `patron:${patronId}`, reason: 'by-reader', now, operation }),
      ),
    look: (holdId: string, now: number) => perform((does) => does.lookAtHold({ holdId, now })),
    lookAtLoan: (loanId: string, now: number) => perform((does) => does.lookAtLoan({ loanId, now })),
    block: (patronId: string, now: number, blockId = uuid()) =>
      perform((does) => does.blockPatron({ patronId, blockId, reason: 'manual', actor: desk, ...step(now) })),
    lift: (patronId: string, blockId: string, now: number) =>
      perform((does) => does.liftBlock({ patronId, blockId, actor: desk, ...step(now) })),
    mark: (itemId: string, state: 'lost' | 'missing' | 'withdrawn', now: number) =>
      perform((does) => does.markItem({ itemId, state, actor: desk, ...step(now) })),
    closeCard: (patronId: string, now: number) =>
      perform((does) => does.closePatron({ patronId, actor: desk, ...step(now) })),
    closeDay: (day: string, remarkId: string, now: number) =>
      perform((does) =>
        does.addClosure({
          closureId: uuid(),
          library,
          place: null,
          day,
          remarkId,
          actor: desk,
          ...step(now),
        }),
      ),
    call: (holdId: string, outcome: 'reached' | 'not-reached', now: number) =>
      perform((does) => does.recordContact({ holdId, outcome, actor: desk, ...step(now) })),
  };
}

/** A title with copies that are all on loan; answers the loans too. */
export async function lentTitle(bench: ActivityBench, now: number, copies = 1) {
  const { build } = bench;
  const acts = createActs(bench);
  const { id: titleId } = await build.title();
  const lent: { itemId: string; loanId: string }[] = [];
  for (let n = 0; n < copies; n += 1) {
    const loanId = uuid();
    const item = await build.item(titleId);
    await acts.checkOut((await build.patron()).id, item.id, now, loanId);
    lent.push({ itemId: item.id, loanId });
  }
  const [first] = lent;
  if (!first) throw new Error('A lent title needs a copy.');
  return { titleId, lent, ...first };
}
