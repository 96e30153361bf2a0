import { v7 as uuid } from 'uuid';
import { type IllAttempt, IllDocument, IllOffer } from '../../db/entities/index.ts';
import { readSuppliedToken } from '../../domain/document-link.ts';
import { record } from '../record.ts';
import { askLibrarian } from './ask-librarian.ts';
import { dueOffer } from './due-offer.ts';
import type { Held } from './held.ts';
import { after } from './returning.ts';
import { requestSubject } from './standing.ts';

const suppliedPath = '/v1/supplied-documents/';

/** Where another library fetches a copy from us. */
export const suppliedAddress = (publicUrl: string, token: string): string =>
  `${publicUrl}${suppliedPath}${token}`;

/** A supplier says where the copy lies: it is fetched, or, where that is this installation, it is there. Answers the document in that case. */
export async function takeOffer(
  held: Held,
  attempt: IllAttempt,
  url: string,
): Promise<IllDocument | undefined> {
  const { tx, request, at } = held;
  const own = await ownDocument(held, attempt, url);
  if (own) return own;
  if (await tx.findOne(IllOffer, { attemptId: attempt.id, url })) return undefined;
  await settleOffers(held, 'withdrawn');
  await tx.flush();
  tx.create(IllOffer, {
    id: uuid(),
    library: request.library,
    requestId: request.id,
    attemptId: attempt.id,
    url,
    state: 'due',
    tries: 0,
    offeredAt: at,
  });
  return undefined;
}

/** A library of this installation hands its file over without a network; only to whom it is for. */
async function ownDocument(
  { deps, tx, ill, request, at }: Held,
  attempt: IllAttempt,
  url: string,
): Promise<IllDocument | undefined> {
  const peer = ill.peers.find(({ code }) => code === attempt.peer);
  const begin = `${deps.publicUrl}${suppliedPath}`;
  if (!peer?.library || !url.startsWith(begin)) return undefined;
  const id = readSuppliedToken(deps.secret, url.slice(begin.length));
  if (id === undefined) return undefined;
  const given = { id, about: 'supply', library: peer.library, withdrawnAt: null } as const;
  const supplied = await tx.findOne(IllDocument, given, { populate: ['content'] });
  if (!supplied?.content) return undefined;
  const { name, mediaType, size, hash, content } = supplied;
  return tx.create(IllDocument, {
    id: uuid(),
    library: request.library,
    about: 'request',
    aboutId: request.id,
    name,
    mediaType,
    size,
    hash,
    content,
    actor: 'system',
    storedAt: at,
    downloads: 0,
    issue: 1,
  });
}

/** Nothing is fetched any more: it has been, or the document came by another way. */
export async function settleOffers(
  { tx, request, at }: Held,
  state: 'fetched' | 'given-up' | 'withdrawn',
): Promise<void> {
  const offer = await dueOffer(tx, request.id);
  if (offer) Object.assign(offer, { state, settledAt: at });
}

/** The copy cannot be had where its supplier says: a librarian has the address and sees to it. */
export async function giveUpOffer(held: Held, offer: IllOffer, why: string): Promise<void> {
  const { tx, request, at } = held;
  Object.assign(offer, { state: 'given-up', lastError: why, settledAt: at });
  record(tx, requestSubject(request), {
    kind: 'ill-fetch-given-up',
    actor: 'system',
    at,
    detail: { offerId: offer.id, why },
  });
  await askLibrarian(held, 'ill-fetch', after(held, 'P1D'));
}
