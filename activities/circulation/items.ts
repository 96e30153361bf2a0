import { Hold, Item, type Loan, Patron } from '../../db/entities/index.ts';
import { copiesOfIssue } from '../../db/queries/queue.ts';
import { titleFacts } from '../../db/queries/title-facts.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { ItemState } from '../../domain/kinds.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Reason, type RefusalCode, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { lockInHand } from './check-in.ts';
import type { ActivityDeps } from '../deps.ts';
import { endHold } from './end-hold.ts';
import { chargeLost, priceReasons } from './lost-items.ts';
import { takeBack } from './queue.ts';
import { queueNotice, withdrawNotices } from '../notices/queue-notice.ts';
import { holdSubject, itemSubject, loanSubject, record } from '../record.ts';

export interface MarkItem extends Step {
  readonly itemId: string;
  readonly state: 'lost' | 'missing' | 'withdrawn';
  readonly actor: Actor;
  readonly remarkId?: string;
  /** What a lost copy costs, where staff state it; minor units. */
  readonly priceMinor?: number;
}

/** Staff decisions about a copy. */
export function createItemActivities(deps: ActivityDeps) {
  return { markItem: (mark: MarkItem) => markItem(deps, mark) };
}

/**
 * Marks an item lost, missing or withdrawn (H11): a loan of it ends as lost; a hold it was kept for goes back to its old place and the reader is told; when no
 * copy is left that could ever come, the title's holds end and everyone is told.
 */
async function markItem(deps: ActivityDeps, mark: MarkItem): Promise<Refused | { state: ItemState }> {
  const { wake, ...answer } = await once(deps.orm, mark, async (tx) => {
    const seen = await tx.findOne(Item, { id: mark.itemId });
    if (!seen) return { ...refuse({ code: 'item-unknown' }), wake: [] };
    const { item, loan } = await lockInHand(tx, seen);
    const policy = deps.policies.get(item.library);
    if (item.illRequestId) return { ...refuse({ code: 'item-of-supplier' }), wake: [] };
    const reasons = [...markReasons(item, mark), ...priceReasons(policy, mark.priceMinor)];
    if (reasons.length > 0) return { ...refuse(...reasons), wake: [] };
    const before = item.state;
    const at = new Date(mark.now);
    if (loan && mark.state === 'lost') await chargeLost(tx, policy, loan, item, { ...mark, at });
    const told = [...(await giveUpLoan(tx, loan, mark)), ...(await giveUpHold(tx, policy, item, mark))];
    Object.assign(item, { state: mark.state, stateSince: at, transitTo: null, holdId: null });
    const detail = { before, after: mark.state, ...(mark.remarkId && { remarkId: mark.remarkId }) };
    record(tx, itemSubject(item), { kind: 'item-marked', actor: mark.actor, at, detail });
    await tx.flush();
    return { state: item.state, wake: [...told, ...(await endHopeless(deps, tx, item, mark))] };
  });
  await deps.engine.wake(wake);
  return answer;
}

function markReasons(item: Item, mark: MarkItem): Reason[] {
  if (item.state === mark.state) return [{ code: 'item-state-unchanged', state: item.state }];
  if (item.state === 'lent-out') return [{ code: 'item-lent-out' }];
  return item.state === 'on-loan' && mark.state !== 'lost' ? [{ code: 'item-on-loan' }] : [];
}

async function giveUpLoan(tx: Tx, loan: Loan | undefined, { actor, now }: MarkItem): Promise<string[]> {
  if (!loan) return [];
  const at = new Date(now);
  loan.endedAt = at;
  loan.endReason = 'lost';
  await withdrawNotices(tx, loan.id, at, ['due-soon', 'overdue']);
  record(tx, loanSubject(loan), { kind: 'lost', actor, at });
  return [`loan:${loan.id}`];
}

const reasonFor: Record<MarkItem['state'], RefusalCode> = {
  lost: 'item-lost',
  missing: 'item-missing',
  withdrawn: 'item-withdrawn',
};

async function giveUpHold(
  tx: Tx,
  policy: LibraryPolicy,
  item: Item,
  { state, actor, now }: MarkItem,
): Promise<string[]> {
  const hold = item.holdId ? await tx.findOne(Hold, { id: item.holdId }) : null;
  if (!hold) return [];
  const at = new Date(now);
  await takeBack(tx, hold, at);
  const patron = await tx.findOneOrFail(Patron, { id: hold.patronId });
  await queueNotice(tx, policy, patron, holdSubject(hold), {
    kind: 'passed-over',
    cause: `${reasonFor[state]}:${item.id}:${at.toISOString()}`,
    at,
    content: { reasons: [{ code: reasonFor[state] }] },
  });
  record(tx, holdSubject(hold), {
    kind: 'hold-back-to-queue',
    actor,
    at,
    detail: { itemId: item.id, state },
  });
  return [`hold:${hold.id}`];
}

/** Ends the waiting holds for which no copy is left (H11); the title is locked. */
async function endHopeless(
  deps: ActivityDeps,
  tx: Tx,
  item: Item,
  { actor, now }: MarkItem,
): Promise<string[]> {
  const { titleId } = item;
  const facts = await titleFacts(tx, titleId);
  const waiting = await tx.find(Hold, { titleId, state: 'waiting' }, { orderBy: { queueNo: 'asc' } });
  const wake: string[] = [];
  for (const hold of waiting) {
    const asked = hold.requestedItemId ? await copiesOfIssue(tx, hold.requestedItemId) : undefined;
    const copies = facts.items.filter(({ id }) => asked?.includes(id) ?? true);
    if (!copies.every(({ state, forLoan }) => !forLoan || isGone(state))) continue;
    wake.push(`hold:${hold.id}`);
    await endHold(deps, tx, hold, { state: 'cancelled', reason: 'no-items', actor, at: new Date(now) });
  }
  return wake;
}

/** A missing copy may turn up again; lost and withdrawn ones do not. */
const isGone = (state: ItemState): boolean => state === 'lost' || state === 'withdrawn';
