/** Where a part of an entry's money goes, or what of it is taken back. Amounts are minor units of the entry's currency, above zero. */
export type Part =
  /** To a payment: its charges first, the rest is the reader's credit. */
  | { readonly to: 'payment'; readonly paymentId: string; readonly amountMinor: number }
  /** To what a reader has paid and not used. */
  | { readonly to: 'credit'; readonly patronId: string; readonly amountMinor: number }
  /** Money that was booked for a payment has left again: that booking is taken back. */
  | { readonly to: 'reversal'; readonly journalId: string; readonly amountMinor: number }
  /** The transfer with which staff sent money back. */
  | { readonly to: 'return'; readonly returnId: string; readonly amountMinor: number }
  /** To an account of the ledger by a rule of the policy: bank's fees, a gateway's payout, the library's own transfers. */
  | { readonly to: 'account'; readonly account: string; readonly amountMinor: number };

/** Why something is suggested, or was booked by itself. */
export const whys = [
  'reference',
  'reference-alike',
  'amount',
  'amount-less-fees',
  'name',
  'name-cut-off',
  'name-in-part',
  'name-of-family-card',
  'name-of-family',
  'date',
  'returned-reference',
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
  'sent-back',
  'rule',
  'ignored',
] as const;

export type Outcome = (typeof outcomes)[number];
