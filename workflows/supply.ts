import { defineUpdate, setHandler, workflowInfo } from '@temporalio/workflow';
import type { ActOnSupply } from '../activities/supply/steps.ts';
import type { Refused } from '../domain/refusal.ts';
import type { Standing } from '../domain/standing.ts';
import { type ProcessResult, wake } from './hold.ts';
import { made, type Made } from './made.ts';
import { Bell, carry } from './process.ts';
import { database } from './proxies.ts';
import { requireTexts } from './validate.ts';

export const supplyWorkflowId = (supplyId: string): string => `supply:${supplyId}`;

export interface SupplyInput {
  readonly supplyId: string;
  readonly library: string;
}

export type SupplyAnswer = Refused | { readonly standing: Standing };

type Wish<A> = A extends unknown ? Omit<A, 'supplyId' | keyof Made> : never;
export type SupplyWish = Wish<ActOnSupply>;

/** What staff do with another library's request; `act` says what. */
export const actOnSupply = defineUpdate<SupplyAnswer, [SupplyWish]>('actOnSupply');

/**
 * Another library's request, from the message that brought it to its end (I8): it waits for staff, for the requester's messages, and for the day that what was lent is due. Begun by the
 * first message, which is stored by then.
 */
export async function supply({ supplyId, library }: SupplyInput): Promise<ProcessResult> {
  const bell = new Bell();
  const begun = workflowInfo().historyLength;
  // What rouses it comes with its start: its first look sees that already.
  setHandler(wake, (standing) => {
    if (workflowInfo().historyLength > begun) bell.ring(standing);
  });
  setHandler(
    actOnSupply,
    async (wish) => {
      const outcome = await database.actOnSupply({ ...wish, supplyId, ...made() });
      if ('standing' in outcome) bell.ring(outcome.standing);
      return outcome;
    },
    { validator: (wish) => requireTexts(wish, 'act', 'actor') },
  );
  const look = (now: number) => database.lookAtSupply({ supplyId, library, now });
  const end = await carry(bell, await look(Date.now()), look, { rousable: true });
  return { state: end.state };
}
