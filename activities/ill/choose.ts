import type { IllAttempt, IllFormRow } from '../../db/entities/index.ts';
import { IllAttempt as Attempt } from '../../db/entities/index.ts';
import { asksReader, priceOfRequest, type RequestPrice } from '../../domain/ill-prices.ts';
import { isRefused } from '../../domain/refusal.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { askAbout } from './ask.ts';
import { sendTo } from './attempt.ts';
import { endUnfilled } from './ends.ts';
import { attemptsOf, formOf, type Held } from './held.ts';
import { askLibrarian } from './review.ts';

/** A supplier to ask, and the attempt that this would be a second try of. */
interface Next {
  readonly candidate: Candidate;
  readonly retryOf?: IllAttempt;
}

/**
 * Goes on to the next supplier of the lender string (I10): one that the librarian chose, then those that have it, in the policy's order, then those that wanted to be asked again from a day on that has
 * come. Asks the reader first where the price would be above their limit (I15). At the end of the string the request waits for such a day, or is unfilled.
 */
export async function chooseNext(held: Held): Promise<void> {
  const { request, at } = held;
  request.state = 'choosing';
  request.reason = null;
  request.asks = null;
  request.askUntil = null;
  await held.tx.flush();
  if (request.neededBy && request.neededBy <= at) return endUnfilled(held, 'needed-by-passed');
  const form = await formOf(held);
  const next = await nextOf(held, form);
  if (next) return ask(held, form, next);
  if (await waitsForLater(held)) {
    request.reason = 'asked-again-later';
    return;
  }
  const asked = await attemptsOf(held);
  if (asked.length === 0 && !request.onBehalfOf) return askLibrarian(held, 'no-supplier');
  return endUnfilled(held, asked.length === 0 ? 'no-supplier' : 'all-unfilled');
}

async function ask(held: Held, form: IllFormRow, { candidate, retryOf }: Next): Promise<void> {
  const price = readersPrice(held, form, candidate);
  if (price && asksReader(price, form.limit)) {
    held.request.chosen = [candidate.peer, ...held.request.chosen.filter((peer) => peer !== candidate.peer)];
    return askAbout(held, { what: 'price', priceMinor: price.fee.amountMinor });
  }
  await sendTo(held, { form, candidate, ...(retryOf && { retryOf }) });
}

/** What it would cost the reader; undefined where nobody who has a card pays, or staff state it later. */
export function readersPrice(
  { policy, patron, request }: Held,
  { literature }: IllFormRow,
  { peer, expectedMinor, currency }: Pick<Candidate, 'peer' | 'expectedMinor' | 'currency'>,
): RequestPrice | undefined {
  if (!patron) return undefined;
  const price = priceOfRequest(policy, {
    service: request.service,
    literature,
    userGroup: patron.userGroup,
    peer,
    ...(expectedMinor !== undefined && { costMinor: Number(expectedMinor) }),
    ...(currency && { currency }),
  });
  return isRefused(price) ? undefined : price;
}

async function nextOf(held: Held, form: IllFormRow): Promise<Next | undefined> {
  const { deps, tx, request, ill, at } = held;
  const attempts = await attemptsOf(held);
  const tried = new Set(attempts.map(({ peer }) => peer));
  const known = inCentreMode(held)
    ? ill.peers.slice(0, 1).map(({ code }) => ({ peer: ill.obtaining.centre ?? code }))
    : await candidatesFor(deps, tx, request, form, at);
  const open = known.filter(({ peer }) => !tried.has(peer));
  for (const peer of request.chosen) {
    if (tried.has(peer) || !ill.peers.some(({ code }) => code === peer)) continue;
    return { candidate: open.find((each) => each.peer === peer) ?? { peer } };
  }
  const [first] = open;
  if (first) return { candidate: first };
  const again = attempts.find((each) => awaitedUntil(each, attempts, held) <= at.getTime());
  return again && { candidate: candidateOf(again), retryOf: again };
}

const inCentreMode = ({ request }: Held): boolean => request.mode === 'centre' && !request.onBehalfOf;

/** The supplier of an earlier attempt, to be asked once more. */
export function candidateOf({ peer, expectedMinor, currency }: IllAttempt): Candidate {
  return {
    peer,
    ...(expectedMinor != null && { expectedMinor }),
    ...(currency && { currency }),
  };
}

/** From when on a supplier wants to be asked again, where that is worth waiting for; epoch milliseconds, else infinity. */
function awaitedUntil(
  { id, outcome, offer }: IllAttempt,
  attempts: readonly IllAttempt[],
  { request }: Held,
): number {
  const from = outcome === 'retry' && offer ? offer['retryAfter'] : undefined;
  if (typeof from !== 'number' || attempts.some(({ retryOf }) => retryOf === id)) return Infinity;
  return request.neededBy && request.neededBy.getTime() <= from ? Infinity : from;
}

/** The first day from which a supplier that said "later" may be asked again; epoch milliseconds, undefined: nobody said so. */
export async function askedAgainAt(held: Held): Promise<number | undefined> {
  const attempts = await held.tx.find(Attempt, { requestId: held.request.id });
  const first = Math.min(...attempts.map((each) => awaitedUntil(each, attempts, held)));
  return Number.isFinite(first) ? first : undefined;
}

const waitsForLater = async (held: Held): Promise<boolean> => (await askedAgainAt(held)) !== undefined;
