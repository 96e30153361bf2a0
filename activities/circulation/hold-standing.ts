import type { Hold } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { isOpenHold } from '../../domain/hold-states.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import { windowFrom } from '../notices/notice-content.ts';
import { openNotices } from '../notices/open-notices.ts';

/**
 * What a hold's workflow has to do next, from its row and its queued notices. Flushes what the transaction has changed so far.
 *
 * @param now epoch milliseconds
 */
export async function holdStanding(deps: ActivityDeps, tx: Tx, hold: Hold, now: number): Promise<Standing> {
  await tx.flush();
  const until = hold.state === 'secured' ? hold.keepUntil?.getTime() : undefined;
  const planned = until ?? (await plannedEnd(deps, tx, hold, now));
  return {
    state: hold.state,
    deliver: await openNotices(deps, tx, hold.id, new Date(now)),
    ended: !isOpenHold(hold.state),
    asOf: now,
    ...(until !== undefined && { wakeAt: until }),
    ...(planned !== undefined && { deadline: planned }),
  };
}

/** A mail that goes out today begins the window that ends then; shown at once, it need not be corrected when the mail is out. */
async function plannedEnd(deps: ActivityDeps, tx: Tx, hold: Hold, now: number): Promise<number | undefined> {
  if (hold.state !== 'secured' || hold.contact !== 'mail') return undefined;
  return windowFrom(tx, deps.policies.get(hold.library), hold, new Date(now));
}
