import { Item } from '../../db/entities/index.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { tellSupplier } from './attempt.ts';
import { takeBackShipped } from './booking.ts';
import { type Held, latestAttempt } from './held.ts';
import { remarkText } from './note.ts';
import { tell } from './notices.ts';
import { isReaders } from './readers-acts.ts';
import { complete, toBeSentBack } from './returning.ts';
import { requestSubject } from './standing.ts';
import type { HandOut, ReceiveThing, TakeBackThing } from './delivery-steps.ts';
import { freeBarcode, keepFor, makeItem } from './thing.ts';

/**
 * What a supplier has sent has come to the library (I9). A loan is kept for its reader at the place they chose, and they are told as of any hold; a copy on paper is theirs. What has come
 * damaged, or is not what was asked for, goes back, and the supplier is told why.
 */
export async function receive(held: Held, wish: ReceiveThing): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  if (request.state !== 'shipped' || request.direct)
    return refuse({ code: 'request-moved-on', state: request.state });
  const refused = request.service === 'loan' ? await receiveLoan(held, wish) : await receiveCopy(held, wish);
  if (refused) return refused;
  request.receivedAt = at;
  request.lookAt = null;
  await resolveTask(tx, 'ill-missing', request.id, { at, by: actor, outcome: 'settled' });
  const detail = {
    ...(wish.unusable && { unusable: true }),
    ...(wish.remarkId && { remarkId: wish.remarkId }),
  };
  record(tx, requestSubject(request), { kind: 'ill-received', actor, at, detail });
  return undefined;
}

async function receiveLoan(held: Held, wish: ReceiveThing): Promise<Refused | undefined> {
  const { request, patron } = held;
  const { branch, remarkId } = wish;
  const attempt = await latestAttempt(held);
  const barcode = wish.barcode ?? `ILL-${request.number}`;
  const usable = !wish.unusable && !request.cancelWantedAt;
  if (usable && patron && !(await isFree(held, barcode))) return refuse({ code: 'barcode-taken', barcode });
  if (attempt) await tellSupplier(held, attempt, { action: 'Received' });
  if (!usable) {
    if (wish.unusable) await complain(held, remarkId);
    await toBeSentBack(held, branch, wish.unusable ? 'unusable' : 'cancelled');
    return undefined;
  }
  request.state = 'received';
  if (!patron) return undefined;
  const item = await makeItem(held, { branch, barcode, attempt });
  if (request.delivery !== 'pickup' || !request.place) return undefined;
  const hold = await keepFor(held, item, request.place);
  held.rouse.push({ process: 'hold', id: hold.id, library: hold.library, patronId: patron.id });
  return undefined;
}

/** A volume that was lost once and comes again gives its barcode to the new copy. */
async function isFree({ tx, request }: Held, barcode: string): Promise<boolean> {
  const before = await tx.findOne(Item, { library: request.library, barcode });
  if (!before) return true;
  if (!before.illRequestId || before.state !== 'lost') return false;
  freeBarcode(before);
  await tx.flush();
  return true;
}

/** What cannot be used is not paid for, as far as the policy says so; the reader is told. */
async function complain(held: Held, remarkId: string | undefined): Promise<void> {
  const { tx, policy, request, at, actor } = held;
  const attempt = await latestAttempt(held);
  const note = await remarkText(tx, remarkId);
  if (attempt) await tellSupplier(held, attempt, { action: 'Notification', note });
  await takeBackShipped(tx, policy, { request, attempt, why: 'not-received', at, actor });
  await tell(held, { kind: 'ill-unusable', cause: `unusable:${at.getTime()}`, content: { remarkId } });
}

async function receiveCopy(held: Held, { unusable, remarkId }: ReceiveThing): Promise<Refused | undefined> {
  const { request, at } = held;
  if (unusable) {
    await complain(held, remarkId);
    complete(held, 'unusable');
    return undefined;
  }
  request.state = 'received';
  await tell(held, { kind: 'ill-arrived', cause: `arrived:${at.getTime()}` });
  return undefined;
}

/**
 * A copy on paper, or a thing for somebody without a card, is handed over or posted by the librarian (I6, I7). A reader to whom it was sent straight says so themselves: it has come.
 */
export async function handOut(held: Held, _wish: HandOut): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  if (isReaders(held)) return refuse({ code: 'request-moved-on', state: request.state });
  if (request.direct && request.state === 'shipped') {
    request.receivedAt = at;
    request.state = 'received';
  } else if (request.state !== 'received' || request.itemId || (request.direct && request.service === 'loan'))
    return refuse({ code: 'request-moved-on', state: request.state });
  record(tx, requestSubject(request), { kind: 'ill-handed-out', actor, at });
  if (request.service === 'copy') complete(held, null);
  else if (!request.direct) request.state = 'lent';
  return undefined;
}

/** The librarian has a thing back that was handed out without a card. */
export async function takeBack(held: Held, { branch }: TakeBackThing): Promise<Refused | undefined> {
  const { request } = held;
  if (request.state !== 'lent' || request.itemId)
    return refuse({ code: 'request-moved-on', state: request.state });
  await toBeSentBack(held, branch, 'returned');
  return undefined;
}
