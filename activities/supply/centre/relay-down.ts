import { IllAttempt, IllMessage, IllRequest, IllTransaction } from '../../../db/entities/index.ts';
import { type Cost, costsOf } from '../../../domain/ill-costs.ts';
import { isShipped } from '../../../domain/ill-heard.ts';
import { isIllEnded } from '../../../domain/ill.ts';
import { isOut, isSupplyEnded, isUnanswered } from '../../../domain/supply.ts';
import { bookSupplied } from '../../ill/booking.ts';
import type { SupplierSays } from '../../ill/delivery.ts';
import { offerOf } from '../../ill/offer.ts';
import { answerCancelYes } from '../answers-cancel.ts';
import { completeReturn, demandLost, loseSupply } from '../back.ts';
import { end, type SupplyInHand, tell } from '../desk.ts';
import { say, type Saying } from '../say.ts';
import { forwardedId } from './forward.ts';

/** The centre's own request, the supplier that has it, and what that supplier has said since. */
interface Relay {
  readonly hand: SupplyInHand;
  readonly request: IllRequest;
  readonly attempt: IllAttempt | undefined;
  readonly messages: readonly IllMessage[];
}

const saysOf = (row: IllMessage | undefined): SupplierSays | undefined =>
  row && (row.body as unknown as SupplierSays);

/**
 * Tells a member how its request stands with its supplier (I5): whatever has changed there since, read from the rows, so that it does not matter how often, or after which crash, it looks. The centre's own request is
 * only read.
 */
export async function relayDown(hand: SupplyInHand): Promise<void> {
  const { tx, supply } = hand;
  const request = await tx.findOne(IllRequest, { id: forwardedId(supply.id) }, { refresh: true });
  if (!request || (isSupplyEnded(supply.status) && supply.status !== 'CompletedWithoutReturn')) return;
  const attempt = request.attemptId ? await tx.findOne(IllAttempt, { id: request.attemptId }) : null;
  if (supply.status === 'CompletedWithoutReturn') return relayLostCost(hand, attempt);
  const relay = { hand, request, attempt: attempt ?? undefined, messages: await freshOf(hand, attempt) };
  await relayNotes(relay);
  // Whoever set the condition has not got the request any more.
  if (supply.waitsFor === 'condition' && request.state !== 'promised') supply.waitsFor = null;
  if (request.shippedAt && isUnanswered(supply.status)) await relayShipment(relay);
  else if (request.state === 'promised' && isUnanswered(supply.status)) await relayPromise(relay);
  await relayCancel(relay);
  if (isOut(supply.status)) await relayLoan(relay);
  else if (isIllEnded(request.state) && !isSupplyEnded(supply.status)) await relayEnd(relay);
}

async function freshOf({ tx, supply }: SupplyInHand, attempt: IllAttempt | null): Promise<IllMessage[]> {
  if (!attempt) return [];
  const heard = { aboutId: attempt.id, direction: 'in', state: 'heeded' } as const;
  const rows = await tx.find(IllMessage, heard, { orderBy: { seq: 'asc' } });
  return rows.filter(({ seq }) => Number(seq) > supply.relayedSeq);
}

/** A supplier's note that says nothing else is passed on as it is. */
async function relayNotes({ hand, messages }: Relay): Promise<void> {
  for (const row of messages) {
    const { reasonForMessage, note } = saysOf(row)?.messageInfo ?? {};
    if (reasonForMessage === 'Notification' && note !== undefined)
      await say(hand, { reason: 'Notification', note });
    hand.supply.relayedSeq = Math.max(hand.supply.relayedSeq, Number(row.seq));
  }
}

const lastNote = ({ messages }: Relay): string | undefined =>
  messages
    .map((row) => saysOf(row)?.messageInfo)
    .findLast((info) => info?.reasonForMessage !== 'Notification')?.note;

async function relayPromise(relay: Relay): Promise<void> {
  const { hand, attempt } = relay;
  const { supply, at } = hand;
  const { conditions = [], costMinor, currency = hand.policy.currency } = attempt ? offerOf(attempt) : {};
  const [condition] = conditions;
  if (supply.status === 'WillSupply' && (condition === undefined || supply.loanCondition === condition))
    return;
  Object.assign(supply, {
    status: 'WillSupply',
    promisedAt: at,
    loanCondition: condition ?? null,
    waitsFor: supply.waitsFor === 'cancel' ? 'cancel' : condition === undefined ? null : 'condition',
  });
  tell(hand, condition === undefined ? 'supply-promised' : 'supply-asked', { condition });
  const terms = condition !== undefined || costMinor !== undefined;
  const deliveryInfo = {
    dateSent: at.toISOString(),
    ...(condition !== undefined && { loanCondition: conditions.map((value) => ({ value })) }),
    ...(costMinor !== undefined && { deliveryCosts: [costsOf({ amountMinor: costMinor, currency })] }),
  };
  await say(hand, { reason: 'RequestResponse', note: lastNote(relay), ...(terms && { deliveryInfo }) });
}

/** On its way to the member's reader: what the supplier says of it, and what it costs (I15). */
async function relayShipment(relay: Relay): Promise<void> {
  const { hand, request, attempt, messages } = relay;
  const { tx, policy, supply, at, actor } = hand;
  const says = saysOf(messages.findLast((row) => isShipped(saysOf(row)?.statusInfo.status)));
  const currency = attempt?.currency ?? policy.currency;
  const costMinor = attempt?.costMinor ?? request.costMinor ?? null;
  const reason = supply.promisedAt ? 'StatusChange' : 'RequestResponse';
  Object.assign(supply, {
    shippedAt: at,
    costMinor,
    currency,
    dueAt: attempt?.dueAt ?? request.dueAt ?? null,
  });
  if (supply.waitsFor === 'condition') supply.waitsFor = null;
  const waitsFor = supply.waitsFor ?? null;
  if (supply.service === 'copy') await end(hand, 'CopyCompleted');
  else supply.status = 'Loaned';
  tell(hand, 'supply-shipped', { service: supply.service });
  await bookSupplied(tx, policy, supply, at, actor);
  const cost =
    costMinor === null ? {} : { deliveryCosts: [costsOf({ amountMinor: Number(costMinor), currency })] };
  const saying: Saying = {
    reason,
    note: says?.messageInfo.note,
    deliveryInfo: { ...(says?.deliveryInfo ?? { dateSent: at.toISOString() }), ...cost },
    ...(says?.returnInfo && { returnInfo: says.returnInfo }),
  };
  await say(hand, saying);
  if (waitsFor === 'cancel' && supply.service === 'copy')
    await say(hand, { reason: 'CancelResponse', answer: 'N' });
}

/** A wish to cancel is answered by what became of it with the supplier. */
async function relayCancel({ hand, request }: Relay): Promise<void> {
  const { supply } = hand;
  if (supply.waitsFor !== 'cancel' || isSupplyEnded(supply.status)) return;
  if (isIllEnded(request.state) && !request.shippedAt) return answerCancelYes(hand);
  if (request.cancelWantedAt) return;
  supply.waitsFor = null;
  tell(hand, 'supply-cancel-refused');
  await say(hand, { reason: 'CancelResponse', answer: 'N' });
}

async function relayLoan(relay: Relay): Promise<void> {
  const { hand, request, attempt } = relay;
  const { supply } = hand;
  if (request.state === 'completed') return completeReturn(hand, lastNote(relay));
  if (request.state === 'lost')
    return loseSupply(hand, 'given-up', { note: lastNote(relay), cost: await lostCostOf(hand, attempt) });
  await relayDue(relay);
  const status = attempt?.status;
  if ((status !== 'Overdue' && status !== 'Recalled') || status === supply.status) return;
  supply.status = status;
  if (status === 'Overdue') supply.overdueAt = hand.at;
  else supply.recalledAt = hand.at;
  tell(hand, status === 'Overdue' ? 'supply-overdue' : 'supply-recalled');
  await say(hand, { reason: 'StatusChange', note: lastNote(relay) });
}

/** What the supplier gets from the centre for a lost thing, the member owes to the centre. */
async function lostCostOf(
  { tx }: SupplyInHand,
  attempt: IllAttempt | null | undefined,
): Promise<Cost | undefined> {
  if (!attempt) return undefined;
  const { library, id: aboutId } = attempt;
  const lost = await tx.findOne(IllTransaction, { library, aboutId, kind: 'lost' });
  return lost ? { amountMinor: -Number(lost.amount), currency: lost.currency } : undefined;
}

/** The supplier has named its price after the member had said that the thing is lost. */
async function relayLostCost(hand: SupplyInHand, attempt: IllAttempt | null): Promise<void> {
  const { tx, supply } = hand;
  const cost = await lostCostOf(hand, attempt);
  const known = { library: supply.library, aboutId: supply.id, kind: 'lost' } as const;
  if (!cost || (await tx.count(IllTransaction, known)) > 0) return;
  // The end has been said; a note with the price may still follow.
  await demandLost(hand, cost, { reason: 'Notification' });
}

const renewalAnswerIn = ({ messages }: Relay): 'Y' | 'N' | undefined =>
  messages
    .map((row) => saysOf(row)?.messageInfo)
    .findLast((info) => info?.reasonForMessage === 'RenewResponse')?.answerYesNo;

/** Another due date, and the answer to a wish to renew. */
async function relayDue(relay: Relay): Promise<void> {
  const { hand, request, attempt } = relay;
  const { supply } = hand;
  const before = supply.dueAt;
  const due = attempt?.dueAt ?? null;
  const moved = due !== null && due.getTime() !== before?.getTime();
  const answered = supply.waitsFor === 'renew' && !request.renewalWantedAt;
  if (!moved && !answered) return;
  if (supply.waitsFor === 'renew') supply.waitsFor = null;
  if (moved) supply.dueAt = due;
  // A yes may leave the due date where it was; where staff noted the answer there is no message of it.
  if (answered && (renewalAnswerIn(relay) ?? (moved ? 'Y' : 'N')) === 'N') {
    tell(hand, 'supply-renewal-refused');
    return say(hand, { reason: 'RenewResponse', answer: 'N', note: lastNote(relay) });
  }
  Object.assign(supply, { status: 'Loaned', overdueAt: null });
  if (answered) supply.renewals += 1;
  tell(hand, 'supply-renewed', { before, after: due });
  const reason = answered
    ? ({ reason: 'RenewResponse', answer: 'Y' } as const)
    : ({ reason: 'StatusChange' } as const);
  await say(hand, { ...reason, note: lastNote(relay) });
}

/** Nobody supplies it: the last supplier's reason counts, and all of them are told. */
async function relayEnd({ hand, request }: Relay): Promise<void> {
  const { tx, supply } = hand;
  const attempts = await tx.find(IllAttempt, { requestId: request.id }, { orderBy: { position: 'asc' } });
  const said = attempts.flatMap(({ reason, outcome }) => (outcome === 'unfilled' && reason ? [reason] : []));
  const reason = said.at(-1) ?? (attempts.length === 0 ? 'NotHeld' : 'NotAvailableForILL');
  supply.reason = reason;
  await end(hand, 'Unfilled');
  tell(hand, 'supply-unfilled', { reason });
  const note = said.length > 1 ? [...new Set(said)].join(', ') : undefined;
  await say(hand, { reason: 'RequestResponse', reasonUnfilled: reason, note });
}
