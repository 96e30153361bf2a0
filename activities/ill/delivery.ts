import { Temporal } from 'temporal-polyfill';
import type { IllAttempt, IllRequest } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Body } from '../../iso18626/message.ts';
import type { ActivityDeps } from '../deps.ts';

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

/**
 * What `Loaned` or `CopyCompleted` brings (I9, I13, I14): the request is `shipped`; straight to the reader in centre mode, `received`; a document that is handed over at once, `held` or
 * `available`. Call it after `bookShipped`, since a document is held while something is open. It sets state, dates and `lookAt`, and writes the reader's notice. Answers the workflows to wake
 * after the commit.
 */
export async function arrived(
  _deps: ActivityDeps,
  _tx: Tx,
  _policy: LibraryPolicy,
  { request, attempt, says, at }: Arrival,
): Promise<string[]> {
  const due = says?.statusInfo.dueDate;
  request.state = 'shipped';
  request.shippedAt = at;
  if (due !== undefined && request.service === 'loan') {
    request.dueAt = new Date(Temporal.Instant.from(due).epochMilliseconds);
    if (attempt) attempt.dueAt = request.dueAt;
  }
  return [];
}

/** A message about something that was shipped before; the reader and the request are locked. */
export interface DueNews extends Arrival {
  readonly attempt: IllAttempt;
  readonly says: SupplierSays;
}

/**
 * Heeds `Overdue`, `Recalled`, the answer to a renewal (`RenewResponse`), `LoanCompleted` and `CompletedWithoutReturn` (I13): moves the reader's due date, tells the reader, ends the request with all that belongs to it
 * here. Of the attempt it sets `dueAt`, nothing else. Answers the workflows to wake after the commit.
 */
export async function heedDue(
  _deps: ActivityDeps,
  _tx: Tx,
  _policy: LibraryPolicy,
  { request, says, at }: DueNews,
): Promise<string[]> {
  const { status } = says.statusInfo;
  if (status !== 'LoanCompleted' && status !== 'CompletedWithoutReturn') return [];
  request.state = status === 'LoanCompleted' ? 'completed' : 'lost';
  request.endedAt = at;
  return [];
}

/** The states in which delivery has its turn: in these, and only in these, `lookAt` is kept by this file's functions. */
export const deliveryStates = ['shipped', 'received', 'held', 'available', 'lent', 'returning'] as const;

export const isDelivering = ({ state }: Pick<IllRequest, 'state'>): boolean =>
  (deliveryStates as readonly string[]).includes(state);

/**
 * Does what has become due of something shipped: releases a document when nothing is to be paid any more (I16), lets its time run out, asks staff after what did not come. For every look at a request in one of the
 * `deliveryStates`; it changes nothing when nothing is due. Answers the workflows to wake after the commit.
 */
export async function lookAtDelivery(
  _deps: ActivityDeps,
  _tx: Tx,
  _policy: LibraryPolicy,
  _request: IllRequest,
  _at: Date,
): Promise<string[]> {
  return [];
}
