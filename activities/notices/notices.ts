import { v7 as uuid } from 'uuid';
import { Notice, PasswordLink, Patron } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { isOutdated } from './outdated.ts';
import { queueNotice } from './queue-notice.ts';
import { record, type Subject } from '../record.ts';

export interface SendPasswordLink extends Step {
  readonly linkId: string;
}

export interface ResendNotice extends Step {
  readonly noticeId: string;
  readonly actor: Actor;
}

export interface ToDeliver {
  /** Notices the command's workflow delivers before it ends. */
  readonly deliver: readonly string[];
}

/** Commands that make a notice by themselves. */
export function createNoticeCommands(deps: ActivityDeps) {
  return {
    sendPasswordLink: (step: SendPasswordLink) =>
      once(deps.orm, step, (tx) => sendPasswordLink(deps, tx, step)),
    resendNotice: (step: ResendNotice) => once(deps.orm, step, (tx) => resendNotice(tx, step)),
  };
}

async function sendPasswordLink(
  deps: ActivityDeps,
  tx: Tx,
  { linkId, now }: SendPasswordLink,
): Promise<ToDeliver> {
  const link = present(await tx.findOne(PasswordLink, { id: linkId }), `password link ${linkId}`);
  const patron = await tx.findOneOrFail(Patron, { id: link.patronId });
  const subject = { type: 'patron', id: patron.id, library: patron.library, patronId: patron.id } as const;
  const id = await queueNotice(tx, deps.policies.get(patron.library), patron, subject, {
    kind: 'password-link',
    cause: `password-link:${linkId}`,
    at: new Date(now),
    content: { linkId },
  });
  return { deliver: id ? [id] : [] };
}

/** Links and tests are asked for anew: the old one may have expired, or was about an address of the past. */
const onceOnly: readonly string[] = ['password-link', 'confirm-email', 'email-changed', 'test-mail'];

/** The story in which a repetition is told: the reader's, or of whatever an outsider was told about. */
function resentAbout({ library, patronId, subjectType, subjectId }: Notice): Subject {
  if (patronId) return { type: 'patron', id: patronId, library, patronId };
  return { type: subjectType as Subject['type'], id: subjectId, library, patronId: null };
}

/** Sends a mail again that has gone out or was refused (N3), to the address the reader has now, unless it is out of date; the first stays on record. */
async function resendNotice(
  tx: Tx,
  { noticeId, actor, now, operation }: ResendNotice,
): Promise<Refused | (ToDeliver & { noticeId: string })> {
  const notice = await tx.findOne(Notice, { id: noticeId });
  if (!notice) return refuse({ code: 'notice-unknown' });
  const patron = notice.patronId ? await tx.findOneOrFail(Patron, { id: notice.patronId }) : undefined;
  const sendable =
    notice.channel === 'mail' && !onceOnly.includes(notice.kind) && ['sent', 'failed'].includes(notice.state);
  if (!sendable || (patron && patron.emailState !== 'confirmed') || (await isOutdated(tx, notice)))
    return refuse({ code: 'notice-not-resendable', state: notice.state });
  const at = new Date(now);
  const again = tx.create(Notice, {
    id: uuid(),
    library: notice.library,
    patronId: notice.patronId ?? null,
    audience: notice.audience,
    address: notice.address ?? null,
    addressee: notice.addressee ?? null,
    kind: notice.kind,
    subjectType: notice.subjectType,
    subjectId: notice.subjectId,
    cause: `${notice.cause}:again:${operation}`,
    channel: 'mail',
    state: 'queued',
    language: patron?.language ?? notice.language,
    content: notice.content,
    attempts: 0,
    failures: 0,
    createdAt: at,
  });
  record(tx, resentAbout(notice), {
    kind: 'notice-resent',
    actor,
    at,
    detail: { noticeId, again: again.id },
  });
  return { deliver: [again.id], noticeId: again.id };
}
