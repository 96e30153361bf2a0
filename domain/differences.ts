import type { StaffRole } from './roles.ts';

/** Who must act on a difference, and what it is about: the row that a link leads to. */
interface Meaning {
  readonly role: StaffRole;
  readonly subject:
    | 'payment'
    | 'gateway-money'
    | 'payout'
    | 'bank-entry'
    | 'statement'
    | 'drawer'
    | 'branch'
    | 'account';
}

/**
 * In what ledger, gateway and bank can differ (P9); each has a text in every language, and the role that must act.
 *
 * - At a gateway: it took money of which nothing is known here, or that is not booked on the payment it belongs to; something is booked that it does not have, or
 *   with another amount; it gave money back of which nothing is known; it could not be asked; a settlement file says another amount; a settlement or payout is late.
 * - At the bank: the balances differ; a statement is missing between two, or the latest is old; an entry waits; money that is to go back is not on its way.
 * - Of a bank transfer that was accepted by its slip the money has not come.
 * - At the bank's counter: it counted other cash than was carried there; what was carried, or fetched, is not on a statement yet.
 * - At the desk: a drawer's count differed, or it was left open; the card terminal's total is missing or differs.
 * - At the finance department: internal transfers have been outstanding for too long.
 */
export const differences = {
  'gateway-unknown': { role: 'cashier', subject: 'gateway-money' },
  'gateway-unbooked': { role: 'cashier', subject: 'payment' },
  'gateway-missing': { role: 'administrator', subject: 'payment' },
  'gateway-amount': { role: 'administrator', subject: 'payment' },
  'gateway-refund': { role: 'cashier', subject: 'gateway-money' },
  'gateway-silent': { role: 'administrator', subject: 'account' },
  'settlement-amount': { role: 'administrator', subject: 'payment' },
  'settlement-late': { role: 'cashier', subject: 'payment' },
  'payout-late': { role: 'cashier', subject: 'payout' },
  'bank-balance': { role: 'administrator', subject: 'account' },
  'bank-gap': { role: 'cashier', subject: 'statement' },
  'bank-silent': { role: 'cashier', subject: 'account' },
  'entry-waiting': { role: 'cashier', subject: 'bank-entry' },
  'return-waiting': { role: 'cashier', subject: 'bank-entry' },
  'slip-late': { role: 'cashier', subject: 'payment' },
  'cash-differs': { role: 'administrator', subject: 'bank-entry' },
  'cash-late': { role: 'cashier', subject: 'account' },
  'drawer-difference': { role: 'administrator', subject: 'drawer' },
  'drawer-open': { role: 'cashier', subject: 'drawer' },
  'card-total': { role: 'cashier', subject: 'branch' },
  'transfer-late': { role: 'cashier', subject: 'account' },
} as const satisfies Record<string, Meaning>;

export type DifferenceKind = keyof typeof differences;

export const differenceKinds = Object.keys(differences) as readonly DifferenceKind[];

/** A difference as it is found; amounts are minor units of `currency`. */
export interface Found {
  readonly kind: DifferenceKind;
  /** By which it is known again the next day: unique in its library. */
  readonly key: string;
  /** What it is about: see `differences`. */
  readonly subjectId: string;
  /** Of the ledger: `gateway:<provider>`, `bank:<account>`, … */
  readonly account: string;
  /** What the ledger says; null where it says nothing. */
  readonly expected: bigint | null;
  /** What the gateway, the bank or the count says; null where it says nothing. */
  readonly found: bigint | null;
  /** `found - expected`, each taken as nothing where it is not there. */
  readonly amount: bigint;
  readonly currency: string;
  /** When it began; epoch milliseconds. */
  readonly since: number;
  /** Codes, ids and dates that tell it apart. */
  readonly detail?: Readonly<Record<string, string | number | null>>;
}

/** `agree`: nothing is open; `acknowledged`: staff have seen all that is; `differs`: something waits for somebody. */
export type ReconciliationState = 'agree' | 'differs' | 'acknowledged';

/** How a report stands, by how many of its differences are open and how many of them nobody has acknowledged. */
export function stateOf(open: number, waiting: number): ReconciliationState {
  if (waiting > 0) return 'differs';
  return open > 0 ? 'acknowledged' : 'agree';
}

/** An account at the head of a report: what the ledger says at the day's end, and the bank where there is one; minor units as text. */
export interface AccountFigures {
  readonly account: string;
  readonly currency: string;
  readonly ledger: string;
  readonly other: string | null;
  /** Of the bank's, what waits to be booked. */
  readonly waiting: string | null;
}
