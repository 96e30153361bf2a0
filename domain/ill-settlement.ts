import type { Temporal } from 'temporal-polyfill';
import type { SettlementPeriod } from './policy-ill-settlement.ts';

/** How far a settlement with another library is (I17); each has a text in every language. */
export const settlementStates = ['drawn', 'sent', 'disputed', 'confirmed', 'settled', 'withdrawn'] as const;

export type SettlementState = (typeof settlementStates)[number];

const months = { monthly: 1, quarterly: 3, yearly: 12 } as const satisfies Record<SettlementPeriod, number>;

/** The first day of the civil month, quarter or year in which a day lies. */
export function periodStart(period: SettlementPeriod, day: Temporal.PlainDate): Temporal.PlainDate {
  const length = months[period];
  return day.with({ day: 1, month: Math.floor((day.month - 1) / length) * length + 1 });
}

/** The last day of the latest period that was over before `today`. */
export function lastEnded(period: SettlementPeriod, today: Temporal.PlainDate): Temporal.PlainDate {
  return periodStart(period, today).subtract({ days: 1 });
}

/** One thing that was shipped between two libraries, as one of them states it; above zero it gets the amount. */
export interface StatedLine {
  readonly side: 'requester' | 'supplier';
  readonly reference: string;
  readonly amount: bigint;
}

/** What two statements say of the same thing; null: one does not have it. Both as we see it. */
export interface Compared {
  readonly side: StatedLine['side'];
  readonly reference: string;
  readonly ours: bigint | null;
  readonly theirs: bigint | null;
  /** `same`; else what differs. */
  readonly difference: 'same' | 'amount' | 'missing-there' | 'missing-here';
}

const mirrored = { requester: 'supplier', supplier: 'requester' } as const;
const keyOf = ({ side, reference }: Pick<StatedLine, 'side' | 'reference'>): string => `${side} ${reference}`;

/**
 * Compares our statement with the other library's, thing by thing (I17): what one calls a demand is the other's debt. Several lines about one thing – a correction, a lost
 * copy – count together. What comes to nothing on one side and is not there on the other is the same.
 */
export function compareStatements(ours: readonly StatedLine[], theirs: readonly StatedLine[]): Compared[] {
  const here = summed(ours);
  const there = summed(
    theirs.map(({ side, reference, amount }) => ({ side: mirrored[side], reference, amount: -amount })),
  );
  return [...new Map([...here, ...there]).values()]
    .map(({ side, reference }) => compared(side, reference, here, there))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

type Sums = ReadonlyMap<string, StatedLine>;

function summed(lines: readonly StatedLine[]): Sums {
  const sums = new Map<string, StatedLine>();
  for (const line of lines) {
    const known = sums.get(keyOf(line));
    sums.set(keyOf(line), { ...line, amount: (known?.amount ?? 0n) + line.amount });
  }
  return sums;
}

function compared(side: StatedLine['side'], reference: string, here: Sums, there: Sums): Compared {
  const key = keyOf({ side, reference });
  const ours = here.get(key)?.amount ?? null;
  const theirs = there.get(key)?.amount ?? null;
  return { side, reference, ours, theirs, difference: differenceOf(ours, theirs) };
}

function differenceOf(ours: bigint | null, theirs: bigint | null): Compared['difference'] {
  if ((ours ?? 0n) === (theirs ?? 0n)) return 'same';
  if (theirs === null) return 'missing-there';
  return ours === null ? 'missing-here' : 'amount';
}

/** What one library gets of another, in minor units of one currency; below zero it pays. */
export interface Balance {
  readonly library: string;
  readonly peer: string;
  readonly amount: bigint;
}

/**
 * What each library gets (above zero) or pays when all balances are netted (I17). Each pair is stated by both of its libraries; so all positions sum to nothing. Libraries
 * whose balances cancel out have a position of nothing.
 */
export function netPositions(balances: readonly Balance[]): ReadonlyMap<string, bigint> {
  const positions = new Map<string, bigint>();
  for (const { library, amount } of balances) positions.set(library, (positions.get(library) ?? 0n) + amount);
  return positions;
}

export interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
}

/** Transfers that settle positions: fewer than there are libraries, the largest first. The positions sum to nothing. */
export function transfersFor(positions: ReadonlyMap<string, bigint>): Transfer[] {
  const order = (a: [string, bigint], b: [string, bigint]): number =>
    a[1] === b[1] ? (a[0] < b[0] ? -1 : 1) : a[1] > b[1] ? -1 : 1;
  const getting = [...positions].filter(([, amount]) => amount > 0n).toSorted(order);
  const paying = [...positions]
    .flatMap(([library, amount]): [string, bigint][] => (amount < 0n ? [[library, -amount]] : []))
    .toSorted(order);
  const transfers: Transfer[] = [];
  for (const to of getting)
    for (const from of paying) {
      const amount = to[1] < from[1] ? to[1] : from[1];
      if (amount === 0n) continue;
      transfers.push({ from: from[0], to: to[0], amount });
      to[1] -= amount;
      from[1] -= amount;
    }
  return transfers;
}
