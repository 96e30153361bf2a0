import type { MatchingPolicy } from './policy-matching.ts';
import { nameLikenesses, type PayerName } from './payer-names.ts';

/** Where a part of an entry's money goes, or what of it is taken back. Amounts are minor units of the entry's currency, above zero. */
export type Part =
  /** To a payment: its charges first, the rest is the reader's credit. */
  | { readonly to: 'payment'; readonly paymentId: string; readonly amountMinor: number }
  /** To what a reader has paid and not used. */
  | { readonly to: 'credit'; readonly patronId: string; readonly amountMinor: number }
  /** Money that was booked for a payment has left again: that booking is taken back. */
  | { readonly to: 'reversal'; readonly journalId: string; readonly amountMinor: number }
  /** The same where the booking cannot be taken back any more: the payer is charged anew. */
  | { readonly to: 'charge'; readonly journalId: string; readonly amountMinor: number }
  /** The transfer with which staff sent money back. */
  | { readonly to: 'return'; readonly returnId: string; readonly amountMinor: number }
  /** Cash of a branch that was carried to the bank, or fetched there: `carriedMinor` by the till's books; what the bank has counted otherwise is a difference. */
  | {
      readonly to: 'cash';
      readonly branch: string;
      readonly carriedIds: readonly string[];
      /** When it was carried; civil days `YYYY-MM-DD`. */
      readonly days: readonly string[];
      readonly carriedMinor: number;
      readonly amountMinor: number;
    }
  /** To an account of the ledger: bank's fees, a gateway's payout, the library's own transfers. */
  | { readonly to: 'account'; readonly account: string; readonly amountMinor: number };

/** Why something is suggested, or was booked by itself. */
export const whys = [
  'reference',
  'amount',
  'amount-less-fees',
  'amount-together',
  'amount-counted',
  ...nameLikenesses,
  'name-of-family-card',
  'date',
  'returned',
  'used-since',
  'sent-back',
  'cash',
  'cash-code',
  'rule',
] as const;

export type Why = (typeof whys)[number];

/** What became of an entry, as staff read it; `split`: to several payments or readers. */
export const outcomes = [
  'exact',
  'over',
  'short',
  'double',
  'fees-kept',
  'split',
  'credit',
  'returned',
  'charged',
  'sent-back',
  'carried',
  'carried-differs',
  'rule',
  'ignored',
] as const;

export type Outcome = (typeof outcomes)[number];

/** Money that came in, as the statement tells of it. Minor units; `bookedOn` is `YYYY-MM-DD`. */
export interface MoneyCame {
  readonly amount: bigint;
  readonly currency: string;
  /** What banks kept of it on the way, as the statement states. */
  readonly charges: bigint;
  readonly bookedOn: string;
  readonly payer: PayerName | undefined;
}

/** A payment that money may be for. */
export interface Expected {
  readonly paymentId: string;
  readonly patronId: string;
  readonly currency: string;
  /** What is still to come, in minor units; zero or less when all has come. */
  readonly due: bigint;
  /** The civil day on which it was begun, and on which it ended without its money; `YYYY-MM-DD`. */
  readonly begunOn: string;
  readonly endedOn: string | null;
  readonly reader: PayerName;
  /** Names on the other cards of the reader's family. */
  readonly family: readonly PayerName[];
}

export interface Suggestion {
  readonly parts: readonly Part[];
  /** 0 to 100. */
  readonly score: number;
  readonly reasons: readonly Why[];
}

/** Where money goes by itself, with what banks have kept of it; or what staff are offered, the likeliest first. */
export type Decision =
  | { readonly parts: readonly Part[]; readonly fee: bigint; readonly reasons: readonly Why[] }
  | { readonly suggestions: readonly Suggestion[] };

export const maxSuggestions = 10;

const weights: Readonly<Record<Why, number>> = {
  reference: 60,
  returned: 60,
  'sent-back': 60,
  rule: 60,
  amount: 25,
  'amount-together': 25,
  'amount-less-fees': 15,
  'amount-counted': 0,
  cash: 20,
  'cash-code': 40,
  name: 35,
  'name-cut-off': 30,
  'name-in-part': 25,
  'name-of-family-card': 25,
  'name-of-family': 10,
  date: 5,
  'used-since': 0,
};

/** What the reasons come to, 0 to 100. */
export function scoreOf(reasons: readonly Why[]): number {
  return Math.min(
    100,
    reasons.reduce((sum, why) => sum + weights[why], 0),
  );
}

/** How much banks may keep of a transfer without its reader being short, by what the statement states of it; minor units. */
export function feeAllowed(charges: bigint, { bankFees }: Pick<MatchingPolicy, 'bankFees'>): bigint {
  const stated = Math.min(Number(charges), bankFees.statedUpTo);
  return BigInt(Math.max(stated, bankFees.upTo));
}

/** What settling a payment came to; minor units. */
export interface Settled {
  readonly amount: bigint;
  readonly fee: bigint;
  /** How much of it settled charges. */
  readonly allocated: bigint;
  /** What had come for the payment before, and how much of it was meant for the reader's balance. */
  readonly before: bigint;
  readonly prepaid: bigint;
  readonly hasCharges: boolean;
  /** What is still open of the payment's charges, as far as the payment was for them. */
  readonly left: bigint;
}

/** What it was, once it is known what was still open (P9): paid elsewhere meanwhile is paid twice. */
export function outcomeOf(settled: Settled): Outcome {
  const { amount, fee, allocated, before, prepaid, hasCharges, left } = settled;
  if (allocated === 0n && (hasCharges || before > 0n)) return 'double';
  if (left > 0n) return 'short';
  if (!hasCharges && amount < prepaid) return 'short';
  if (amount - allocated > prepaid) return 'over';
  return fee > 0n ? 'fees-kept' : 'exact';
}
