import type { SupplyRequest } from '../../db/entities/index.ts';
import { SupplyRequest as SupplyRow } from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { stockFor } from '../../db/queries/supply-stock.ts';
import type { Tx } from '../../db/transaction.ts';
import type { IllForm } from '../../domain/ill.ts';
import { costIn } from '../../domain/ill-costs.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { answerBy, forwardsFor, lendingOf } from '../../domain/supply.ts';
import { type Advice, adviseOn } from '../../domain/supply-advice.ts';
import {
  deliveryKindOf,
  formOf,
  literatureOf,
  personalPart,
  serviceOf,
  takesEither,
} from '../../peers/request-form.ts';
import { instant, toDate } from '../facts.ts';
import { nextNumber } from '../ill/begin.ts';
import type { StoredMessage } from '../peers/heed.ts';
import { forward } from './centre/forward.ts';
import { type SupplyInHand, tell } from './desk.ts';
import { say } from './say.ts';

type StoredRequest = Extract<StoredMessage, { name: 'request' }>;

/** Makes the row of another library's request from the message that brought it, once: its id is known before. */
export async function insertSupply(
  tx: Tx,
  policy: LibraryPolicy,
  id: string,
  { row: message, body }: StoredRequest,
): Promise<SupplyRequest> {
  const { library, peer, requestRef, storedAt } = message;
  const content = formOf(body);
  const forwards = forwardsFor(policy, peer);
  const advice = forwards ? undefined : await adviceFor(tx, policy, body, content);
  const days = { policy, closures: await closuresFrom(tx, library, storedAt), from: instant(storedAt) };
  const limit = costIn(body.billingInfo?.maximumCosts);
  const neededBy = body.serviceInfo?.needBeforeDate;
  return tx.create(SupplyRow, {
    id,
    library,
    number: await nextNumber(tx, storedAt),
    peer,
    theirRef: requestRef,
    previousRef: body.serviceInfo?.requestingAgencyPreviousRequestId ?? null,
    service: serviceOf(body),
    literature: literatureOf(body),
    title: content.title,
    content,
    delivery: personalPart(body),
    deliveryKind: deliveryKindOf(body),
    note: markOf(policy, peer, content) ?? null,
    status: 'RequestReceived',
    limitMinor: limit?.currency === policy.currency ? BigInt(limit.amountMinor) : null,
    currency: policy.currency,
    titleId: advice?.titleId ?? null,
    advice: advice ?? null,
    forwards,
    waitsFor: forwards ? null : 'answer',
    answerBy: forwards ? null : toDate(answerBy(days)),
    neededBy: neededBy === undefined ? null : new Date(neededBy),
    receivedAt: storedAt,
  });
}

async function adviceFor(
  tx: Tx,
  policy: LibraryPolicy,
  body: StoredRequest['body'],
  content: IllForm,
): Promise<Advice> {
  const titles = await stockFor(tx, policy.code, content);
  const lending = lendingOf(policy);
  const advice = adviseOn(titles, serviceOf(body), lending);
  if (advice.answer === 'WillSupply' || !takesEither(body)) return advice;
  const copy = adviseOn(titles, 'copy', lending);
  return copy.answer === 'WillSupply' ? copy : advice;
}

/** What the policy shows with requests such as this (I8): 从CCC检索到的文献！ */
function markOf(policy: LibraryPolicy, peer: string, { note = '' }: IllForm): string | undefined {
  const mark = lendingOf(policy).marks.find(
    ({ peers, contains }) =>
      (peers === undefined || peers.includes(peer)) && (contains === undefined || note.includes(contains)),
  );
  return mark?.text;
}

/** The first answer, as far as the policy gives it by itself; else that the request has come. */
export async function greet(hand: SupplyInHand): Promise<void> {
  const { supply, policy } = hand;
  tell(hand, 'supply-requested', { peer: supply.peer, service: supply.service });
  if (supply.forwards) {
    await hand.tx.flush();
    await forward(hand);
    return acknowledge(hand);
  }
  const { services, to, automatic } = lendingOf(policy);
  const advice = supply.advice as Advice | null;
  if (!services.includes(supply.service) || (to !== 'everyone' && !to.includes(supply.peer)))
    return answerUnfilled(hand, 'PolicyProblem');
  if (advice?.answer === 'Unfilled') {
    const alone = advice.reason === 'NotHeld' ? automatic.notHeld : automatic.notAvailable;
    if (alone !== 'staff') return answerUnfilled(hand, advice.reason);
  }
  if (advice?.answer === 'RetryPossible' && automatic.notAvailable === 'answer')
    return answerRetry(hand, advice);
  if (advice?.answer === 'WillSupply' && automatic.onShelf === 'promise') return answerPromise(hand);
  return acknowledge(hand);
}

async function acknowledge(hand: SupplyInHand): Promise<void> {
  if (lendingOf(hand.policy).acknowledge) await say(hand, { reason: 'RequestResponse' });
}

async function answerUnfilled(hand: SupplyInHand, reason: string): Promise<void> {
  const { supply, at } = hand;
  Object.assign(supply, { status: 'Unfilled', reason, waitsFor: null, endedAt: at });
  tell(hand, 'supply-unfilled', { reason });
  await say(hand, { reason: 'RequestResponse', reasonUnfilled: reason });
}

async function answerRetry(
  hand: SupplyInHand,
  { reason, retryAfter }: Extract<Advice, { answer: 'RetryPossible' }>,
): Promise<void> {
  const { supply, at } = hand;
  Object.assign(supply, { status: 'RetryPossible', reason, waitsFor: null, endedAt: at });
  tell(hand, 'supply-retry', { reason });
  const retryInfo =
    retryAfter === undefined ? {} : { retryInfo: { retryAfter: new Date(retryAfter).toISOString() } };
  await say(hand, { reason: 'RequestResponse', reasonRetry: reason, ...retryInfo });
}

async function answerPromise(hand: SupplyInHand): Promise<void> {
  Object.assign(hand.supply, { status: 'WillSupply', waitsFor: 'ship', promisedAt: hand.at });
  tell(hand, 'supply-promised');
  await say(hand, { reason: 'RequestResponse' });
}
