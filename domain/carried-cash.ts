import { type MoneyCame, type Part, scoreOf, type Suggestion, type Why } from './matching.ts';
import type { MatchingPolicy } from './policy-matching.ts';

/** Cash that was carried from a branch's till to the bank (above zero) or from there into the till, and is on no statement yet. Minor units. */
export interface Carried {
  readonly id: string;
  readonly branch: string;
  readonly amount: bigint;
  readonly currency: string;
  /** Civil day `YYYY-MM-DD` in the library's zone. */
  readonly carriedOn: string;
}

/** What a statement says of money that may be the library's own cash; `code` is the bank's. */
export type CashSeen = Pick<MoneyCame, 'amount' | 'currency' | 'bookedOn'> & {
  readonly code: string | null;
  readonly payerName: string | null;
};

/** Cash over a bank's counter or at its machine: ISO 20022 `PMNT.CNTR.…`, `….CDPT`, `….CWDL`; 082 and 083 of German banks. */
const cashCode = /^PMNT\.CNTR\.|\.(?:CDPT|CWDL)$|^08[23]$/u;

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;
const sumOf = (some: readonly Carried[]): bigint => some.reduce((sum, { amount }) => sum + amount, 0n);
const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** How many times of carrying may stand on a statement as one. */
const mostTogether = 31;

/**
 * What of the library's cash an entry may be (P9): what was carried at one time, or at several one after another; a branch's, or that of all together; the likeliest
 * first, of the same amount the oldest. What the bank has counted otherwise, within the policy's limit, is offered with the difference, unless somebody else is named as
 * payer.
 */
export function cashFor(
  seen: CashSeen,
  waiting: readonly Carried[],
  { cash, window }: MatchingPolicy,
): Suggestion[] {
  const near = waiting
    .filter(({ amount, currency, carriedOn }) => {
      const days = daysBetween(carriedOn, seen.bookedOn);
      const sameWay = amount > 0n === seen.amount > 0n;
      return sameWay && currency === seen.currency && days >= -window.before && days <= cash.within;
    })
    .toSorted((a, b) => (a.carriedOn < b.carriedOn ? -1 : Number(a.carriedOn > b.carriedOn)));
  const byBank = cashCode.test(seen.code ?? '');
  const namesOther = !byBank && (seen.payerName ?? '') !== '';
  const most = namesOther ? 0n : BigInt(cash.differsUpTo);
  const off = (group: readonly Carried[]) => Number(absolute(sumOf(group) - seen.amount));
  const byBranch = [...Map.groupBy(near, ({ branch }) => branch).values()];
  const found = byBranch
    .flatMap((carried) => runsNear(carried, seen.amount, most))
    .concat(runsNear(near, seen.amount, 0n).filter(isMixed))
    .toSorted((a, b) => off(a) - off(b) || a.length - b.length);
  const exact = found.some((group) => off(group) === 0);
  return found
    .filter((group) => !exact || off(group) === 0)
    .map((group) => {
      const amount = off(group) > 0 ? 'amount-counted' : group.length > 1 ? 'amount-together' : 'amount';
      const reasons: Why[] = ['cash', amount, ...(byBank ? (['cash-code'] as const) : []), 'date'];
      return { parts: partsOf(group, seen.amount), reasons, score: scoreOf(reasons) };
    });
}

/** Whether a suggestion is just what was carried, to the cent. */
export const isExact = ({ reasons }: Suggestion): boolean => !reasons.includes('amount-counted');

const isMixed = (group: readonly Carried[]): boolean => new Set(group.map(({ branch }) => branch)).size > 1;

/** What was carried at one time, or at several one after another, and comes to the amount or as near to it as `most`. */
function runsNear(carried: readonly Carried[], amount: bigint, most: bigint): Carried[][] {
  return carried.flatMap((_, from) => {
    let sum = 0n;
    return carried.slice(from, from + mostTogether).flatMap((each, more) => {
      sum += each.amount;
      return absolute(sum - amount) <= most ? [carried.slice(from, from + more + 1)] : [];
    });
  });
}

/** An entry's money by branch. A difference can be that of one branch only. */
export function partsOf(group: readonly Carried[], amount: bigint): Extract<Part, { to: 'cash' }>[] {
  const branches = [...Map.groupBy(group, ({ branch }) => branch)];
  return branches.map(([branch, some]) => {
    const carriedMinor = Number(absolute(sumOf(some)));
    const amountMinor = branches.length > 1 ? carriedMinor : Number(absolute(amount));
    const days = [...new Set(some.map(({ carriedOn }) => carriedOn))];
    return { to: 'cash', branch, carriedIds: some.map(({ id }) => id), days, carriedMinor, amountMinor };
  });
}
