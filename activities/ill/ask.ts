import type { IllAttempt } from '../../db/entities/index.ts';
import { type Asks, asksOf } from '../../domain/ill-heard.ts';
import { costIn } from '../../domain/ill-costs.ts';
import { asksReader } from '../../domain/ill-prices.ts';
import type { SupplierSays } from './delivery.ts';
import { record } from '../record.ts';
import { openTask } from '../tasks.ts';
import { closeAttempt, sendTo, tellSupplier } from './attempt.ts';
import { candidateOf, chooseNext, readersPrice } from './choose.ts';
import { formOf, type Held, workingDaysFrom } from './held.ts';
import { tell } from './notices.ts';
import { instant, toDate } from '../facts.ts';
import { requestSubject } from './standing.ts';

/** What is asked: by a supplier, or – `price` – before any supplier is asked at a price above the reader's limit (I15). */
export interface Question {
  readonly what: Asks | 'price';
  /** What the reader would pay, in minor units of the library's currency. */
  readonly priceMinor?: number | undefined;
  /** The supplier wants an answer until then; epoch milliseconds. */
  readonly until?: number | undefined;
}

/** What a supplier offers, as the attempt keeps it: codes, amounts in minor units, instants in epoch milliseconds. */
export interface Offer {
  readonly conditions: readonly string[];
  readonly costMinor?: number;
  readonly currency?: string;
  readonly retryAfter?: number;
  readonly retryBefore?: number;
  /** Reader or librarian have agreed. */
  readonly accepted?: boolean;
}

const epoch = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);

/** What a message offers or asks. */
export function offerIn({ retryInfo, deliveryInfo }: SupplierSays): Offer {
  const cost = costIn(retryInfo?.offeredCosts?.[0] ?? deliveryInfo?.deliveryCosts?.[0]);
  const conditions = [...(retryInfo?.loanCondition ?? []), ...(deliveryInfo?.loanCondition ?? [])];
  const retryAfter = epoch(retryInfo?.retryAfter);
  const retryBefore = epoch(retryInfo?.retryBefore);
  return {
    conditions: [...new Set(conditions.map(({ value }) => value))],
    ...(cost && { costMinor: cost.amountMinor, currency: cost.currency }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(retryBefore !== undefined && { retryBefore }),
  };
}

export const offerOf = ({ offer }: IllAttempt): Offer =>
  offer ? { conditions: [], ...(offer as Partial<Offer>) } : { conditions: [] };

/** The supplier would supply if asked otherwise (`RetryPossible`); for this attempt it is over. */
export async function heedRetry(held: Held, attempt: IllAttempt, says: SupplierSays): Promise<void> {
  const { request, ill } = held;
  const reason = says.messageInfo.reasonRetry?.value;
  const offer = offerIn(says);
  attempt.offer = { ...offer };
  closeAttempt(held, attempt, 'retry', { reason, note: says.messageInfo.note });
  const what = asksOf(reason, {
    conditions: offer.conditions.length > 0,
    cost: offer.costMinor !== undefined,
  });
  const priced = await priceOf(held, attempt, offer);
  if (what === 'cost' && priced.within && offer.conditions.length === 0 && !wasOffered(attempt, offer))
    return retry(held, attempt);
  if (request.onBehalfOf || ill.obtaining.asks[what] === 'next') return chooseNext(held);
  await askAbout(held, { what, priceMinor: priced.priceMinor, until: offer.retryBefore });
}

/** The supplier has had as much already: asking once more would go round in circles. */
function wasOffered({ expectedMinor, retryOf }: IllAttempt, { costMinor }: Offer): boolean {
  return costMinor === undefined || (retryOf != null && Number(expectedMinor ?? 0) >= costMinor);
}

/** The reader's share of what the supplier offers; `within`: they need not be asked. */
async function priceOf(
  held: Held,
  attempt: IllAttempt,
  { costMinor, currency }: Offer,
): Promise<{ priceMinor?: number; within: boolean }> {
  if (costMinor === undefined) return { within: true };
  const form = await formOf(held);
  const expected = { peer: attempt.peer, expectedMinor: BigInt(costMinor), ...(currency && { currency }) };
  const price = readersPrice(held, form, expected);
  if (price) return { priceMinor: price.fee.amountMinor, within: !asksReader(price, form.limit) };
  return {
    within:
      form.limit != null &&
      (currency ?? held.policy.currency) === held.policy.currency &&
      costMinor <= form.limit,
  };
}

/** Asks the same supplier once more, on what it offered. */
export async function retry(held: Held, attempt: IllAttempt): Promise<void> {
  const { conditions, costMinor, currency = held.policy.currency } = offerOf(attempt);
  await sendTo(held, {
    form: await formOf(held),
    candidate: {
      ...candidateOf(attempt),
      ...(costMinor !== undefined && { expectedMinor: BigInt(costMinor), currency }),
    },
    retryOf: attempt,
    conditions,
    ...(costMinor !== undefined && { maximum: { amountMinor: costMinor, currency } }),
  });
}

/** A promise (`WillSupply`, `ExpectToSupply`): on terms that nobody has agreed to, the reader or the librarian is asked (I10). */
export async function heedPromise(held: Held, attempt: IllAttempt, says: SupplierSays): Promise<void> {
  const { request, ill } = held;
  const before = offerOf(attempt);
  const offer = { ...before, ...offerIn(says) };
  attempt.offer = { ...offer };
  const priced = await priceOf(held, attempt, offer);
  const what = offer.conditions.length > 0 ? 'condition' : 'cost';
  const agreed = offer.accepted === true || request.onBehalfOf != null;
  if (agreed || (offer.conditions.length === 0 && priced.within)) return promised(held, attempt);
  if (request.state === 'asked') return undefined;
  if (ill.obtaining.asks[what] === 'next') {
    await tellSupplier(held, attempt, { action: 'Cancel' });
    closeAttempt(held, attempt, 'cancelled', { reason: what });
    return chooseNext(held);
  }
  await askAbout(held, { what, priceMinor: priced.priceMinor, until: offer.retryBefore });
}

/** The supplier will send it; by when staff are told that it has not is noted on the attempt. */
export async function promised(held: Held, attempt: IllAttempt): Promise<void> {
  const { tx, request, at } = held;
  if (request.state === 'promised') return;
  request.state = 'promised';
  request.reason = null;
  if (!request.cancelWantedAt) attempt.answerBy = await workingDaysFrom(held, held.ill.obtaining.shipWithin);
  record(tx, requestSubject(request), {
    kind: 'ill-promised',
    actor: held.actor,
    at,
    detail: { attemptId: attempt.id, peer: attempt.peer },
  });
  await tell(held, { kind: 'ill-promised', cause: `promised:${attempt.id}` });
}

/** Puts the request before the reader or the librarian; without an answer in time it goes on to the next supplier. */
export async function askAbout(held: Held, { what, priceMinor, until }: Question): Promise<void> {
  const { tx, request, ill, patron, at, actor } = held;
  const who = what === 'price' ? 'reader' : ill.obtaining.asks[what];
  const asks = who === 'reader' && patron ? 'reader' : 'staff';
  const inTime = await workingDaysFrom(held, ill.obtaining.askWithin);
  request.state = 'asked';
  request.reason = what;
  request.asks = asks;
  request.askUntil =
    until !== undefined && until > at.getTime() && until < inTime.getTime() ? toDate(instant(until)) : inTime;
  request.priceMinor = priceMinor === undefined ? null : BigInt(priceMinor);
  const subject = requestSubject(request);
  record(tx, subject, { kind: 'ill-asked', actor, at, detail: { what, asks } });
  if (asks === 'reader')
    return tell(held, { kind: 'ill-asked', cause: `asked:${at.getTime()}`, content: { what } });
  await openTask(tx, subject, {
    kind: 'request-asks',
    branch: ill.obtaining.branch ?? null,
    workflowId: `ill:${request.id}`,
    at,
    dueAt: request.askUntil,
  });
}
