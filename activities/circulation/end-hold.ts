import { type Hold, Patron } from '../../db/entities/index.ts';
import { lockItem } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { notCollected } from '../ill/desk.ts';
import { queueNotice, withdrawNotices } from '../notices/queue-notice.ts';
import { passOn } from './queue.ts';
import { holdSubject, record } from '../record.ts';
import { resolveTask } from '../tasks.ts';

export interface HoldEnd {
  readonly state: 'lapsed' | 'cancelled';
  /** A code with a text in every language. */
  readonly reason: string;
  readonly actor: Actor;
  readonly at: Date;
  /** What staff wrote about it; the reader is told. */
  readonly remarkId?: string;
}

/**
 * Ends an open hold without a loan, tells the reader, and hands the item it had to the next in the queue, all in the caller's transaction; title and item are
 * locked. Answers the workflows to wake after the commit.
 */
export async function endHold(deps: ActivityDeps, tx: Tx, hold: Hold, end: HoldEnd): Promise<string[]> {
  const policy = deps.policies.get(hold.library);
  const before = { state: hold.state, itemId: hold.itemId, keepUntil: hold.keepUntil };
  await close(tx, hold, end.state, end.reason, end.at);
  const patron = await tx.findOneOrFail(Patron, { id: hold.patronId });
  await queueNotice(tx, policy, patron, holdSubject(hold), {
    kind: end.state,
    cause: end.state,
    at: end.at,
    content: {
      reason: end.reason,
      keepUntil: before.keepUntil?.getTime() ?? null,
      ...(end.remarkId && { remarkId: end.remarkId }),
    },
  });
  record(tx, holdSubject(hold), {
    kind: `hold-${end.state}`,
    actor: end.actor,
    at: end.at,
    detail: { before, reason: end.reason, ...(end.remarkId && { remarkId: end.remarkId }) },
  });
  if (!before.itemId || before.state === 'waiting') return [];
  const item = await lockItem(tx, before.itemId);
  if (!item || item.holdId !== hold.id) return [];
  const served = await passOn(tx, { item, policy, at: end.at, actor: end.actor });
  return [...served.wake, ...(await notCollected(tx, policy, item, end))];
}

/** Marks the hold ended and takes back what was under way for it. */
export async function close(
  tx: Tx,
  hold: Hold,
  state: 'collected' | HoldEnd['state'],
  reason: string,
  at: Date,
): Promise<void> {
  hold.state = state;
  hold.endedAt = at;
  hold.endReason = reason;
  await withdrawNotices(tx, hold.id, at, ['placed', 'secured', 'passed-over']);
  await resolveTask(tx, 'phone-reader', hold.id, { at, by: 'system', outcome: 'dropped' });
}
