import { inTransaction } from '../../db/transaction.ts';
import type { ActivityDeps } from '../deps.ts';
import { heed } from './heed.ts';
import { type Held, holdRequest } from './held.ts';
import { concluded, tellOthers } from './conclude.ts';
import type { LookAtRequest, RequestStanding } from './steps.ts';
import { passTime } from './time.ts';

/** Heeds what suppliers have said since, does what has become due, and tells where the request stands: one transaction. */
export async function lookAtRequest(
  deps: ActivityDeps,
  { requestId, now }: LookAtRequest,
): Promise<RequestStanding> {
  const { standing, held } = await inTransaction(deps.orm, async (tx) => {
    const locked = await holdRequest(deps, tx, requestId, { at: new Date(now), actor: 'system' });
    return { held: locked, standing: await look(locked) };
  });
  await tellOthers(deps, held);
  return standing;
}

/** The same in a transaction that has begun. */
export async function look(held: Held): Promise<RequestStanding> {
  await heed(held);
  await passTime(held);
  return concluded(held);
}
