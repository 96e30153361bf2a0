import { v7 as uuid } from 'uuid';
import { Hold, type IllAttempt, Item, Loan, Title } from '../../db/entities/index.ts';
import { lockItem, lockTitle, present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Actor } from '../../domain/roles.ts';
import { close } from '../circulation/end-hold.ts';
import { withdrawNotices } from '../notices/queue-notice.ts';
import { holdSubject, loanSubject, record } from '../record.ts';
import { assign } from '../circulation/secure.ts';
import { formOf, type Held } from './held.ts';

/** Where the thing was unpacked, and what is scanned when it is lent. */
export interface Unpacked {
  readonly branch: string;
  readonly barcode: string;
  readonly attempt: IllAttempt | undefined;
}

/**
 * A lent thing that has come is a copy of a title that no catalogue shows (I9): shelf, pickup window, loan and return are those of any copy. Its home is the branch that unpacked it and
 * sends it back.
 */
export async function makeItem(held: Held, { branch, barcode, attempt }: Unpacked): Promise<Item> {
  const { tx, request, at } = held;
  const { content } = await formOf(held);
  const title = tx.create(Title, {
    id: uuid(),
    library: request.library,
    controlNumber: `ill:${request.id}:${attempt?.position ?? 0}:${at.getTime()}`,
    kind: 'ill',
    title: request.title,
    author: content.author ?? null,
    publisher: content.publisher ?? null,
    published: content.year ?? null,
    isbns: [],
    issns: [],
    searchText: '',
    createdAt: at,
  });
  await tx.flush();
  const item = tx.create(Item, {
    id: uuid(),
    library: request.library,
    titleId: title.id,
    barcode,
    branch,
    atBranch: branch,
    shelfMark: request.number,
    forLoan: true,
    state: 'available',
    stateSince: at,
    illRequestId: request.id,
    createdAt: at,
  });
  request.itemId = item.id;
  await tx.flush();
  return item;
}

/** Keeps the thing for its reader at the place they chose, or sends it there; from then on it is a hold like any other (H6, I19). */
export async function keepFor(held: Held, item: Item, place: string): Promise<Hold> {
  const { tx, policy, request, patron, at, actor } = held;
  const hold = tx.create(Hold, {
    id: uuid(),
    library: request.library,
    patronId: present(patron, 'reader').id,
    titleId: item.titleId,
    requestedItemId: item.id,
    kind: 'ill',
    state: 'waiting',
    pickupPlace: place,
    contact: policy.holds.contacts.includes('mail') ? 'mail' : (policy.holds.contacts[0] ?? 'none'),
    channel: 'desk',
    placedBy: actor,
    placedAt: at,
  });
  await tx.flush();
  record(tx, holdSubject(hold), {
    kind: 'hold-placed',
    actor,
    at,
    detail: { channel: 'desk', requestId: request.id },
  });
  await assign(tx, { item, policy, at, actor }, hold);
  await tx.flush();
  return hold;
}

/** The copy of a request with its title, locked; undefined where nothing of it is here. The request is locked. */
export async function lockThing({ tx, request }: Held): Promise<Item | undefined> {
  const seen = request.itemId ? await tx.findOne(Item, { id: request.itemId }) : null;
  if (!seen) return undefined;
  await lockTitle(tx, seen.titleId);
  return lockItem(tx, seen.id);
}

export interface Leaving {
  readonly tx: Tx;
  readonly at: Date;
  readonly actor: Actor;
}

/**
 * The thing has left for good: sent back, or lost. Whoever had it, or for whom it was kept, has it no longer. The barcode of what was sent back is free. Title and item are locked.
 * Answers the processes to wake.
 */
export async function letGo(
  { tx, at, actor }: Leaving,
  item: Item,
  how: 'returned' | 'lost',
): Promise<string[]> {
  const wake: string[] = [];
  const loan = await tx.findOne(Loan, { itemId: item.id, endedAt: null });
  if (loan) {
    Object.assign(loan, { endedAt: at, endReason: how });
    await withdrawNotices(tx, loan.id, at, ['due-soon', 'overdue']);
    record(tx, loanSubject(loan), { kind: how, actor, at });
    wake.push(`loan:${loan.id}`);
  }
  const hold = item.holdId ? await tx.findOne(Hold, { id: item.holdId }) : null;
  if (hold) {
    await close(tx, hold, 'cancelled', 'by-staff', at);
    record(tx, holdSubject(hold), { kind: 'hold-cancelled', actor, at, detail: { reason: 'by-staff' } });
    wake.push(`hold:${hold.id}`);
  }
  Object.assign(item, {
    state: how === 'lost' ? 'lost' : 'withdrawn',
    stateSince: at,
    holdId: null,
    transitTo: null,
  });
  // What is lost may be found, and is known by its barcode then.
  if (how === 'returned') freeBarcode(item);
  return wake;
}

/** The same volume may come again: its barcode is another copy's from now on. */
export function freeBarcode(item: Item): void {
  item.barcode = `${item.barcode} ${item.id.slice(-12)}`;
}
