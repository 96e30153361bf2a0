import { allHandlersFinished, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type { ActOnRequest, BeginRequest, RequestStanding } from '../activities/ill/steps.ts';
import type { Refused } from '../domain/refusal.ts';
import type { Standing } from '../domain/standing.ts';
import { type ProcessResult, wake } from './hold.ts';
import { made, type Made } from './made.ts';
import { Bell, carry } from './process.ts';
import { database, outside } from './proxies.ts';
import { requireTexts } from './validate.ts';

export const illWorkflowId = (requestId: string): string => `ill:${requestId}`;

/** What a request begins with: ids and codes; the form is the row of the same id. */
export type IllInput = Omit<BeginRequest, 'now'>;
export type IllAnswer = Refused | { readonly standing: Standing };

type Wish<A> = A extends unknown ? Omit<A, 'requestId' | keyof Made> : never;
export type RequestWish = Wish<ActOnRequest>;

/** The answer to whoever submitted it; sent with the start. */
export const requested = defineUpdate<IllAnswer>('requested');
/** What reader or librarian do with it; `act` says what. */
export const actOnRequest = defineUpdate<IllAnswer, [RequestWish]>('actOnRequest');

/**
 * A request to other libraries, from submission to return (I1–I14). It waits for its librarian, for one supplier after the other, for the reader, and for the day it is due; suppliers'
 * messages are stored when they come, and heeded in its steps.
 */
export async function ill(input: IllInput): Promise<ProcessResult> {
  const { requestId } = input;
  const bell = new Bell();
  let answer: IllAnswer | undefined;
  // What catalogues say is asked for by the next look, so a standing that wants it is not taken as the last word.
  const tell = (standing: RequestStanding) => bell.ring(standing.lookUp ? undefined : standing);

  let fetching = false;
  /** Beside the process, so that a supplier's slow server holds up neither reader nor librarian (I14). */
  const fetch = (wanted: boolean | undefined) => {
    if (!wanted || fetching) return;
    fetching = true;
    const done = (standing?: Standing | null) => {
      fetching = false;
      bell.ring(standing ?? undefined);
    };
    outside.fetchDocument({ requestId }).then(done, () => done());
  };

  setHandler(wake, (standing) => bell.ring(standing));
  setHandler(requested, async () => {
    await condition(() => answer !== undefined);
    return answer as IllAnswer;
  });
  setHandler(
    actOnRequest,
    async (wish) => {
      const outcome = await database.actOnRequest({ ...wish, requestId, ...made() });
      if ('standing' in outcome) tell(outcome.standing);
      return outcome;
    },
    { validator: (wish) => requireTexts(wish, 'act', 'actor') },
  );

  const first = await database.beginRequest({ ...input, now: Date.now() });
  answer = first;
  if (!('standing' in first)) {
    await condition(allHandlersFinished);
    return { state: 'refused', ...first };
  }
  fetch(first.standing.fetch);
  if (first.standing.lookUp) bell.ring();
  const look = async (now: number): Promise<Standing> => {
    const standing = await database.lookAtRequest({ requestId, now });
    fetch(standing.fetch);
    if (!standing.lookUp) return standing;
    await outside.lookUpHoldings({ requestId, now });
    return database.lookAtRequest({ requestId, now: Date.now() });
  };
  const end = await carry(bell, first.standing, look, { rousable: true });
  return { state: end.state };
}
