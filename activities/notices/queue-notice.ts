import { v7 as uuid } from 'uuid';
import { Notice, type Patron } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { NoticeKind } from '../../domain/kinds.ts';
import { deliveryFor } from '../../domain/notice-preferences.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { NoticeDelivery } from '../../domain/policy-access.ts';
import { isAboutAddress, type Outsider } from './recipient.ts';
import type { Subject } from '../record.ts';

export interface NoticeRequest {
  readonly kind: NoticeKind;
  /** What made it necessary: with kind and subject it makes the notice unique, so that a cause is told once (N2). */
  readonly cause: string;
  readonly at: Date;
  /** The reader asked not to be mailed about this. */
  readonly inAccountOnly?: boolean;
  /** Ids and codes from which the text is made when it is delivered; what is true then is what is written. */
  readonly content?: Record<string, unknown>;
}

/**
 * Queues a notice in the transaction that causes it. By policy, and by the reader's choice where the policy leaves it to them (A12), it goes by mail, shows in the reader's account only, or is not written at all; without a usable
 * address a mail becomes a message in the account. An applicant or a member of staff has no account, so theirs is always a mail. Answers the notice's id if
 * it has to be delivered.
 */
export async function queueNotice(
  tx: Tx,
  policy: LibraryPolicy,
  to: Patron | Outsider,
  subject: Subject,
  request: NoticeRequest,
): Promise<string | undefined> {
  const channel = channelFor(policy, to, request);
  // Money that comes after an erasure is booked; there is nobody left to tell.
  if (channel === undefined || ('erasedAt' in to && to.erasedAt)) return undefined;
  const id = uuid();
  const written = await tx.execute(
    `insert into notice (id, library, patron_id, kind, subject_type, subject_id, cause, channel, state, language, content, created_at,
       audience, address, addressee)
     values (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?) on conflict (kind, subject_id, cause) do nothing returning id`,
    [
      id,
      subject.library,
      'audience' in to ? null : to.id,
      request.kind,
      subject.type,
      subject.id,
      request.cause,
      channel,
      to.language,
      JSON.stringify(request.content ?? {}),
      request.at,
      ...('audience' in to ? [to.audience, to.address, to.name] : ['patron', null, null]),
    ],
  );
  return written.length > 0 ? id : undefined;
}

/** How a notice goes out, by policy, by the reader's choice and by whether there is an address; undefined: it is not written at all. */
export function channelFor(
  policy: LibraryPolicy,
  to: Recipient | Outsider,
  request: Pick<NoticeRequest, 'kind' | 'inAccountOnly'>,
): 'mail' | 'message' | undefined {
  const preferences = 'audience' in to ? undefined : to.noticePreferences;
  const way = deliveryFor(policy, request.kind, preferences);
  if (way === 'off') return undefined;
  return 'audience' in to || mailed(to, way, request) ? 'mail' : 'message';
}

type Recipient = Pick<Patron, 'noticePreferences' | 'emailState'>;

function mailed(
  patron: Recipient,
  way: NoticeDelivery,
  { kind, inAccountOnly }: Pick<NoticeRequest, 'kind' | 'inAccountOnly'>,
): boolean {
  if (isAboutAddress(kind)) return true;
  return way === 'mail' && !inAccountOnly && patron.emailState === 'confirmed';
}

/** Takes back what has not gone out yet and is no longer true; it stays on record as withdrawn. */
export async function withdrawNotices(
  tx: Tx,
  subjectId: string,
  at: Date,
  kinds: readonly NoticeKind[],
): Promise<void> {
  await tx.nativeUpdate(
    Notice,
    { subjectId, state: 'queued', kind: { $in: [...kinds] } },
    { state: 'withdrawn', settledAt: at },
  );
}
