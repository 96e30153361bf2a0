import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { v7 as uuid } from 'uuid';
import { IllAttempt, IllDocument, IllOffer } from '../../db/entities/index.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import { peersOf } from '../../domain/policy-peers.ts';
import { endOf } from '../../domain/review-deadlines.ts';
import { documentType } from '../../uploads/document.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant } from '../facts.ts';
import { type Fetched, type FetchFailure, fetchOffered } from '../gateways/offered-file.ts';
import { concluded, tellOthers } from './conclude.ts';
import { takeDocument } from './documents.ts';
import { type Held, holdRequest } from './held.ts';
import { dueOffer } from './due-offer.ts';
import { giveUpOffer } from './offers.ts';
import type { RequestStanding } from './steps.ts';

export interface FetchDocument {
  readonly requestId: string;
}

interface Found {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

type Failed = Extract<Fetched, { failed: FetchFailure }>;

/** As an activity: at the time at which the engine scheduled the attempt, which may lie days after the first. */
export const fetchDocument = (deps: ActivityDeps, step: FetchDocument): Promise<RequestStanding | null> =>
  fetchAt(deps, step, new Date(Context.current().info.currentAttemptScheduledTimestampMs));

/**
 * Fetches the copy that a supplier offers under an address, once (I14); what is fetched is told by its bytes, looked at by the scanner, and is the request's document. Answers where the request
 * stands; null where nothing is to be fetched any more.
 *
 * @throws when it cannot be had for now; the engine tries again, until the policy's time is over and a librarian sees to it
 */
export async function fetchAt(
  deps: ActivityDeps,
  { requestId }: FetchDocument,
  at: Date,
): Promise<RequestStanding | null> {
  const offer = await dueOffer(reader(deps.orm), requestId);
  const { ill } = offer ? deps.policies.get(offer.library) : { ill: 'none' as const };
  if (!offer || ill === 'none') return null;
  const found = await look(deps, offer, ill.delivery.documents.maxBytes);
  if ('failed' in found) return failed(deps, offer, found, at);
  return settle(deps, offer, at, (held) => take(held, found));
}

async function look(deps: ActivityDeps, offer: IllOffer, maxBytes: number): Promise<Found | Failed> {
  const attempt = await reader(deps.orm).findOneOrFail(IllAttempt, { id: offer.attemptId });
  const peer = peersOf(deps.policies.get(offer.library)).find(({ code }) => code === attempt.peer);
  const trustedHost = peer?.url === undefined ? undefined : new URL(peer.url).host;
  const fetched = await fetchOffered({ url: offer.url, maxBytes, trustedHost });
  return 'failed' in fetched ? fetched : judge(deps, fetched.bytes);
}

async function judge({ uploads }: ActivityDeps, bytes: Buffer): Promise<Found | Failed> {
  const mediaType = documentType(bytes);
  if (mediaType === undefined) return { failed: 'not-a-document', forGood: true };
  const verdict = (await uploads?.keep(bytes)) ?? { mediaType };
  if ('later' in verdict) return { failed: 'scanner-unavailable', forGood: false };
  if (!('fault' in verdict)) return { bytes, mediaType };
  return { failed: verdict.fault === 'upload-infected' ? 'infected' : 'not-a-document', forGood: true };
}

/** Does something about the offer under the request's lock, unless it has been settled meanwhile. */
async function settle(
  deps: ActivityDeps,
  { id, requestId }: IllOffer,
  at: Date,
  work: (held: Held, offer: IllOffer) => Promise<void>,
): Promise<RequestStanding | null> {
  const done = await inTransaction(deps.orm, async (tx) => {
    const held = await holdRequest(deps, tx, requestId, { at, actor: 'system' });
    const offer = await tx.findOne(IllOffer, { id, state: 'due' });
    if (!offer) return null;
    await work(held, offer);
    return { held, standing: await concluded(held) };
  });
  if (!done) return null;
  await tellOthers(deps, done.held);
  return done.standing;
}

async function take(held: Held, { bytes, mediaType }: Found): Promise<void> {
  const { tx, request, at } = held;
  const offer = await dueOffer(tx, request.id);
  if (offer) Object.assign(offer, { state: 'fetched', settledAt: at });
  const document = tx.create(IllDocument, {
    id: uuid(),
    library: request.library,
    about: 'request',
    aboutId: request.id,
    name: request.number,
    mediaType,
    size: bytes.length,
    hash: createHash('sha256').update(bytes).digest('base64url'),
    content: bytes,
    actor: 'system',
    storedAt: at,
    downloads: 0,
    issue: 1,
  });
  await tx.flush();
  await takeDocument(held, document);
}

async function failed(
  deps: ActivityDeps,
  offer: IllOffer,
  { failed: why, forGood }: Failed,
  at: Date,
): Promise<RequestStanding | null> {
  const policy = deps.policies.get(offer.library);
  const span = policy.ill === 'none' ? 'P3D' : policy.ill.delivery.documents.fetchFor;
  const until = endOf(policy, instant(offer.offeredAt), span).epochMilliseconds;
  if (forGood || at.getTime() >= until)
    return settle(deps, offer, at, (held, due) => giveUpOffer(held, due, why));
  await inTransaction(deps.orm, (tx) =>
    tx.execute(`update ill_offer set tries = tries + 1, last_error = ? where id = ? and state = 'due'`, [
      why,
      offer.id,
    ]),
  );
  throw ApplicationFailure.create({
    type: 'DocumentNotThere',
    message: `The supplier's document could not be fetched: ${why}.`,
    category: ApplicationFailureCategory.BENIGN,
  });
}
