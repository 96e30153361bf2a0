import { IllRequest } from '../../db/entities/index.ts';
import { reader, type Step } from '../../db/transaction.ts';
import { isRefused, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { actOnRequest } from './acts.ts';
import type { SettleLost } from './delivery-steps.ts';
import type { SettleLate } from './steps.ts';

type Wish<A> = A extends unknown ? Omit<A, 'requestId' | 'actor' | 'remarkId' | keyof Step> : never;

/** What staff settle of a request that may have ended long ago. */
export type EndedWish = Wish<SettleLate | SettleLost>;

export interface SettleRequest extends Step {
  readonly requestId: string;
  readonly wish: EndedWish;
  readonly actor: Actor;
  readonly remarkId?: string;
}

export interface RequestSettled {
  readonly requestId: string;
}

/** Decisions about requests whose process may be over: commands of their own. Its process is roused for what the decision tells the reader. */
export function createRequestCommands(deps: ActivityDeps) {
  return { settleRequest: (step: SettleRequest) => settleRequest(deps, step) };
}

async function settleRequest(
  deps: ActivityDeps,
  { wish, ...step }: SettleRequest,
): Promise<Refused | RequestSettled> {
  const outcome = await actOnRequest(deps, { ...step, ...wish });
  if (isRefused(outcome)) return outcome;
  const { id, library, patronId } = await reader(deps.orm).findOneOrFail(IllRequest, { id: step.requestId });
  await deps.engine.rouse([{ process: 'ill', id, library, patronId: patronId ?? null }]);
  return { requestId: id };
}
