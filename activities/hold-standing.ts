import type { Hold } from '../db/entities/index.ts';
import type { Tx } from '../db/transaction.ts';
import { isOpenHold } from '../domain/hold-states.ts';
import type { Standing } from '../domain/standing.ts';
import { queuedNotices } from './queue-notice.ts';

/** What a hold's workflow has to do next, from its row and its queued notices. Flushes what the transaction has changed so far. */
export async function holdStanding(tx: Tx, hold: Hold): Promise<Standing> {
  await tx.flush();
  const until = hold.state === 'secured' ? hold.keepUntil?.getTime() : undefined;
  return {
    state: hold.state,
    deliver: await queuedNotices(tx, hold.id),
    ended: !isOpenHold(hold.state),
    ...(until !== undefined && { wakeAt: until, deadline: until }),
  };
}
