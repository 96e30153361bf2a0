import { Item, SupplyRequest } from '../../db/entities/index.ts';
import { lockItem, lockSupply, lockTitle, present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { type Cost, costsOf } from '../../domain/ill-costs.ts';
import { isOut, outStatuses } from '../../domain/supply.ts';
import { bookLostSupplied, takeBackSupplied } from '../ill/booking.ts';
import { itemSubject, record } from '../record.ts';
import { end, type SupplyInHand, tell } from './desk.ts';
import { say, type Saying } from './say.ts';
import { planNextLook } from './standing.ts';

/** Locks the outside request that a copy is out for; undefined when it is out for none. Before the title in the order of locks. */
export async function lockSupplyOf(tx: Tx, itemId: string): Promise<SupplyRequest | undefined> {
  const out = { itemId, endedAt: null, status: { $in: [...outStatuses] } };
  const seen = await tx.findOne(SupplyRequest, out);
  const supply = seen && (await lockSupply(tx, seen.id));
  return supply && isOut(supply.status) ? supply : undefined;
}

/** What was lent is back (I13): the requester is told, and nothing is left to do. Its copy's new place is its check-in's business. */
export async function completeReturn(hand: SupplyInHand, note?: string): Promise<void> {
  const { supply, at, policy } = hand;
  supply.returnedAt = at;
  await end(hand, 'LoanCompleted');
  planNextLook(policy, supply);
  tell(hand, 'supply-returned');
  await say(hand, { reason: 'StatusChange', note });
}

/** How a loss is told. */
export interface Loss {
  readonly note?: string | undefined;
  /** What the requester pays for the thing; absent: a copy's own price, where it had arrived. */
  readonly cost?: Cost | undefined;
}

/**
 * It will not come back, or never came: a copy of ours counts as lost. What the requester pays for it is booked and told with it, as the message's delivery cost: there is no
 * other place for it (I15, I18).
 */
export async function loseSupply(
  hand: SupplyInHand,
  why: 'not-received' | 'given-up',
  { note, cost }: Loss = {},
): Promise<void> {
  const { tx, policy, supply, at, actor } = hand;
  const arrived = supply.arrivedAt != null;
  await end(hand, 'CompletedWithoutReturn');
  tell(hand, 'supply-lost', { arrived });
  await loseItem(hand);
  if (why === 'not-received' && !arrived) await takeBackSupplied(tx, policy, supply, { why, at, actor });
  const owed = cost ?? (arrived ? await priceOfItem(hand) : undefined);
  if (!owed || owed.amountMinor === 0) return say(hand, { reason: 'StatusChange', note });
  return demandLost(hand, owed, { reason: 'StatusChange', note });
}

/** Books what the requester owes for a lost thing, once, and says so. */
export async function demandLost(
  hand: SupplyInHand,
  cost: Cost,
  saying: Pick<Saying, 'reason' | 'note'>,
): Promise<void> {
  const { tx, policy, supply, at, actor } = hand;
  const { amountMinor: costMinor, currency } = cost;
  await tx.flush();
  await bookLostSupplied(tx, policy, supply, { costMinor, currency, at, actor });
  const dateSent = (supply.shippedAt ?? at).toISOString();
  await say(hand, { ...saying, deliveryInfo: { dateSent, deliveryCosts: [costsOf(cost)] } });
}

async function priceOfItem({ tx, policy, supply }: SupplyInHand): Promise<Cost | undefined> {
  const item = supply.itemId ? await tx.findOne(Item, { id: supply.itemId }) : null;
  return item?.price == null ? undefined : { amountMinor: Number(item.price), currency: policy.currency };
}

async function loseItem({ tx, supply, at, actor }: SupplyInHand): Promise<void> {
  if (!supply.itemId) return;
  const { titleId } = present(await tx.findOne(Item, { id: supply.itemId }), `item ${supply.itemId}`);
  await lockTitle(tx, titleId);
  const item = present(await lockItem(tx, supply.itemId), `item ${supply.itemId}`);
  if (item.state !== 'lent-out') return;
  Object.assign(item, { state: 'lost', stateSince: at });
  record(tx, itemSubject(item), {
    kind: 'item-marked',
    actor,
    at,
    detail: { before: 'lent-out', after: 'lost' },
  });
}
