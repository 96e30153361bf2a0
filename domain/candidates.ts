import { type Expected, feeAllowed, maxSuggestions, type MoneyCame, scoreOf } from './matching.ts';
import { reasonsFor } from './matching-rules.ts';
import { hintsOf } from './payer-names.ts';
import type { MatchingPolicy } from './policy-matching.ts';

/** Answers of many payments those that some money may be for by its amount. */
export type Candidates = (came: MoneyCame) => Expected[];

/**
 * Finds payments by what is due, so that of many few have to be weighed (P9): those whose names may have to do with the payer's, and of the others the likeliest, as many
 * as are ever suggested. What is decided is the same as if all were weighed.
 */
export function createCandidates(all: readonly Expected[], policy: MatchingPolicy): Candidates {
  const ofDue = new Map<bigint, Expected[]>();
  for (const expected of all) addTo(ofDue, expected.due, expected);
  const finders = [...ofDue].map(([due, same]) => ({ due, find: createFinder(same, policy) }));
  return (came) => {
    const most = came.amount + feeAllowed(came.charges, policy);
    return finders.flatMap(({ due, find }) => (due >= came.amount && due <= most ? find(came) : []));
  };
}

function addTo<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

/** Below this, weighing all is quicker than looking up. */
const worthLookingUp = 50;

function createFinder(same: readonly Expected[], policy: MatchingPolicy): Candidates {
  if (same.length < worthLookingUp) return () => [...same];
  let byHint: ReadonlyMap<string, readonly Expected[]> | undefined;
  const likeliest = new Map<string, readonly Expected[]>();
  return (came) => {
    byHint ??= indexByHint(same);
    const { amount, charges, currency, bookedOn, payer } = came;
    const key = [amount, charges, currency, bookedOn].join();
    const others = likeliest.get(key) ?? likeliestOf(came, same, policy);
    likeliest.set(key, others);
    const found = new Set(others);
    for (const hint of payer ? hintsOf(payer) : [])
      for (const expected of byHint.get(hint) ?? []) found.add(expected);
    return found.size === same.length ? [...same] : same.filter((expected) => found.has(expected));
  };
}

function indexByHint(expected: readonly Expected[]): Map<string, Expected[]> {
  const byHint = new Map<string, Expected[]>();
  for (const each of expected) {
    const hints = new Set([each.reader, ...each.family].flatMap((name) => [...hintsOf(name)]));
    for (const hint of hints) addTo(byHint, hint, each);
  }
  return byHint;
}

/** The best by amount and day alone. */
function likeliestOf(came: MoneyCame, expected: readonly Expected[], policy: MatchingPolicy): Expected[] {
  const nameless = { ...came, payer: undefined };
  return expected
    .map((each) => ({ each, score: scoreOf(reasonsFor(nameless, each, policy)) }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, maxSuggestions)
    .map(({ each }) => each);
}
