import { type Hold, type Item, Patron } from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import type { Tx } from '../../db/transaction.ts';
import { findPlace } from '../../domain/calendar.ts';
import { phoneTaskDueAt, pickupWindow } from '../../domain/holds.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import { instant, toDate } from '../facts.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { holdSubject, record } from '../record.ts';
import { openTask } from '../tasks.ts';

/** An item in hand at a branch, its row locked, and the moment. */
export interface InHand {
  readonly item: Item;
  readonly policy: LibraryPolicy;
  readonly at: Date;
  readonly actor: Actor;
}

/** The branch through which a pickup place is served: itself, or the one that loads the mobile library. */
export function servingBranch(policy: LibraryPolicy, place: string): string {
  return findPlace(policy, place)?.servedFrom ?? place;
}

/**
 * Gives the item to the hold: onto the hold shelf when it is at the branch that serves the pickup place, otherwise on its way there, to be secured on arrival.
 * The title and the item are locked.
 */
export async function assign(tx: Tx, { item, policy, at, actor }: InHand, hold: Hold): Promise<void> {
  const branch = servingBranch(policy, hold.pickupPlace);
  item.holdId = hold.id;
  item.stateSince = at;
  hold.itemId = item.id;
  if (item.atBranch === branch) {
    await secure(tx, { item, policy, at, actor }, hold);
    return;
  }
  item.state = 'in-transit';
  item.transitTo = branch;
  hold.state = 'in-transit';
  hold.securedAt = null;
  record(tx, holdSubject(hold), {
    kind: 'hold-in-transit',
    actor,
    at,
    detail: { itemId: item.id, from: item.atBranch, to: branch },
  });
}

/** Puts the item on the hold shelf for the hold and sets off the contact (H6): a mail, a phone task, or for "none" the window at once. */
async function secure(tx: Tx, { item, policy, at, actor }: InHand, hold: Hold): Promise<void> {
  item.state = 'hold-shelf';
  item.transitTo = null;
  hold.state = 'secured';
  hold.securedAt = at;
  const patron = await tx.findOneOrFail(Patron, { id: hold.patronId });
  await queueNotice(tx, policy, patron, holdSubject(hold), {
    kind: 'secured',
    cause: `secured:${item.id}:${at.toISOString()}`,
    at,
    inAccountOnly: hold.contact !== 'mail',
  });
  record(tx, holdSubject(hold), {
    kind: 'hold-secured',
    actor,
    at,
    detail: { itemId: item.id, contact: hold.contact },
  });
  if (hold.contact === 'none') await beginWindow(tx, policy, hold, at);
  else if (hold.contact === 'phone' || patron.emailState !== 'confirmed')
    await askForCall(tx, policy, hold, at);
}

/** The reader has been contacted: the week begins (H6). */
export async function beginWindow(
  tx: Tx,
  policy: LibraryPolicy,
  hold: Hold,
  contactedAt: Date,
): Promise<void> {
  const closures = await closuresFrom(tx, hold.library, contactedAt);
  hold.contactedAt = contactedAt;
  hold.keepUntil = toDate(
    pickupWindow({ policy, closures, place: hold.pickupPlace, from: instant(contactedAt) }),
  );
}

/** A task for the desk to phone the reader; the week begins when the call is recorded (H6). */
export async function askForCall(tx: Tx, policy: LibraryPolicy, hold: Hold, at: Date): Promise<void> {
  const closures = await closuresFrom(tx, hold.library, at);
  await openTask(tx, holdSubject(hold), {
    kind: 'phone-reader',
    branch: servingBranch(policy, hold.pickupPlace),
    workflowId: `hold:${hold.id}`,
    at,
    dueAt: toDate(phoneTaskDueAt({ policy, closures, place: hold.pickupPlace, from: instant(at) })),
  });
}
