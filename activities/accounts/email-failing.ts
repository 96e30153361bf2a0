import type { Patron } from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import type { Tx } from '../../db/transaction.ts';
import type { EmailFailure } from '../../domain/email.ts';
import { phoneTaskDueAt } from '../../domain/holds.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, toDate } from '../facts.ts';
import { openNotices } from '../notices/open-notices.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { patronSubject, record, type Subject } from '../record.ts';
import { openTask } from '../tasks.ts';

/** How it was learned that mail does not arrive. */
export interface Trouble {
  readonly noticeId: string;
  readonly reason: EmailFailure;
  readonly at: Date;
}

/**
 * Marks the address a reader has as failing (A11): the reader finds a message in the account, staff a task, and from now on nothing is mailed. What waits to be
 * mailed turns into a message, and into a call, when its delivery is tried next. The reader is locked. Nothing happens to an address that fails already.
 */
export async function markFailing(
  deps: ActivityDeps,
  tx: Tx,
  patron: Patron,
  trouble: Trouble,
): Promise<void> {
  if (patron.emailState === 'failing') return;
  patron.emailState = 'failing';
  patron.emailSince = trouble.at;
  patron.emailReason = trouble.reason;
  const { noticeId, reason, at } = trouble;
  record(tx, patronSubject(patron), {
    kind: 'email-failing',
    actor: 'system',
    at,
    detail: { noticeId, reason },
  });
  await tellAll(deps, tx, patron, trouble, false);
}

/** A confirmation mail did not arrive at the new address: reader and staff hear of it, and the address registered before stays as it is. */
export function tellUnreachable(deps: ActivityDeps, tx: Tx, patron: Patron, trouble: Trouble): Promise<void> {
  return tellAll(deps, tx, patron, trouble, true);
}

async function tellAll(
  deps: ActivityDeps,
  tx: Tx,
  patron: Patron,
  { noticeId, reason, at }: Trouble,
  pending: boolean,
): Promise<void> {
  const policy = deps.policies.get(patron.library);
  const subject = patronSubject(patron);
  await tx.flush();
  await queueNotice(tx, policy, patron, subject, {
    kind: 'email-failing',
    cause: `email-failing:${noticeId}`,
    at,
    content: { reason, pending },
  });
  await openNotices(deps, tx, patron.id, at);
  await askForAddress(tx, policy, subject, at);
}

/** A task for any desk: get a working address from whoever cannot be mailed. Due when a call would be. */
export async function askForAddress(
  tx: Tx,
  policy: LibraryPolicy,
  subject: Subject,
  at: Date,
): Promise<void> {
  const closures = await closuresFrom(tx, subject.library, at);
  const place = policy.branches[0]?.code ?? '';
  await openTask(tx, subject, {
    kind: 'email-failing',
    branch: null,
    workflowId: '',
    at,
    dueAt: toDate(phoneTaskDueAt({ policy, closures, place, from: instant(at) })),
  });
}
