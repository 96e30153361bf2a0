import { costsOf } from '../../domain/ill-costs.ts';
import type { Reason, Refused } from '../../domain/refusal.ts';
import { refuse } from '../../domain/refusal.ts';
import { isUnanswered } from '../../domain/supply.ts';
import { answerCancelYes } from './answers-cancel.ts';
import { dropTasks, end, type SupplyInHand, tell } from './desk.ts';
import { noteOf, say } from './say.ts';
import type {
  AnswerCancel,
  AskRequester,
  LeaveUnfilled,
  NotifyRequester,
  OfferRetry,
  PromiseSupply,
} from './steps.ts';

type Done = Promise<Refused | undefined>;

/** Whoever comes second is told how far it has come. */
export function movedOn({ supply }: SupplyInHand): Reason {
  return { code: 'supply-moved-on', status: supply.status };
}

export async function promise(hand: SupplyInHand, { expect, remarkId }: PromiseSupply): Done {
  const { supply, at } = hand;
  const status = expect ? 'ExpectToSupply' : 'WillSupply';
  if (!isUnanswered(supply.status) || supply.status === 'WillSupply' || supply.status === status)
    return refuse(movedOn(hand));
  Object.assign(supply, { status, promisedAt: supply.promisedAt ?? at, waitsFor: 'ship' });
  await dropTasks(hand);
  tell(hand, expect ? 'supply-expected' : 'supply-promised');
  await say(hand, { reason: 'RequestResponse', note: await noteOf(hand, remarkId) });
  return undefined;
}

/** Promised on a condition (I8): the requester accepts it by a note, or cancels. */
export async function ask(hand: SupplyInHand, { condition, remarkId }: AskRequester): Done {
  const { supply, at } = hand;
  if (!isUnanswered(supply.status) || supply.waitsFor === 'condition') return refuse(movedOn(hand));
  Object.assign(supply, {
    status: 'WillSupply',
    promisedAt: supply.promisedAt ?? at,
    waitsFor: 'condition',
    loanCondition: condition,
  });
  await dropTasks(hand);
  tell(hand, 'supply-asked', { condition });
  const deliveryInfo = { dateSent: at.toISOString(), loanCondition: [{ value: condition }] };
  const note = await noteOf(hand, remarkId);
  await say(hand, { reason: 'RequestResponse', note, deliveryInfo });
  return undefined;
}

export async function leaveUnfilled(hand: SupplyInHand, { reason, remarkId }: LeaveUnfilled): Done {
  if (!isUnanswered(hand.supply.status)) return refuse(movedOn(hand));
  hand.supply.reason = reason;
  await end(hand, 'Unfilled');
  tell(hand, 'supply-unfilled', { reason });
  const note = await noteOf(hand, remarkId);
  await say(hand, { reason: 'RequestResponse', reasonUnfilled: reason, note });
  return undefined;
}

export async function offerRetry(hand: SupplyInHand, step: OfferRetry): Done {
  const { supply, policy } = hand;
  if (!isUnanswered(supply.status)) return refuse(movedOn(hand));
  const { reason, offeredMinor, condition, after, before, remarkId } = step;
  supply.reason = reason;
  await end(hand, 'RetryPossible');
  tell(hand, 'supply-retry', { reason });
  const { currency } = policy;
  const retryInfo = {
    ...(condition && { loanCondition: [{ value: condition }] }),
    ...(offeredMinor !== undefined && { offeredCosts: [costsOf({ amountMinor: offeredMinor, currency })] }),
    ...(before !== undefined && { retryBefore: new Date(before).toISOString() }),
    ...(after !== undefined && { retryAfter: new Date(after).toISOString() }),
  };
  const note = await noteOf(hand, remarkId);
  const offered = Object.keys(retryInfo).length > 0 && { retryInfo };
  await say(hand, { reason: 'RequestResponse', reasonRetry: reason, note, ...offered });
  return undefined;
}

/** To a wish to cancel that waits for staff. */
export async function answerCancel(hand: SupplyInHand, { answer, remarkId }: AnswerCancel): Done {
  const { supply } = hand;
  if (supply.waitsFor !== 'cancel') return refuse({ code: 'supply-not-asked' });
  const note = await noteOf(hand, remarkId);
  if (answer === 'Y') {
    await answerCancelYes(hand, note);
    return undefined;
  }
  supply.waitsFor = supply.status === 'RequestReceived' ? 'answer' : 'ship';
  await dropTasks(hand);
  tell(hand, 'supply-cancel-refused');
  await say(hand, { reason: 'CancelResponse', answer: 'N', note });
  return undefined;
}

/** A note that changes nothing. */
export async function notify(hand: SupplyInHand, { remarkId }: NotifyRequester): Done {
  tell(hand, 'supply-note-sent');
  await say(hand, { reason: 'Notification', note: await noteOf(hand, remarkId) });
  return undefined;
}
