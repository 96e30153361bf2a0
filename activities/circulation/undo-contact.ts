import { Hold, type Notice } from '../../db/entities/index.ts';
import { lockTitle } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { ActivityDeps } from '../deps.ts';
import { holdSubject, record } from '../record.ts';
import { askForCall } from './secure.ts';

/**
 * A mail that a copy is ready came back: it was no contact, so the pickup period it began is taken back and the desk phones (H6, A11). The reader loses no day by it:
 * the whole week begins with the call. Where the reader was reached in another way since, or the hold has ended, nothing changes. The reader is locked. Answers the
 * workflows to wake.
 */
export async function undoContact(deps: ActivityDeps, tx: Tx, notice: Notice, at: Date): Promise<string[]> {
  if (notice.subjectType !== 'hold' || notice.kind !== 'secured' || !notice.settledAt) return [];
  const seen = await tx.findOneOrFail(Hold, { id: notice.subjectId });
  await lockTitle(tx, seen.titleId);
  const hold = await tx.refreshOrFail(seen);
  const wasContact =
    hold.state === 'secured' &&
    hold.contact !== 'none' &&
    hold.contactedAt?.getTime() === notice.settledAt.getTime();
  if (!wasContact) return [];
  record(tx, holdSubject(hold), {
    kind: 'contact-undone',
    actor: 'system',
    at,
    detail: { noticeId: notice.id, contactedAt: hold.contactedAt, keepUntil: hold.keepUntil },
  });
  hold.contactedAt = null;
  hold.keepUntil = null;
  await tx.flush();
  await askForCall(tx, deps.policies.get(hold.library), hold, at);
  return [`hold:${hold.id}`];
}
