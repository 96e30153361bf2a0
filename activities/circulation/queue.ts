import { Hold, Patron } from '../../db/entities/index.ts';
import { patronFacts } from '../../db/queries/patron-facts.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { eligibleToBeServed } from '../../domain/patrons.ts';
import type { Reason } from '../../domain/refusal.ts';
import { instant } from '../facts.ts';
import { queueNotice, withdrawNotices } from '../notices/queue-notice.ts';
import { holdSubject, record } from '../record.ts';
import { assign, type InHand } from './secure.ts';
import { resolveTask } from '../tasks.ts';

/** Whose turn it was: the hold served, and everyone whose workflow must look again. */
export interface Served {
  readonly hold: Hold | undefined;
  readonly wake: readonly string[];
}

/** A waiting hold that the item could serve, and what hinders its reader. */
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
  const passed: Candidate[] = [];
  for await (const candidate of candidatesFor(tx, inHand)) {
    if (candidate.hindrances.length === 0) {
      await assign(tx, inHand, candidate.hold);
      const wake = [...(await passOver(tx, inHand, passed)), workflowOf(candidate.hold)];
      return { hold: candidate.hold, wake };
    }
    passed.push(candidate);
  }
  return { hold: undefined, wake: await passOver(tx, inHand, passed) };
}

/** Who stands in the queue for the item before a place in it, other than the reader themselves. */
export interface Ahead {
  readonly waiting: number;
  /** Those who may have nothing at present, and so hinder nobody (H11). */
  readonly hindered: readonly Candidate[];
}

export const nobodyAhead: Ahead = { waiting: 0, hindered: [] };

export async function aheadOf(
  tx: Tx,
  inHand: InHand,
  { patronId, queueNo }: { patronId: string; queueNo: number },
): Promise<Ahead> {
  const ahead: Candidate[] = [];
  for await (const candidate of candidatesFor(tx, inHand)) {
    if (candidate.hold.queueNo >= queueNo) break;
    if (candidate.patron.id !== patronId) ahead.push(candidate);
  }
  const hindered = ahead.filter(({ hindrances }) => hindrances.length > 0);
  return { waiting: ahead.length - hindered.length, hindered };
}

const workflowOf = (hold: Hold): string => `hold:${hold.id}`;

/** The waiting holds the item could serve, first come first, each with what hinders its reader. */
async function* candidatesFor(tx: Tx, inHand: InHand): AsyncGenerator<Candidate> {
  for (let after = 0; ;) {
    const candidates = await nextCandidates(tx, inHand, after);
    yield* candidates;
    const last = candidates.at(-1);
    if (!last || candidates.length < page) return;
    after = last.hold.queueNo;
  }
}

async function nextCandidates(tx: Tx, { item, policy, at }: InHand, after: number): Promise<Candidate[]> {
  await tx.flush();
  const rows = await tx.execute<{ id: string; patron_id: string; blocked: boolean }[]>(
    `select hold.id, hold.patron_id, exists (select from block where patron_id = hold.patron_id and lifted_at is null) as blocked
     from hold
     where title_id = ? and state = 'waiting' and queue_no > ? and (requested_item_id is null or same_issue(requested_item_id, ?))
     order by queue_no limit ?`,
    [item.titleId, after, item.id, page],
  );
  if (rows.length === 0) return [];
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

/** Passes readers over; each is told once a day, not for each item that passes by. Answers whom to wake. */
export async function passOver(
  tx: Tx,
  { item, policy, at }: InHand,
  candidates: readonly Candidate[],
): Promise<string[]> {
  const day = civilDay(policy, instant(at)).toString();
  for (const { hold, patron, hindrances: reasons } of candidates) {
    await queueNotice(tx, policy, patron, holdSubject(hold), {
      kind: 'passed-over',
      cause: `passed-over:${day}`,
      at,
      content: { reasons },
    });
    const detail = { itemId: item.id, reasons };
    record(tx, holdSubject(hold), { kind: 'hold-passed-over', actor: 'system', at, detail });
  }
  return candidates.map(({ hold }) => workflowOf(hold));
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
