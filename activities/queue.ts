import { Hold, Patron } from '../db/entities/index.ts';
import { patronFacts } from '../db/queries/patron-facts.ts';
import type { Tx } from '../db/transaction.ts';
import { civilDay } from '../domain/calendar.ts';
import { eligibleToBeServed } from '../domain/patrons.ts';
import type { Reason } from '../domain/refusal.ts';
import { instant } from './facts.ts';
import { queueNotice, withdrawNotices } from './queue-notice.ts';
import { holdSubject, record } from './record.ts';
import { assign, type InHand } from './secure.ts';
import { resolveTask } from './tasks.ts';

/** Whose turn it was: the hold served, and everyone whose workflow must look again. */
export interface Served {
  readonly hold: Hold | undefined;
  readonly wake: readonly string[];
}

interface Candidate {
  readonly hold: Hold;
  readonly patron: Patron;
  readonly hindrances: readonly Reason[];
}

const page = 50;

/**
 * Gives the item to the first hold in the title's queue whose reader may have it (H5, H11); readers who may not are passed over, keep their place and are told
 * once. Title and item are locked; readers are only read, since their locks come before the title's.
 */
export async function serveNext(tx: Tx, inHand: InHand): Promise<Served> {
  const passed: Hold[] = [];
  for (let after = 0; ;) {
    const candidates = await nextCandidates(tx, inHand, after);
    for (const { hold, patron, hindrances } of candidates) {
      if (hindrances.length === 0) {
        await assign(tx, inHand, hold);
        return { hold, wake: [...passed, hold].map(workflowOf) };
      }
      await passOver(tx, inHand, hold, patron, hindrances);
      passed.push(hold);
    }
    const last = candidates.at(-1);
    if (!last || candidates.length < page) return { hold: undefined, wake: passed.map(workflowOf) };
    after = last.hold.queueNo;
  }
}

const workflowOf = (hold: Hold): string => `hold:${hold.id}`;

async function nextCandidates(tx: Tx, { item, policy, at }: InHand, after: number): Promise<Candidate[]> {
  await tx.flush();
  const rows = await tx.execute<{ id: string; patron_id: string; blocked: boolean }[]>(
    `select hold.id, hold.patron_id, exists (select from block where patron_id = hold.patron_id and lifted_at is null) as blocked
     from hold
     where title_id = ? and state = 'waiting' and queue_no > ? and (requested_item_id is null or requested_item_id = ?)
     order by queue_no limit ?`,
    [item.titleId, after, item.id, page],
  );
  const holds = new Map(
    (await tx.find(Hold, { id: rows.map(({ id }) => id) })).map((hold) => [hold.id, hold]),
  );
  const patrons = await tx.find(Patron, { id: rows.map((row) => row.patron_id) });
  const today = civilDay(policy, instant(at));
  return rows.map((row) => {
    const patron = patrons.find(({ id }) => id === row.patron_id) as Patron;
    const hindrances = eligibleToBeServed(patronFacts(patron, row.blocked), today);
    return { hold: holds.get(row.id) as Hold, patron, hindrances };
  });
}

/** Told once for each day it happens, not for each item that passes by. */
async function passOver(
  tx: Tx,
  { item, policy, at }: InHand,
  hold: Hold,
  patron: Patron,
  reasons: readonly Reason[],
): Promise<void> {
  const day = instant(at).toZonedDateTimeISO(policy.timeZone).toPlainDate();
  await queueNotice(tx, policy, patron, holdSubject(hold), {
    kind: 'passed-over',
    cause: `passed-over:${day.toString()}`,
    at,
    content: { reasons },
  });
  record(tx, holdSubject(hold), {
    kind: 'hold-passed-over',
    actor: 'system',
    at,
    detail: { itemId: item.id, reasons },
  });
}

/**
 * Takes the item away from an open hold, which goes back to waiting at its old place in the queue (H11), or is about to be ended by the caller. What was queued
 * about the pickup is withdrawn.
 */
export async function takeBack(tx: Tx, hold: Hold, at: Date): Promise<void> {
  hold.state = 'waiting';
  hold.itemId = null;
  hold.securedAt = null;
  hold.contactedAt = null;
  hold.keepUntil = null;
  await withdrawNotices(tx, hold.id, at, ['secured']);
  await resolveTask(tx, 'phone-reader', hold.id, { at, by: 'system', outcome: 'dropped' });
}

/** After a hold has given up its item: the next reader's, or off the hold shelf (H6). Returns whom to wake. */
export async function passOn(tx: Tx, inHand: InHand): Promise<Served> {
  const { item, at } = inHand;
  item.holdId = null;
  item.stateSince = at;
  if (item.state === 'in-transit') return { hold: undefined, wake: [] };
  item.state = 'put-away';
  return serveNext(tx, inHand);
}
