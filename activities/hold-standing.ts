import type { Hold } from '../db/entities/index.ts';
import type { Tx } from '../db/transaction.ts';
import { isOpenHold } from '../domain/hold-states.ts';
import type { Standing } from '../domain/standing.ts';
import type { ActivityDeps } from './deps.ts';
import { openNotices } from './open-notices.ts';

/**
 * What a hold's workflow has to do next, from its row and its queued notices. Flushes what the transaction has changed so far.
 *
 * @param now epoch milliseconds
 */
export async function holdStanding(deps: ActivityDeps, tx: Tx, hold: Hold, now: number): Promise<Standing> {
  await tx.flush();
  const until = hold.state === 'secured' ? hold.keepUntil?.getTime() : undefined;
  return {
    state: hold.state,
    deliver: await openNotices(deps, tx, hold.id, new Date(now)),
    ended: !isOpenHold(hold.state),
    ...(until !== undefined && { wakeAt: until, deadline: until }),
  };
}
