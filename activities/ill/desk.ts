import { type Hold, IllAttempt, IllRequest, type Item } from '../../db/entities/index.ts';
import { lockRequest } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { byHand } from '../../domain/ill.ts';
import { isInsideOnly } from '../../domain/ill-conditions.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Reason } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Roused } from '../deps.ts';
import { record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { toBeSentBack } from './returning.ts';
import { requestSubject } from './standing.ts';

/*
 * What the ordinary desk does with a thing that belongs to another library: it is lent, comes back, or is not collected, and the request moves with it in the same transaction.
 */

/** Locks the request that a copy came for, before title and copy; undefined for the library's own copies, of which nothing is asked. */
export async function lockRequestOf(
  tx: Tx,
  { illRequestId }: Pick<Item, 'illRequestId'>,
): Promise<IllRequest | undefined> {
  return illRequestId ? lockRequest(tx, illRequestId) : undefined;
}

/** The same by way of a hold. */
export async function lockRequestOfHold(
  tx: Tx,
  { kind, requestedItemId }: Pick<Hold, 'kind' | 'requestedItemId'>,
): Promise<IllRequest | undefined> {
  if (kind !== 'ill' || !requestedItemId) return undefined;
  const seen = await tx.findOne(IllRequest, { itemId: requestedItemId });
  return seen ? lockRequest(tx, seen.id) : undefined;
}

/** Staff keep a thing at another place: its request says so too (I19). The request is locked. */
export async function movePlace(
  tx: Tx,
  { kind, requestedItemId, pickupPlace }: Pick<Hold, 'kind' | 'requestedItemId' | 'pickupPlace'>,
): Promise<void> {
  if (kind !== 'ill' || !requestedItemId) return;
  const request = await tx.findOne(IllRequest, { itemId: requestedItemId });
  if (request) request.place = pickupPlace;
}

/** To whom a thing is handed out, and where it is used. */
export interface Borrowing {
  readonly patronId: string;
  /** `inside`: in the library; `overridden`: outside, against its supplier's condition. */
  readonly use?: 'inside' | 'overridden' | undefined;
}

/** Why the thing cannot be lent to this reader: it is somebody else's, goes back, or is for use in the library only (I13). */
export async function lendingReasons(
  tx: Tx,
  { ill }: LibraryPolicy,
  { patronId, state, attemptId }: IllRequest,
  borrower: Borrowing,
): Promise<Reason[]> {
  if (state === 'returning' || state === 'completed') return [{ code: 'item-to-send-back' }];
  const others: Reason[] = patronId === borrower.patronId ? [] : [{ code: 'item-kept-for-other' }];
  const attempt = attemptId ? await tx.findOne(IllAttempt, { id: attemptId }) : null;
  const rule = ill === 'none' ? 'refuse' : ill.delivery.things.insideOnly;
  const heeded = borrower.use === 'inside' || (borrower.use === 'overridden' && rule === 'ask');
  if (heeded || !isInsideOnly(attempt?.conditions ?? [])) return others;
  return [...others, { code: 'item-inside-only' }];
}

interface Happened {
  readonly at: Date;
  readonly actor: Actor;
}

/** The reader has it. Answers the process to wake. */
export function handedOver(
  tx: Tx,
  request: IllRequest,
  loanId: string,
  dueAt: Date,
  { at, actor }: Happened,
): string {
  Object.assign(request, { state: 'lent', lookAt: null, dueAt });
  record(tx, requestSubject(request), { kind: 'ill-lent', actor, at, detail: { loanId, dueAt } });
  return `ill:${request.id}`;
}

/** A thing that nobody keeps any more: its hold has lapsed, or was given up. The request is locked. Answers the process to wake. */
export async function notCollected(
  tx: Tx,
  policy: LibraryPolicy,
  item: Item,
  happened: Happened,
): Promise<string[]> {
  const request = item.illRequestId ? await tx.findOne(IllRequest, { id: item.illRequestId }) : null;
  if (!request || request.state !== 'received') return [];
  return [await cameBack(tx, policy, request, item, 'not-collected', happened)];
}

/** It is back from its reader, or was not collected. The request is locked. Answers the process to wake. */
export async function cameBack(
  tx: Tx,
  policy: LibraryPolicy,
  request: IllRequest,
  item: Pick<Item, 'branch'>,
  why: 'returned' | 'not-collected',
  { at, actor }: Happened,
): Promise<string> {
  await toBeSentBack({ tx, policy, request, at, actor }, item.branch, why);
  return `ill:${request.id}`;
}

/**
 * What counted as lost has been found, or was brought after all: it goes back to its supplier, as far as that still waits for it. The request, which had ended, is open again. It is locked. Answers the process
 * to rouse.
 */
export async function foundAgain(
  tx: Tx,
  policy: LibraryPolicy,
  request: IllRequest,
  item: Pick<Item, 'branch'>,
  { at, actor }: Happened,
): Promise<Roused> {
  const { id, library, patronId, attemptId } = request;
  request.endedAt = null;
  await toBeSentBack({ tx, policy, request, at, actor }, item.branch, 'found');
  await resolveTask(tx, 'ill-lost-charge', id, { at, by: actor, outcome: 'dropped' });
  const attempt = attemptId ? await tx.findOne(IllAttempt, { id: attemptId }) : null;
  const waits = attempt?.peer !== byHand && attempt?.status !== 'CompletedWithoutReturn';
  if (attempt?.outcome === 'lost' && waits) Object.assign(attempt, { outcome: 'open', endedAt: null });
  return { process: 'ill', id, library, patronId: patronId ?? null };
}

/** To whom the desk sends a thing back, by the supplier's code, and for which request; undefined while it is not to be sent back. */
export async function goesBackTo(
  tx: Tx,
  { id, state, attemptId }: IllRequest,
): Promise<{ readonly to: string; readonly requestId: string } | undefined> {
  if (state !== 'returning') return undefined;
  const attempt = attemptId ? await tx.findOne(IllAttempt, { id: attemptId }) : null;
  return { to: attempt?.peer ?? '', requestId: id };
}
