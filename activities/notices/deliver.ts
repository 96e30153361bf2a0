import { type EntityDictionary, LockMode } from '@mikro-orm/core';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { Hold, Notice, Patron, Payment } from '../../db/entities/index.ts';
import { lockPatron, lockTitle, present } from '../../db/locks.ts';
import { inTransaction, reader, type Tx } from '../../db/transaction.ts';
import type { Standing } from '../../domain/standing.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { returnAddress, returnToken } from '../../domain/return-address.ts';
import type { NoticeContent } from '../../notices/content.ts';
import { renderNotice, type RenderedNotice } from '../../notices/render.ts';
import { enclose } from './attachments.ts';
import type { ActivityDeps } from '../deps.ts';
import { messageIdFor } from '../gateways/mail-address.ts';
import type { MailOutcome } from '../gateways/mail.ts';
import { askForAddress, markFailing, tellUnreachable } from '../accounts/email-failing.ts';
import { holdStanding } from '../circulation/hold-standing.ts';
import { contentOf, type Writing } from './notice-content.ts';
import { paymentOutcome } from '../payments/payment-standing.ts';
import { type Recipient, recipientOf } from './recipient.ts';
import { holdSubject, patronSubject, record, type Subject } from '../record.ts';
import { askForCall } from '../circulation/secure.ts';
import { resolveTask } from '../tasks.ts';

export interface DeliverNotice {
  readonly noticeId: string;
}

export interface Delivered {
  readonly state: Notice['state'];
  /** Where the hold or the payment stands that the notice is about. */
  readonly standing?: Standing;
}

export function createNoticeActivities(deps: ActivityDeps) {
  return { deliverNotice: (request: DeliverNotice) => deliverNotice(deps, request, attemptTime()) };
}

/**
 * When the engine scheduled this attempt. A delivery may succeed a day after it was first tried, and the week counts from the acceptance (H6), so the
 * workflow's time at the start would be wrong, and the machine's own clock is none the engine knows.
 */
function attemptTime(): Date {
  return new Date(Context.current().info.currentAttemptScheduledTimestampMs);
}

/**
 * Delivers a queued notice once: writes it as of now, hands it to the mail server, records the outcome. Between the server's acceptance and the record lies the
 * one gap in which a killed worker makes a second copy go out – with the same Message-ID, and with `attempts` above `failures` + 1 on the row.
 *
 * @throws when the mail server does not take it for now; the engine tries again, for ever (N2)
 */
export async function deliverNotice(
  deps: ActivityDeps,
  { noticeId }: DeliverNotice,
  at: Date,
): Promise<Delivered> {
  const claimed = await claim(deps, noticeId);
  if (!claimed)
    return { state: present(await reader(deps.orm).findOne(Notice, { id: noticeId }), 'notice').state };
  const { notice, recipient } = claimed;
  const policy = deps.policies.get(notice.library);
  const tx = reader(deps.orm);
  const told = await contentOf(deps, tx, { notice, recipient, policy, at });
  const { content, attachments } = await enclose(deps, policy, aboutIn(notice), told, at);
  const written = renderNotice(deps.texts, {
    ...content,
    language: notice.language,
    library: policy,
    patronName: recipient.name,
    channel: notice.channel,
  });
  if (notice.channel === 'message')
    return settle(deps, { notice, recipient, policy, at }, written, content, {
      accepted: true,
      response: '',
    });
  const outcome = await deps.mail.send({
    messageId: messageIdFor(notice.id, policy.sender.address),
    from: policy.sender,
    ...returnTo(deps, policy, notice.id),
    to: { name: recipient.name, address: recipient.address ?? '' },
    language: notice.language,
    ...written,
    attachments,
  });
  if (!outcome.accepted && !outcome.permanent) return postpone(deps, notice, outcome.response);
  return settle(deps, { notice, recipient, policy, at }, written, content, outcome);
}

/** The document that goes with it, if there is one. */
const aboutIn = ({ content }: Notice): unknown => content.documentId ?? content.settlementId;

/** Where the mail comes back to if it cannot be delivered: an address of its own for each notice (N4). */
function returnTo({ secret }: ActivityDeps, { sender }: LibraryPolicy, noticeId: string) {
  const { returnPath } = sender;
  return returnPath ? { returnTo: returnAddress(returnPath, returnToken(secret, noticeId)) } : {};
}

/**
 * Counts the attempt before anything leaves the house, so that a copy sent twice shows. A mail whose address has turned out to fail since it was queued becomes
 * a message in the account (A11).
 */
function claim(
  deps: ActivityDeps,
  noticeId: string,
): Promise<{ notice: Notice; recipient: Recipient } | undefined> {
  return inTransaction(deps.orm, async (tx) => {
    const [claimed] = await tx.execute(
      `update notice set attempts = attempts + 1 where id = ? and state = 'queued' returning *`,
      [noticeId],
    );
    if (!claimed) return undefined;
    const notice = tx.map(Notice, claimed as EntityDictionary<Notice>);
    const recipient = await recipientOf(tx, notice);
    if (recipient.address === null) notice.channel = 'message';
    return { notice, recipient };
  });
}

async function postpone(deps: ActivityDeps, notice: Notice, response: string): Promise<never> {
  await inTransaction(deps.orm, (tx) =>
    tx.execute('update notice set failures = failures + 1, last_error = ? where id = ? and state = ?', [
      response.slice(0, 500),
      notice.id,
      'queued',
    ]),
  );
  throw ApplicationFailure.create({
    type: 'MailDeferred',
    message: 'The mail server did not take the notice.',
    category: ApplicationFailureCategory.BENIGN,
  });
}

function settle(
  deps: ActivityDeps,
  writing: Writing,
  written: RenderedNotice,
  content: NoticeContent,
  outcome: MailOutcome,
): Promise<Delivered> {
  return inTransaction(deps.orm, async (tx) => {
    // The address will be marked as failing, and a reader's lock comes before a title's.
    if (!outcome.accepted && writing.recipient.patron) await lockPatron(tx, writing.recipient.patron.id);
    const hold =
      writing.notice.subjectType === 'hold' ? await lockHoldRow(tx, writing.notice.subjectId) : undefined;
    // Locked, so that what an erasure has emptied meanwhile is not filled again.
    const lockMode = LockMode.PESSIMISTIC_WRITE;
    const notice = await tx.findOneOrFail(Notice, { id: writing.notice.id }, { lockMode });
    if (notice.state !== 'queued') return { state: notice.state };
    notice.subject = written.subject;
    notice.bodyText = written.text;
    notice.bodyHtml = written.html;
    notice.settledAt = writing.at;
    notice.recipient = notice.channel === 'mail' ? writing.recipient.address : null;
    notice.state = stateAfter(notice, outcome);
    if (!outcome.accepted) await fail(deps, tx, writing, outcome.response);
    if (hold && notice.kind === 'secured') await contacted(tx, writing, hold, content, outcome.accepted);
    return {
      state: notice.state,
      ...(hold && { standing: await holdStanding(deps, tx, hold, writing.at.getTime()) }),
      ...(notice.subjectType === 'payment' && {
        standing: await paymentStanding(deps, tx, notice, writing.at),
      }),
    };
  });
}

async function paymentStanding(
  deps: ActivityDeps,
  tx: Tx,
  { subjectId }: Notice,
  at: Date,
): Promise<Standing> {
  const payment = await tx.findOneOrFail(Payment, { id: subjectId });
  return (await paymentOutcome(deps, tx, payment, at.getTime())).standing;
}

function stateAfter(notice: Notice, outcome: MailOutcome): Notice['state'] {
  if (notice.channel === 'message') return 'shown';
  return outcome.accepted ? 'sent' : 'failed';
}

async function lockHoldRow(tx: Tx, holdId: string): Promise<Hold> {
  const seen = await tx.findOneOrFail(Hold, { id: holdId });
  await lockTitle(tx, seen.titleId);
  return tx.refreshOrFail(seen);
}

/** The server refuses the address for good: it is marked, so that the next notice takes another way (A11). */
async function fail(
  deps: ActivityDeps,
  tx: Tx,
  { notice, recipient, at }: Writing,
  response: string,
): Promise<void> {
  await tx.nativeUpdate(Notice, { id: notice.id }, { lastError: response.slice(0, 500) });
  const { library, subjectType, subjectId, patronId } = notice;
  const about = patronId
    ? patronSubject({ id: patronId, library })
    : { type: subjectType as Subject['type'], id: subjectId, library, patronId: null };
  record(tx, about, { kind: 'mail-refused', actor: 'system', at, detail: { noticeId: notice.id } });
  if (!patronId) return askForAddress(tx, deps.policies.get(library), about, at);
  const patron = await tx.findOneOrFail(Patron, { id: patronId });
  const trouble = { noticeId: notice.id, reason: 'refused', at } as const;
  if (notice.kind === 'confirm-email') await tellUnreachable(deps, tx, patron, trouble);
  else if (patron.email === recipient.address) await markFailing(deps, tx, patron, trouble);
}

/** A mail accepted by the mail server is the contact from which the week counts; one refused for good becomes a call for the desk (H6). */
async function contacted(
  tx: Tx,
  { notice, policy, at }: Writing,
  hold: Hold,
  content: NoticeContent,
  accepted: boolean,
): Promise<void> {
  const waits = hold.state === 'secured' && !hold.contactedAt && hold.contact === 'mail';
  if (!waits) return;
  if (!accepted || notice.channel === 'message') {
    await askForCall(tx, policy, hold, at);
    return;
  }
  hold.contactedAt = at;
  hold.keepUntil = new Date(keepUntilIn(content));
  await resolveTask(tx, 'phone-reader', hold.id, { at, by: 'system', outcome: 'dropped' });
  record(tx, holdSubject(hold), {
    kind: 'contacted-by-mail',
    actor: 'system',
    at,
    detail: { noticeId: notice.id, keepUntil: hold.keepUntil },
  });
}

function keepUntilIn(content: NoticeContent): number {
  if (content.kind !== 'secured' || content.data.keepUntil === undefined)
    throw new Error('The notice does not say until when.');
  return content.data.keepUntil;
}
