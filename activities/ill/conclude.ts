import { isIllEnded } from '../../domain/ill.ts';
import type { ActivityDeps, Roused } from '../deps.ts';
import { askedAgainAt } from './again.ts';
import { isDelivering } from './delivery.ts';
import { type Held, openAttemptOf } from './held.ts';
import { requestStanding } from './standing.ts';
import type { RequestStanding } from './steps.ts';

/** Ends a step: notes when to look again, lets a centre's outside request hear of it, and answers where the request stands. */
export async function concluded(held: Held): Promise<RequestStanding> {
  const { deps, tx, request, at } = held;
  const { onBehalfOf, library } = request;
  if (isIllEnded(request.state)) request.lookAt = null;
  else if (!isDelivering(request)) request.lookAt = await nextLook(held);
  if (onBehalfOf) held.rouse.push({ process: 'supply', id: onBehalfOf, library });
  await tx.flush();
  return requestStanding(deps, tx, request, at.getTime());
}

/** The first moment at which something becomes due of a request that has not been shipped; null: nothing does. */
async function nextLook(held: Held): Promise<Date | null> {
  const { request, at } = held;
  const attempt = await openAttemptOf(held);
  const again = request.state === 'choosing' ? await askedAgainAt(held) : undefined;
  const moments = [request.lateAt, request.neededBy, request.askUntil, attempt?.answerBy]
    .map((each) => each?.getTime())
    .concat(again)
    .filter((each) => each !== undefined && each > at.getTime()) as number[];
  return moments.length > 0 ? new Date(Math.min(...moments)) : null;
}

/** After the commit: lines have something to send, other processes something to look at. */
export async function tellOthers(
  { engine }: ActivityDeps,
  { rouse, wake }: { readonly rouse: readonly Roused[]; readonly wake: readonly string[] },
): Promise<void> {
  if (rouse.length > 0) await engine.rouse(rouse);
  if (wake.length > 0) await engine.wake(wake);
}
