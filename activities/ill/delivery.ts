import { Temporal } from 'temporal-polyfill';
import { type IllAttempt, type IllRequest, Patron } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { costIn } from '../../domain/ill-costs.ts';
import { offeredAddress } from '../../domain/ill-offer.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { endOf } from '../../domain/review-deadlines.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Body } from '../../iso18626/message.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, toDate } from '../facts.ts';
import { askLibrarian } from './ask-librarian.ts';
import { lookAtDocument, takeDocument } from './documents.ts';
import { dueForReader } from './due.ts';
import { heedAfterShipping } from './heed-due.ts';
import { type Held, heldOf } from './held.ts';
import { tell } from './notices.ts';
import { dueOffer } from './due-offer.ts';
import { takeOffer } from './offers.ts';
import { remindReader } from './remind.ts';
import { after, complete, isUnconfirmed } from './returning.ts';

/** What a supplier says, without the header: it has been checked. */
export type SupplierSays = Omit<Body<'supplyingAgencyMessage'>, 'header'>;

/** Something that a supplier has shipped; the reader and the request are locked. */
export interface Arrival {
  readonly request: IllRequest;
  /** Absent where it was obtained by hand (I3). */
  readonly attempt?: IllAttempt | undefined;
  /** The message that says so; absent where a librarian recorded it. */
  readonly says?: SupplierSays | undefined;
  readonly at: Date;
  readonly actor: Actor;
}

async function hold(
  deps: ActivityDeps,
  tx: Tx,
  { request, at, actor }: Pick<Arrival, 'request' | 'at' | 'actor'>,
): Promise<Held> {
  const patron = request.patronId ? await tx.findOneOrFail(Patron, { id: request.patronId }) : undefined;
  return heldOf(deps, tx, request, { at, actor, patron });
}

const toInstant = (stated: string | undefined): Date | undefined =>
  stated === undefined ? undefined : toDate(Temporal.Instant.from(stated));

/**
 * What `Loaned` or `CopyCompleted` brings (I9, I13, I14): the request is `shipped`; straight to the reader, `received`; a document that is handed over at once, `held` or
 * `available`. Call it after `bookShipped`, since a document is held while something is open. It sets state, dates and `lookAt`, and writes the reader's notice. Answers the workflows to wake
 * after the commit.
 */
export async function arrived(
  deps: ActivityDeps,
  tx: Tx,
  _policy: LibraryPolicy,
  arrival: Arrival,
): Promise<string[]> {
  const { request, attempt, says, at } = arrival;
  const held = await hold(deps, tx, arrival);
  request.state = 'shipped';
  request.shippedAt = at;
  request.direct = isDirect(held, says);
  request.lookAt = toDate(endOf(held.policy, instant(at), held.ill.delivery.things.arriveWithin));
  if (attempt) noteShipping(attempt, says);
  if (request.service === 'copy') await copyComes(held, arrival);
  else await thingComes(held, arrival);
  return held.wake;
}

/** In centre mode everything goes straight to the reader unless its supplier says no (I5, I9); otherwise only what the supplier says it has sent to them. */
function isDirect({ request }: Held, says: SupplierSays | undefined): boolean {
  if (request.onBehalfOf) return true;
  if (request.delivery === 'pickup') return false;
  const stated = says?.deliveryInfo?.sentToPatron;
  return stated ?? (request.mode === 'centre' && request.delivery === 'post');
}

function noteShipping(attempt: IllAttempt, says: SupplierSays | undefined): void {
  const due = toInstant(says?.statusInfo.dueDate);
  if (due) attempt.dueAt = due;
  attempt.conditions = (says?.deliveryInfo?.loanCondition ?? []).map(({ value }) => value);
  attempt.returnTo = returnAddress(says) ?? null;
}

function returnAddress(says: SupplierSays | undefined): string | undefined {
  const { name, physicalAddress } = says?.returnInfo ?? {};
  const { line1, line2, locality, postalCode, region, country } = physicalAddress ?? {};
  const lines = [name, line1, line2, postalCode, locality, region?.value, country?.value];
  const stated = lines.filter((line) => line !== undefined && line !== '');
  return stated.length > 0 ? stated.join(', ').slice(0, 1000) : undefined;
}

async function thingComes(held: Held, { attempt }: Arrival): Promise<void> {
  const { request, at } = held;
  request.dueAt = await dueForReader(held, attempt?.dueAt ?? request.dueAt ?? undefined);
  if (!request.direct) return;
  request.state = 'received';
  request.receivedAt = at;
  await tell(held, { kind: 'ill-sent', cause: `sent:${attempt?.id ?? at.getTime()}` });
  await remindReader(held);
}

/** A copy may be there already, or lie somewhere to be fetched; one on paper comes by post, and a file that the librarian was sent is uploaded. */
async function copyComes(held: Held, { attempt, says }: Arrival): Promise<void> {
  const { request, at } = held;
  // What a centre passes on is the member's to fetch.
  if (request.onBehalfOf) return complete(held, null);
  const url = says && offeredAddress(says);
  if (attempt && url !== undefined) {
    const document = await takeOffer(held, attempt, url);
    if (document) return takeDocument(held, document);
  }
  if (!request.direct) return;
  request.state = 'received';
  request.receivedAt = at;
  await tell(held, { kind: 'ill-sent', cause: `sent:${attempt?.id ?? at.getTime()}` });
}

/** A message about something that was shipped before; the reader and the request are locked. */
export interface DueNews extends Arrival {
  readonly attempt: IllAttempt;
  readonly says: SupplierSays;
}

/**
 * Heeds `Overdue`, `Recalled`, the answer to a renewal (`RenewResponse`), another due date, `LoanCompleted` and `CompletedWithoutReturn` (I13): moves the reader's due date, tells the reader, ends the request with
 * all that belongs to it here. Of the attempt it sets `dueAt`, nothing else. Answers the workflows to wake after the commit.
 */
export async function heedDue(
  deps: ActivityDeps,
  tx: Tx,
  _policy: LibraryPolicy,
  news: DueNews,
): Promise<string[]> {
  const held = await hold(deps, tx, news);
  const { messageInfo, statusInfo } = news.says;
  await heedAfterShipping(held, news.attempt, {
    reason: messageInfo.reasonForMessage,
    status: statusInfo.status,
    yes: messageInfo.answerYesNo === 'Y',
    note: messageInfo.note,
    suppliersDue: toInstant(statusInfo.dueDate),
    cost: costIn(news.says.deliveryInfo?.deliveryCosts?.[0]),
  });
  return held.wake;
}

/** The states in which delivery has its turn: in these, and only in these, `lookAt` is kept by this file's functions. */
export const deliveryStates = ['shipped', 'received', 'held', 'available', 'lent', 'returning'] as const;

export const isDelivering = ({ state }: Pick<IllRequest, 'state'>): boolean =>
  (deliveryStates as readonly string[]).includes(state);

/**
 * Does what has become due of something shipped: releases a document when nothing is to be paid any more (I16), lets its time run out, reminds a reader who has it by post, asks staff after what did not
 * come. For every look at a request in one of the `deliveryStates`; it changes nothing when nothing is due. Answers the workflows to wake after the commit.
 */
export async function lookAtDelivery(
  deps: ActivityDeps,
  tx: Tx,
  _policy: LibraryPolicy,
  request: IllRequest,
  at: Date,
): Promise<string[]> {
  if (request.state !== 'held' && (!request.lookAt || request.lookAt > at)) return [];
  const held = await hold(deps, tx, { request, at, actor: 'system' });
  if (request.state === 'held' || request.state === 'available') await lookAtDocument(held);
  else if (isUnconfirmed(request, at)) complete(held, 'not-confirmed');
  else if (request.state === 'shipped') await missing(held);
  else if (request.direct && request.state === 'received') await remindReader(held);
  else request.lookAt = null;
  return held.wake;
}

/** It should have come by now: staff ask after it (I14). A copy that is being fetched is not missed. */
async function missing(held: Held): Promise<void> {
  const { tx, request } = held;
  request.lookAt = null;
  if (await dueOffer(tx, request.id)) return;
  await askLibrarian(held, 'ill-missing', after(held, 'P1D'));
}
