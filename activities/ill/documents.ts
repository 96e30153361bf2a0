import { IllDocument } from '../../db/entities/index.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { endOf } from '../../domain/review-deadlines.ts';
import { instant, toDate } from '../facts.ts';
import { record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import type { DeliverDocument, ReissueLink, WithdrawDocument } from './delivery-steps.ts';
import type { Held } from './held.ts';
import { withdraw } from './notices.ts';
import { settleOffers } from './offers.ts';
import { complete } from './returning.ts';
import { requestSubject } from './standing.ts';
import { tellOfDocument } from './tell-document.ts';

/** The states in which a document can come, or come instead of another. */
const awaited: readonly string[] = ['shipped', 'received', 'held', 'available'];

/** A file that a librarian has uploaded is what was asked for (I14): held until it is paid (I16), or the reader's at once. */
export async function deliver(held: Held, { documentId }: DeliverDocument): Promise<Refused | undefined> {
  const { tx, request } = held;
  if (request.service !== 'copy') return refuse({ code: 'request-other-service' });
  if (!awaited.includes(request.state)) return refuse({ code: 'request-moved-on', state: request.state });
  const known = { id: documentId, about: 'request', aboutId: request.id, withdrawnAt: null } as const;
  const document = await tx.findOne(IllDocument, known);
  if (!document) return refuse({ code: 'delivery-none' });
  await takeDocument(held, document);
  return undefined;
}

/** Makes a file the request's document, in the place of one before. The request is locked. */
export async function takeDocument(held: Held, document: IllDocument): Promise<void> {
  const { tx, request, at, actor } = held;
  if (request.documentId === document.id) return;
  const before = request.documentId ? await tx.findOne(IllDocument, { id: request.documentId }) : null;
  if (before) await retract(held, before);
  await settleOffers(held, 'withdrawn');
  request.documentId = document.id;
  record(tx, requestSubject(request), {
    kind: 'ill-document-taken',
    actor,
    at,
    detail: { documentId: document.id, mediaType: document.mediaType, size: document.size },
  });
  for (const kind of ['ill-missing', 'ill-fetch'] as const)
    await resolveTask(tx, kind, request.id, { at, by: actor, outcome: 'settled' });
  await release(held, document);
}

async function retract(held: Held, document: IllDocument): Promise<void> {
  document.withdrawnAt = held.at;
  document.content = null;
  document.deletedAt ??= held.at;
  await withdraw(held, 'ill-document', 'ill-document-held', 'ill-document-expired');
}

/** Whether something is to be paid for it yet, or staff have still to say how much (I16). */
async function isUnpaid({ tx, request }: Held): Promise<boolean> {
  await tx.flush();
  const [row] = await tx.execute<{ open: boolean }[]>(
    `select exists (select from charge where waits = ? and remaining > 0 and dropped_at is null)
       or exists (select from task where kind = 'ill-price' and subject_id = ? and resolved_at is null) as open`,
    [`ill:${request.id}`, request.id],
  );
  return row?.open ?? false;
}

/** Gives the document to its reader, or holds it until nothing is to be paid any more (I16). */
export async function release(held: Held, document: IllDocument): Promise<void> {
  const { request, ill, at } = held;
  if (ill.delivery.documents.heldUntilPaid && (await isUnpaid(held))) {
    if (request.state === 'held') return;
    request.state = 'held';
    request.lookAt = null;
    return tellOfDocument(held, document, 'ill-document-held');
  }
  request.receivedAt ??= at;
  document.releasedAt ??= at;
  return issueLink(held, document);
}

/** A link that is good for a while; the time in which the file is kept counts from the first. */
async function issueLink(held: Held, document: IllDocument): Promise<void> {
  const { request, policy, ill, at } = held;
  const { linkFor } = ill.delivery.documents;
  request.state = 'available';
  document.expiresAt = toDate(endOf(policy, instant(at), linkFor));
  document.downloads = 0;
  request.lookAt = document.expiresAt;
  await withdraw(held, 'ill-document-held', 'ill-document', 'ill-document-expired');
  return tellOfDocument(held, document, 'ill-document');
}

async function theDocument({ tx, request }: Held): Promise<IllDocument | undefined> {
  const document = request.documentId ? await tx.findOne(IllDocument, { id: request.documentId }) : null;
  return document ?? undefined;
}

/** The document under its lock: a download counts at the same time. */
async function lockDocument(held: Held): Promise<IllDocument | undefined> {
  const seen = await theDocument(held);
  if (!seen) return undefined;
  await held.tx.execute('select from ill_document where id = ? for no key update', [seen.id]);
  return held.tx.refreshOrFail(seen);
}

/** A new link, for a reader who could not use the one before, or lost it (I14). Readers have so many of them; the library as many as it likes. */
export async function reissue(held: Held, { actor }: ReissueLink): Promise<Refused | undefined> {
  const { tx, request, ill, at } = held;
  if (request.state === 'held') return refuse({ code: 'delivery-held' });
  if (request.state !== 'available') return refuse({ code: 'request-moved-on', state: request.state });
  const document = await lockDocument(held);
  if (!document || document.withdrawnAt) return refuse({ code: 'delivery-none' });
  if (document.deletedAt) return refuse({ code: 'delivery-deleted' });
  const limit = ill.delivery.documents.readersIssues;
  if (actor.startsWith('patron:') && document.issue > limit) return refuse({ code: 'reissue-limit', limit });
  document.issue += 1;
  record(tx, requestSubject(request), {
    kind: 'ill-link-reissued',
    actor,
    at,
    detail: { documentId: document.id, issue: document.issue },
  });
  await issueLink(held, document);
  return undefined;
}

/** The librarian takes a document back that was the wrong one; another can be delivered, or asked for. */
export async function withdrawDocument(
  held: Held,
  { remarkId }: WithdrawDocument,
): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  const document = await lockDocument(held);
  if (!document || document.withdrawnAt || !awaited.includes(request.state))
    return refuse({ code: 'delivery-none' });
  await retract(held, document);
  Object.assign(request, { documentId: null, state: 'shipped', lookAt: null });
  const detail = { documentId: document.id, ...(remarkId && { remarkId }) };
  record(tx, requestSubject(request), { kind: 'ill-document-withdrawn', actor, at, detail });
  return undefined;
}

/**
 * What time brings to a document: it is released when nothing is to be paid any more; a link that nobody used runs out, and its reader is told that there can be another; in the end the file goes
 * and the request is completed – at once when the link ends of a document that was fetched.
 */
export async function lookAtDocument(held: Held): Promise<void> {
  const { request, policy, ill, at } = held;
  const document = await lockDocument(held);
  if (!document) return;
  if (request.state === 'held') return release(held, document);
  if (!document.expiresAt || document.expiresAt > at) return;
  const kept = toDate(endOf(policy, instant(document.releasedAt ?? at), ill.delivery.documents.keepFor));
  if (!document.lastDownloadAt && kept > at) {
    if (request.lookAt && request.lookAt >= kept) return;
    request.lookAt = kept;
    return tellOfDocument(held, document, 'ill-document-expired');
  }
  document.content = null;
  document.deletedAt = at;
  complete(held, document.lastDownloadAt ? null : 'not-fetched');
}
