import { IllDocument, Item } from '../../db/entities/index.ts';
import { lockItem, lockTitle } from '../../db/locks.ts';
import { suppliedToken } from '../../domain/document-link.ts';
import { costsOf } from '../../domain/ill-costs.ts';
import type { IllService } from '../../domain/ill.ts';
import type { ItemState } from '../../domain/kinds.ts';
import { peerOf } from '../../domain/policy-peers.ts';
import { refuse, type Reason, type Refused } from '../../domain/refusal.ts';
import { isUnanswered, lentUntil } from '../../domain/supply.ts';
import { instant, toDate } from '../facts.ts';
import { bookSupplied } from '../ill/booking.ts';
import { suppliedAddress } from '../ill/offers.ts';
import { aheadOf } from '../circulation/queue.ts';
import { itemSubject, record } from '../record.ts';
import { movedOn } from './answers.ts';
import { closuresOf, dropTasks, end, type SupplyInHand, tell } from './desk.ts';
import { noteOf, say, type Saying } from './say.ts';
import type { ShipSupply } from './steps.ts';

/**
 * Ships it (运送; I8): the thing itself, with its due date, or a copy, with which all is done. The total cost is booked between the two libraries in the same transaction (I15). A copy of our own
 * catalogue that is lent counts as away from then on, until its check-in.
 */
export async function ship(hand: SupplyInHand, step: ShipSupply): Promise<Refused | undefined> {
  const { tx, policy, supply, at, actor } = hand;
  if (!isUnanswered(supply.status)) return refuse(movedOn(hand));
  const service = shippedAs(hand, step);
  if (!service) return refuse({ code: 'supply-service' });
  const reasons = service === 'loan' ? await lendItem(hand, step) : await documentReasons(hand, step);
  if (reasons.length > 0) return refuse(...reasons);
  Object.assign(supply, {
    service,
    costMinor: step.costMinor === undefined ? null : BigInt(step.costMinor),
    currency: policy.currency,
    itemNote: step.itemNote ?? null,
    shippedAt: at,
  });
  if (service === 'loan') await lend(hand, step);
  else await end(hand, 'CopyCompleted');
  await dropTasks(hand);
  tell(hand, 'supply-shipped', {
    service,
    ...(step.costMinor !== undefined && { amountMinor: step.costMinor, currency: policy.currency }),
    ...(supply.dueAt && { dueAt: supply.dueAt }),
    ...(supply.itemId && { itemId: supply.itemId }),
  });
  await bookSupplied(tx, policy, supply, at, actor);
  await say(hand, await shipment(hand, step));
  return undefined;
}

function shippedAs({ supply }: SupplyInHand, { as }: ShipSupply): IllService | undefined {
  if (as === undefined || as === supply.service) return supply.service;
  return supply.delivery.serviceType === 'CopyOrLoan' ? as : undefined;
}

async function lend(hand: SupplyInHand, { dueAt }: ShipSupply): Promise<void> {
  const { supply, policy, at } = hand;
  const days = { policy, closures: await closuresOf(hand), from: instant(at) };
  supply.dueAt = dueAt === undefined ? toDate(lentUntil(days)) : new Date(dueAt);
  Object.assign(supply, { status: 'Loaned', waitsFor: null });
}

const away: Partial<Record<ItemState, Reason>> = {
  'on-loan': { code: 'item-on-loan' },
  'hold-shelf': { code: 'item-kept-for-other' },
  'lent-out': { code: 'item-lent-out' },
  missing: { code: 'item-missing' },
  lost: { code: 'item-lost' },
  withdrawn: { code: 'item-withdrawn' },
};

/** Takes a copy of our own for it, unless something hinders. Title and item are locked after the request. */
async function lendItem(hand: SupplyInHand, { itemId, itemNote, dueAt }: ShipSupply): Promise<Reason[]> {
  const { tx, policy, supply, at, actor } = hand;
  if (itemId === undefined && itemNote === undefined) return [{ code: 'shipment-unnamed', service: 'loan' }];
  if (dueAt !== undefined && dueAt <= at.getTime()) return [{ code: 'supply-due-past' }];
  if (itemId === undefined) return [];
  const seen = await tx.findOne(Item, { id: itemId, library: supply.library });
  if (!seen) return [{ code: 'item-unknown' }];
  await lockTitle(tx, seen.titleId);
  const item = await lockItem(tx, itemId);
  if (!item) return [{ code: 'item-unknown' }];
  const reasons = await hindrances(hand, item);
  if (reasons.length > 0) return reasons;
  Object.assign(item, { state: 'lent-out', stateSince: at, transitTo: null });
  Object.assign(supply, { itemId, titleId: item.titleId });
  record(tx, itemSubject(item), {
    kind: 'item-lent-out',
    actor,
    at,
    detail: { supplyId: supply.id, peer: supply.peer },
  });
  return [];

  async function hindrances(_hand: SupplyInHand, copy: Item): Promise<Reason[]> {
    const found = away[copy.state];
    const kept = copy.holdId ? [{ code: 'item-kept-for-other' } as const] : [];
    const inHand = { item: copy, policy, at, actor };
    const queue = await aheadOf(tx, inHand, { patronId: '', queueNo: Number.MAX_SAFE_INTEGER });
    return [
      ...(found ? [found] : kept),
      ...(copy.forLoan ? [] : [{ code: 'not-for-loan' } as const]),
      ...(queue.waiting > 0 ? [{ code: 'title-has-queue', waiting: queue.waiting } as const] : []),
    ];
  }
}

async function documentReasons({ tx, supply }: SupplyInHand, step: ShipSupply): Promise<Reason[]> {
  const { documentId, addressId, byPost } = step;
  if (documentId === undefined && addressId === undefined && !byPost)
    return [{ code: 'shipment-unnamed', service: 'copy' }];
  if (documentId === undefined) return [];
  const ours = { id: documentId, about: 'supply', aboutId: supply.id, withdrawnAt: null } as const;
  return (await tx.findOne(IllDocument, ours)) ? [] : [{ code: 'supply-document-unknown' }];
}

async function shipment(hand: SupplyInHand, step: ShipSupply): Promise<Saying> {
  const { tx, supply, at, policy } = hand;
  const { costMinor, remarkId } = step;
  const address = await addressOf(hand, step);
  const old = peerOf(policy, supply.peer).edition === '1.2';
  const item = supply.itemId ? await tx.findOne(Item, { id: supply.itemId }) : null;
  const itemId = item?.barcode ?? supply.itemNote ?? undefined;
  const deliveryInfo = {
    dateSent: at.toISOString(),
    ...(itemId !== undefined && { itemId: [itemId] }),
    // The 2017 edition has no place for an address but the item's.
    ...(old && address !== undefined && { itemId: [address] }),
    ...(address !== undefined && { URL: address }),
    deliveryMethod: { value: address === undefined ? 'Mail' : 'URL' },
    ...(supply.loanCondition && { loanCondition: [{ value: supply.loanCondition }] }),
    ...(costMinor !== undefined && {
      deliveryCosts: [costsOf({ amountMinor: costMinor, currency: policy.currency })],
    }),
  };
  const reason = supply.promisedAt ? 'StatusChange' : 'RequestResponse';
  return { reason, note: await noteOf(hand, remarkId), deliveryInfo };
}

/** Where the requester fetches a copy: with us, or where staff say. */
async function addressOf(
  hand: SupplyInHand,
  { documentId, addressId }: ShipSupply,
): Promise<string | undefined> {
  const { publicUrl, secret } = hand.deps;
  if (documentId !== undefined) return suppliedAddress(publicUrl, suppliedToken(secret, documentId));
  return noteOf(hand, addressId);
}
