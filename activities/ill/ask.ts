import type { IllAttempt } from '../../db/entities/index.ts';
import { type Asks, asksOf } from '../../domain/ill-heard.ts';
import { asksReader, librarysCost } from '../../domain/ill-prices.ts';
import { record } from '../record.ts';
import { closeAttempt, sendTo, tellSupplier } from './attempt.ts';
import { chooseNext } from './choose.ts';
import type { SupplierSays } from './delivery.ts';
import { noLongerAsked } from './ends.ts';
import { formOf, type Held, workingDaysFrom } from './held.ts';
import { tell } from './notices.ts';
import { type Offer, offerIn, offerOf } from './offer.ts';
import { candidateOf, readersPrice } from './price.ts';
import { askAbout } from './question.ts';
import { requestSubject } from './standing.ts';

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
  await askAbout(held, { ...asked(what, offer, priced), until: offer.retryBefore });
}

/** A price that the reader need not be asked about, and of which the library would pay more than it allowed for, is the librarian's to decide. */
function asked(what: Asks, { conditions }: Offer, { priceMinor, toLibrary }: Priced) {
  const mine = what === 'cost' && toLibrary && conditions.length === 0;
  return { what, priceMinor, ...(mine && { who: 'staff' as const }) };
}

/** The supplier has had as much already: asking once more would go round in circles. */
function wasOffered({ expectedMinor, retryOf }: IllAttempt, { costMinor }: Offer): boolean {
  return costMinor === undefined || (retryOf != null && Number(expectedMinor ?? 0) >= costMinor);
}

/** The reader's share of what a supplier offers. */
interface Priced {
  readonly priceMinor?: number;
  /** Nobody need be asked. */
  readonly within: boolean;
  /** The reader need not be asked; but the library would pay more than it allowed for. */
  readonly toLibrary?: boolean;
}

async function priceOf(held: Held, attempt: IllAttempt, { costMinor, currency }: Offer): Promise<Priced> {
  if (costMinor === undefined) return { within: true };
  const form = await formOf(held);
  const expected = { peer: attempt.peer, expectedMinor: BigInt(costMinor), ...(currency && { currency }) };
  const price = readersPrice(held, form, expected);
  if (price) {
    const readers = !asksReader(price, form.limit, held.request.agreedMinor);
    const allowed = allowedFor(held, attempt, Math.max(price.totalMinor, Number(form.limit ?? 0)));
    const librarys = (librarysCost(held.policy, { costMinor, currency }) ?? Infinity) <= allowed;
    return {
      priceMinor: price.fee.amountMinor,
      within: readers && librarys,
      toLibrary: readers && !librarys,
    };
  }
  return {
    within:
      form.limit != null &&
      (currency ?? held.policy.currency) === held.policy.currency &&
      costMinor <= form.limit,
  };
}

/** The most that a supplier may charge without anybody at the library being asked: what its readers' price covers or the request has stated, or what was expected of this supplier. */
function allowedFor({ policy }: Held, { expectedMinor, currency }: IllAttempt, stated: number): number {
  if (expectedMinor == null) return stated;
  const expected = { costMinor: Number(expectedMinor), ...(currency && { currency }) };
  return Math.max(stated, librarysCost(policy, expected) ?? 0);
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
  await askAbout(held, { ...asked(what, offer, priced), until: offer.retryBefore });
}

/** The supplier will send it; by when staff are told that it has not is noted on the attempt. */
export async function promised(held: Held, attempt: IllAttempt): Promise<void> {
  const { tx, request, at } = held;
  if (request.state === 'promised') return;
  await noLongerAsked(held);
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
