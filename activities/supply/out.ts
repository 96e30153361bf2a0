import { Item } from '../../db/entities/index.ts';
import { lockItem, lockTitle, present } from '../../db/locks.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { isOut } from '../../domain/supply.ts';
import { placeBack } from '../circulation/check-in.ts';
import { movedOn } from './answers.ts';
import { completeReturn, loseSupply } from './back.ts';
import { dropTasks, type SupplyInHand, tell } from './desk.ts';
import { noteOf, say } from './say.ts';
import type { GiveUpSupply, RecallSupply, ReceiveBack, SayOverdue } from './steps.ts';

type Done = Promise<Refused | undefined>;

/** Asks for it back before its time. */
export async function recall(hand: SupplyInHand, { remarkId }: RecallSupply): Done {
  const { supply, at } = hand;
  if (!isOut(supply.status) || supply.status === 'Recalled') return refuse(movedOn(hand));
  Object.assign(supply, { status: 'Recalled', recalledAt: at });
  tell(hand, 'supply-recalled');
  await say(hand, { reason: 'StatusChange', note: await noteOf(hand, remarkId) });
  return undefined;
}

/** Says that it is overdue: staff at any time after the due date, the rule on its day. */
export async function sayOverdue(hand: SupplyInHand, { remarkId }: Pick<SayOverdue, 'remarkId'>): Done {
  const { supply, at } = hand;
  if (!isOut(supply.status)) return refuse(movedOn(hand));
  if (supply.dueAt && supply.dueAt > at)
    return refuse({ code: 'supply-not-due', dueAt: supply.dueAt.toISOString() });
  Object.assign(supply, { status: 'Overdue', overdueAt: at });
  tell(hand, 'supply-overdue', { dueAt: supply.dueAt });
  await say(hand, { reason: 'StatusChange', note: await noteOf(hand, remarkId) });
  return undefined;
}

/** It is back: a copy of our own gets its place as at any check-in, and its next reader. */
export async function receiveBack(hand: SupplyInHand, { branch, remarkId }: ReceiveBack): Done {
  const { supply } = hand;
  if (!isOut(supply.status)) return refuse(movedOn(hand));
  await completeReturn(hand, await noteOf(hand, remarkId));
  if (supply.itemId) await takeIn(hand, supply.itemId, branch);
  return undefined;
}

async function takeIn({ tx, policy, at, actor, wake }: SupplyInHand, itemId: string, branch: string) {
  const { titleId } = present(await tx.findOne(Item, { id: itemId }), `item ${itemId}`);
  await lockTitle(tx, titleId);
  const item = present(await lockItem(tx, itemId), `item ${itemId}`);
  if (item.state !== 'lent-out') return;
  const placed = await placeBack(tx, { item, policy, at, actor }, branch);
  wake.push(...placed.wake);
}

export async function giveUp(hand: SupplyInHand, { remarkId, costMinor }: GiveUpSupply): Done {
  if (!isOut(hand.supply.status)) return refuse(movedOn(hand));
  await dropTasks(hand);
  const { currency } = hand.policy;
  const cost = costMinor === undefined ? undefined : { amountMinor: costMinor, currency };
  await loseSupply(hand, 'given-up', { note: await noteOf(hand, remarkId), cost });
  return undefined;
}
