import { keyOf, readKey } from './keys.ts';

/** A statement among those of its account: what tells whether two of them can be about the same money. Days are `YYYY-MM-DD`, balances minor units. */
export interface Span {
  readonly from: string;
  readonly to: string;
  readonly opening: bigint | null;
  readonly closing: bigint | null;
  readonly sequence: bigint | null;
  readonly page: number | null;
  /** What its entries say (`contentOf`), and on which days they were booked. */
  readonly contents: readonly Told[];
}

/** What an entry says, its day, and its amount in minor units. */
export interface Told {
  readonly content: string;
  readonly on: string;
  readonly amount: bigint;
}

/** Numbered by the bank one after the other. */
function isNumberedBefore(a: Span, b: Span): boolean {
  if (a.sequence === null || b.sequence === null) return false;
  return a.sequence < b.sequence || (a.sequence === b.sequence && (a.page ?? 0) < (b.page ?? 0));
}

const isNumbered = ({ sequence }: Span) => sequence !== null;

const toldOn = ({ contents }: Span, day: string): Told[] => contents.filter(({ on }) => on === day);

/** Whether all that is said in one, is said in the other too. */
function includes(whole: readonly Told[], part: readonly Told[]): boolean {
  const left = new Map<string, number>();
  for (const { content } of whole) left.set(content, (left.get(content) ?? 0) + 1);
  return part.every(({ content }) => {
    const count = left.get(content) ?? 0;
    left.set(content, count - 1);
    return count > 0;
  });
}

/**
 * Whether `b` goes on on the very day and with the very balance with which `a` ends. Where that day changed nothing, `b` may as well tell it once more: it does if both say
 * the same of it.
 */
function joinsOn(a: Span, b: Span): boolean {
  if (a.closing === null || b.opening === null || a.closing !== b.opening) return false;
  const [ofA, ofB] = [toldOn(a, a.to), toldOn(b, a.to)];
  const change = ofA.reduce((sum, { amount }) => sum + amount, 0n);
  if (ofA.length === 0 || ofB.length === 0 || change !== 0n) return true;
  return !includes(ofB, ofA) && !includes(ofA, ofB);
}

/** Whether `a` was over when `b` began, by their days, or, on one day, by the bank's numbers or balances. */
function isBefore(a: Span, b: Span): boolean {
  if (a.to < b.from) return true;
  if (a.to > b.from) return false;
  return isNumbered(a) && isNumbered(b) ? isNumberedBefore(a, b) : joinsOn(a, b);
}

/** Whether `b` goes on with the balance that the last day of `a` has changed: then it tells of later money. */
function goesOnFrom(a: Span, b: Span): boolean {
  if (a.to !== b.from || a.closing === null || a.closing !== b.opening) return false;
  return toldOn(a, a.to).reduce((sum, { amount }) => sum + amount, 0n) !== 0n;
}

/**
 * Whether two statements in different formats may tell of the same money. What they say cannot be compared, so days that lie within both are enough, and so is one day of
 * which both tell, unless one goes on from the other's balance.
 */
export function maybeTheSame(a: Span, b: Span): boolean {
  if (a.from < b.to && a.to > b.from) return true;
  if (goesOnFrom(a, b) || goesOnFrom(b, a)) return false;
  return a.contents.some(({ on }) => toldOn(b, on).length > 0);
}

/** Those of `others` that are over when `span` begins: at once, or by way of each other. */
function earlier(span: Span, others: readonly Span[]): Set<Span> {
  const found = new Set<Span>();
  let ends = [span];
  while (ends.length > 0) {
    const next = others.filter((other) => !found.has(other) && ends.some((end) => isBefore(other, end)));
    for (const other of next) found.add(other);
    ends = next;
  }
  return found;
}

/** Those of `others` that may tell of money that `span` tells of too (P9): neither before it nor after it. */
export function overlapping(span: Span, others: readonly Span[]): Span[] {
  const before = earlier(span, others);
  return others.filter((other) => !before.has(other) && !earlier(other, [...others, span]).has(span));
}

/**
 * Keys for a statement's entries, in their order. What says the same as an entry that only overlapping statements tell of is that entry; the others are new, with the next
 * number among those that say the same.
 *
 * @param known keys of all the account's entries on the statement's days
 * @param shared those of them that no statement tells of but overlapping ones
 */
export function assignKeys(
  contents: readonly string[],
  known: readonly string[],
  shared: ReadonlySet<string>,
): string[] {
  const next = new Map<string, number>();
  const again = new Map<string, number[]>();
  for (const key of known) {
    const { content, n } = readKey(key);
    next.set(content, Math.max(next.get(content) ?? 0, n + 1));
    if (shared.has(key))
      again.set(
        content,
        [...(again.get(content) ?? []), n].toSorted((a, b) => a - b),
      );
  }
  return contents.map((content) => {
    const met = again.get(content)?.shift();
    if (met !== undefined) return keyOf(content, met);
    const n = next.get(content) ?? 0;
    next.set(content, n + 1);
    return keyOf(content, n);
  });
}
