import { Block, Charge, Hold, Patron, PatronIdentity, Session } from '../../db/entities/index.ts';
import { lockItem, lockLibrary, lockPatron, lockTitle, lockWithMain } from '../../db/locks.ts';
import { dataOf } from '../../db/patron-data.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { refuse, type Reason, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { endHold } from '../circulation/end-hold.ts';
import { lockRequestOfHold } from '../ill/desk.ts';
import { part } from '../families/family-links.ts';
import type { Pair } from '../families/family-notices.ts';
import { type Reversal, reverseCharge } from '../charges/money.ts';
import { noteChange } from './note-change.ts';
import type { ToDeliver } from '../notices/notices.ts';
import { record, type Subject } from '../record.ts';

interface PatronStep extends Step {
  readonly patronId: string;
  readonly actor: Actor;
  readonly remarkId?: string;
}

export interface BlockPatron extends PatronStep {
  readonly blockId: string;
  /** A code with a text in every language. */
  readonly reason: string;
}

export interface LiftBlock extends PatronStep {
  readonly blockId: string;
}

export type ClosePatron = PatronStep;

/** Staff decisions about one reader's card. */
export function createPatronActivities(deps: ActivityDeps) {
  return {
    blockPatron: (step: BlockPatron) => once(deps.orm, step, (tx) => blockPatron(tx, step)),
    liftBlock: (step: LiftBlock) => once(deps.orm, step, (tx) => liftBlock(tx, step)),
    closePatron: (step: ClosePatron) => closePatron(deps, step),
  };
}

function subjectOf(patron: Patron): Subject {
  return { type: 'patron', id: patron.id, library: patron.library, patronId: patron.id };
}

const remarkOf = ({ remarkId }: PatronStep) => (remarkId ? { remarkId } : {});

/** Blocks one card; holds keep their place and are passed over meanwhile (H11). */
async function blockPatron(tx: Tx, step: BlockPatron): Promise<Refused | { blockId: string }> {
  const patron = await lockPatron(tx, step.patronId);
  if (!patron) return refuse({ code: 'patron-unknown' });
  const { blockId, reason, actor } = step;
  const at = new Date(step.now);
  tx.create(Block, {
    id: blockId,
    patronId: patron.id,
    reason,
    remarkId: step.remarkId ?? null,
    placedBy: actor,
    placedAt: at,
  });
  record(tx, subjectOf(patron), {
    kind: 'blocked',
    actor,
    at,
    detail: { blockId, reason, ...remarkOf(step) },
  });
  return { blockId };
}

async function liftBlock(tx: Tx, step: LiftBlock): Promise<Refused | { blockId: string }> {
  const patron = await lockPatron(tx, step.patronId);
  const block = await tx.findOne(Block, { id: step.blockId, patronId: step.patronId });
  if (!patron || !block) return refuse({ code: 'block-unknown' });
  if (block.liftedAt) return refuse({ code: 'block-lifted', at: block.liftedAt.toISOString() });
  const at = new Date(step.now);
  block.liftedAt = at;
  block.liftedBy = step.actor;
  record(tx, subjectOf(patron), {
    kind: 'block-lifted',
    actor: step.actor,
    at,
    detail: { blockId: block.id, ...remarkOf(step) },
  });
  return { blockId: block.id };
}

/** Closes a card that has nothing open; its holds end, and what was kept for them goes to the next readers (H11). */
async function closePatron(
  deps: ActivityDeps,
  step: ClosePatron,
): Promise<Refused | (ToDeliver & { patronId: string })> {
  const { wake, ...answer } = await once(deps.orm, step, async (tx) => {
    const seen = await tx.findOne(Patron, { id: step.patronId });
    // A closing day entered meanwhile moves several of the holds in an order of its own.
    if (seen) await lockLibrary(tx, seen.library);
    const cards = await lockWithMain(tx, step.patronId);
    if (!cards) return { ...refuse({ code: 'patron-unknown' }), wake: [] };
    const { sub: patron, main } = cards;
    const reasons = await openBusiness(tx, patron);
    if (reasons.length > 0) return { ...refuse(...reasons), wake: [] };
    const at = new Date(step.now);
    const deliver = main ? await leaveFamily(deps, tx, { main, sub: patron }, step) : [];
    const woken = await endHolds(deps, tx, patron.id, step.actor, at);
    await dropUnpaidFee(tx, patron.id, { operation: step.operation, actor: step.actor, at });
    patron.closedAt = at;
    await tx.nativeUpdate(Session, { holderId: patron.id, revokedAt: null }, { revokedAt: at });
    await releaseNames(tx, patron, step.actor, at);
    record(tx, subjectOf(patron), { kind: 'closed', actor: step.actor, at, detail: remarkOf(step) });
    return { patronId: patron.id, deliver, wake: [...woken, `membership:${patron.id}`] };
  });
  await deps.engine.wake(wake);
  return answer;
}

async function openBusiness(tx: Tx, patron: Patron): Promise<Reason[]> {
  if (patron.closedAt) return [{ code: 'patron-closed' }];
  const [row] = await tx.execute<{ loans: number; owed: string; subs: number }[]>(
    `select (select count(*)::int from loan where patron_id = ? and ended_at is null) as loans,
            (select coalesce(sum(remaining), 0) from charge where patron_id = ? and remaining > 0
              and not (cause = 'membership' and remaining = amount))
              + (select greatest(coalesce(sum(amount), 0), 0) from posting where account = 'prepaid:' || ?) as owed,
            (select count(*)::int from patron where main_id = ?) as subs`,
    [patron.id, patron.id, patron.id, patron.id],
  );
  const reasons: Reason[] = [];
  if (row && row.loans > 0) reasons.push({ code: 'patron-has-loans', loans: row.loans });
  if (row && Number(row.owed) > 0) reasons.push({ code: 'patron-owes', amountMinor: Number(row.owed) });
  if (row && row.subs > 0) reasons.push({ code: 'patron-has-subs', subs: row.subs });
  return reasons;
}

/** A usage fee is for the time to come: closed before anything was paid of it, a card owes none. */
async function dropUnpaidFee(tx: Tx, patronId: string, step: Omit<Reversal, 'reason'>): Promise<void> {
  const unpaid = await tx.find(Charge, { patronId, cause: 'membership', remaining: { $gt: 0n } });
  for (const charge of unpaid) {
    const operation = `${step.operation}:${charge.id}`;
    await reverseCharge(tx, charge, { ...step, operation, reason: 'closed' });
  }
}

/** Nobody signs in to a closed card: its login and its institutional accounts are free for another card of the same person (A1). */
async function releaseNames(tx: Tx, patron: Patron, actor: Actor, at: Date): Promise<void> {
  const before = dataOf(patron);
  patron.login = null;
  const changeId = noteChange(tx, patron, before, { actor, at });
  if (changeId)
    record(tx, subjectOf(patron), {
      kind: 'patron-changed',
      actor,
      at,
      detail: { changeId, fields: ['login'] },
    });
  const bound = await tx.find(PatronIdentity, { patronId: patron.id });
  for (const identity of bound) {
    tx.remove(identity);
    const detail = { provider: identity.provider };
    record(tx, subjectOf(patron), { kind: 'identity-unbound', actor, at, detail });
  }
}

/** A sub card that is closed leaves its family. */
async function leaveFamily(deps: ActivityDeps, tx: Tx, pair: Pair, step: ClosePatron): Promise<string[]> {
  const { operation, actor, now, remarkId } = step;
  const policy = deps.policies.get(pair.sub.library);
  return part(tx, policy, pair, { operation, actor, at: new Date(now), remarkId });
}

/** Titles are locked in the order of their ids, so that two closings cannot wait for each other. */
async function endHolds(
  deps: ActivityDeps,
  tx: Tx,
  patronId: string,
  actor: Actor,
  at: Date,
): Promise<string[]> {
  const open = { patronId, state: { $in: ['waiting', 'in-transit', 'secured'] } } as const;
  const titles = (await tx.find(Hold, open)).map(({ titleId }) => titleId).toSorted();
  for (const kept of await tx.find(Hold, { ...open, kind: 'ill' })) await lockRequestOfHold(tx, kept);
  for (const title of titles) await lockTitle(tx, title);
  const holds = await tx.find(Hold, open, { refresh: true });
  for (const item of holds.flatMap(({ itemId }) => itemId ?? []).toSorted()) await lockItem(tx, item);
  const wake: string[] = [];
  for (const hold of holds) {
    wake.push(
      `hold:${hold.id}`,
      ...(await endHold(deps, tx, hold, { state: 'cancelled', reason: 'patron-closed', actor, at })),
    );
  }
  return wake;
}
