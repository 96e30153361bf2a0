import { allHandlersFinished, condition, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { CancelHold, ChangeHold, PlaceHold, RecordContact } from '../activities/circulation/holds.ts';
import type { Refused } from '../domain/refusal.ts';
import type { Standing } from '../domain/standing.ts';
import { made, type Made } from './made.ts';
import { Bell, carry } from './process.ts';
import { database } from './proxies.ts';
import { requireTexts } from './validate.ts';

export const holdWorkflowId = (holdId: string): string => `hold:${holdId}`;

/** What a hold begins with; ids and codes only. */
export type HoldInput = Omit<PlaceHold, 'now'>;
export type HoldAnswer = Refused | { readonly standing: Standing };
type Wish<T> = Omit<T, 'holdId' | keyof Made>;

/** The answer to the request to place the hold; sent with the start. */
export const placed = defineUpdate<HoldAnswer>('placed');
export const changeHold = defineUpdate<HoldAnswer, [Wish<ChangeHold>]>('changeHold');
export const cancelHold = defineUpdate<HoldAnswer, [Wish<CancelHold>]>('cancelHold');
export const recordContact = defineUpdate<HoldAnswer, [Wish<RecordContact>]>('recordContact');
/** Something that concerns the process was committed elsewhere: this is where it stands now; without it, look again. */
export const wake = defineSignal<[Standing?]>('wake');

/** How a process ended; of one that was refused at its beginning also why, should the answer itself have been lost with a killed server. */
export type ProcessResult = { readonly state: string } & Partial<Refused>;

/**
 * A hold from request to collection, lapse or cancellation (H5). It waits for an item, for the contact, and for the week to end; every decision is made
 * under row locks in an activity.
 */
export async function hold(input: HoldInput): Promise<ProcessResult> {
  const { holdId } = input;
  const bell = new Bell();
  let answer: HoldAnswer | undefined;
  const tell = (outcome: HoldAnswer): HoldAnswer => {
    if ('standing' in outcome) bell.ring(outcome.standing);
    return outcome;
  };

  setHandler(wake, (standing) => bell.ring(standing));
  setHandler(placed, async () => {
    await condition(() => answer !== undefined);
    return answer as HoldAnswer;
  });
  setHandler(changeHold, async (wish) => tell(await database.changeHold({ ...wish, holdId, ...made() })), {
    validator: (wish) => requireTexts(wish, 'actor'),
  });
  setHandler(cancelHold, async (wish) => tell(await database.cancelHold({ ...wish, holdId, ...made() })), {
    validator: (wish) => requireTexts(wish, 'actor', 'reason'),
  });
  setHandler(
    recordContact,
    async (call) => tell(await database.recordContact({ ...call, holdId, ...made() })),
    {
      validator: (call) => requireTexts(call, 'actor', 'outcome'),
    },
  );

  const first = await database.placeHold({ ...input, now: Date.now() });
  answer = first;
  if (!('standing' in first)) {
    await condition(allHandlersFinished);
    return { state: 'refused', ...first };
  }
  const end = await carry(bell, first.standing, (now) => database.lookAtHold({ holdId, now }));
  return { state: end.state };
}
