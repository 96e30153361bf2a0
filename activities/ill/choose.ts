import type { IllAttempt, IllFormRow } from '../../db/entities/index.ts';
import { asksReader } from '../../domain/ill-prices.ts';
import { askedAgainAt, awaitedUntil } from './again.ts';
import { sendTo } from './attempt.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { endUnfilled, noLongerAsked } from './ends.ts';
import { attemptsOf, formOf, type Held } from './held.ts';
import { askLibrarian } from './librarian.ts';
import { needsLookUp } from './look-up-holdings.ts';
import { candidateOf, readersPrice } from './price.ts';
import { askAbout } from './question.ts';

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
  await noLongerAsked(held);
  request.state = 'choosing';
  request.reason = null;
  await held.tx.flush();
  if (request.neededBy && request.neededBy <= at) return endUnfilled(held, 'needed-by-passed');
  if (!inCentreMode(held) && (await needsLookUp(held.deps, held.tx, request))) return;
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
  if (price && asksReader(price, form.limit, held.request.agreedMinor)) {
    held.request.chosen = [candidate.peer, ...held.request.chosen.filter((peer) => peer !== candidate.peer)];
    return askAbout(held, { what: 'price', priceMinor: price.fee.amountMinor });
  }
  await sendTo(held, { form, candidate, ...(retryOf && { retryOf }) });
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

const waitsForLater = async (held: Held): Promise<boolean> => (await askedAgainAt(held)) !== undefined;
