import { v7 as uuid } from 'uuid';
import { Allocation, type Charge, Journal, Posting } from '../db/entities/index.ts';
import type { Tx } from '../db/transaction.ts';
import type { Actor } from '../domain/roles.ts';

/** One side of a booking in minor units: debit positive, credit negative. */
export interface Line {
  readonly account: string;
  readonly amount: bigint;
  /** Absent: the booking's. */
  readonly currency?: string;
}

/** One booking; its lines sum to zero. Accounts belong to the library. */
export interface Booking {
  readonly library: string;
  /** Unique for ever: what is booked once is not booked twice (P10). */
  readonly operation: string;
  readonly kind: string;
  /** Whose it is; absent where money is nobody's, or not yet. */
  readonly patronId?: string;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly at: Date;
  readonly actor: Actor;
  /** The payment it belongs to. */
  readonly paymentId?: string;
  /** The entry of a bank's statement it is made for (P9). */
  readonly entryId?: string;
  /** The session of a till it belongs to (P3). */
  readonly drawerId?: string;
  /** The booking's own id where something else derives from it. */
  readonly id?: string;
  readonly reverses?: string;
  /** Why something is reversed: a code; what staff write to it is a remark. */
  readonly reason?: string;
  readonly remarkId?: string;
}

/** What a reader owes. */
export const receivable = (patronId: string): string => `receivable:${patronId}`;
/** What a reader has paid and not used. */
export const prepaid = (patronId: string): string => `prepaid:${patronId}`;
/** What was waived of a cause. */
export const waiver = (cause: string): string => `waiver:${cause}`;
/** The till of a branch. */
export const cash = (branch: string): string => `cash:${branch}`;
/** The campus cards that were read at the desk of a branch. */
export const card = (branch: string): string => `card:${branch}`;
/** The safe of a branch, from which its till is filled and into which it is emptied. */
export const safe = (branch: string): string => `safe:${branch}`;
/** Cash of a branch that was taken to the bank and is not on a statement yet. */
export const transit = (branch: string): string => `transit:${branch}`;
/** What was found too much or too little in a till when it was counted. */
export const difference = (branch: string): string => `difference:${branch}`;
/** What a reader has deposited (押金, A6). */
export const deposit = (patronId: string): string => `deposit:${patronId}`;
/** The library's account at a bank, by its code in the policy; its balance is what the bank's statement says (P9). */
export const bank = (account: string): string => `bank:${account}`;
/** What was transferred between departments and accepted by its voucher, by the way's code in the policy (P4). */
export const transfer = (way: string): string => `transfer:${way}`;
/** What the institution's finance office has credited to the library for internal transfers and campus cards (P4, P9). */
export const financeCredit = 'finance:library';
/** What is paid by an accepted bank slip and not on a statement of the account yet (P5). */
export const slips = (account: string): string => `slips:${account}`;
/** Money of a bank account of which is not known yet where it belongs (P9). */
export const suspense = (account: string): string => `suspense:${account}`;
/** What a gateway has taken and not yet paid out, by its code in the policy. */
export const gateway = (provider: string): string => `gateway:${provider}`;
/** What a gateway gave back, or took away, and of which nothing is known here (P9). */
export const returned = (provider: string): string => `returned:${provider}`;
/** What a gateway gave back and the library will not see again (P9). */
export const lossAt = (provider: string): string => `loss:${provider}`;
/** What is kept by a bank account's bank, or by a gateway. */
export const feeOf = (who: string): string => `fee:${who}`;

/** What another library owes us (debit) or we owe it (credit) for what was shipped, by its code among the policy's peers (I15). */
export const peerAccount = (code: string): string => `peer:${code}`;
/** What other libraries' supplies have cost; lost things apart. */
export const illCost = 'cost:ill';
export const illLostCost = 'cost:ill-lost';
/** What was supplied to other libraries; what they paid for lost things apart. */
export const illIncome = 'income:ill';
export const illLostIncome = 'income:ill-lost';
/** The other side of what was settled in another currency than it was owed in. */
export const exchange = 'exchange:ill';
/** What a netting of the installation's libraries comes to for one of them, until it is paid (I17). */
export const netting = 'netting:ill';
/** What the parent institution settles with other libraries outside of Carrel. */
export const finance = 'finance:ill';

/** Writes a journal with its postings; answers its id. Lines of nothing are left out. */
export async function book(tx: Tx, booking: Booking): Promise<string> {
  const { lines, currency, id = uuid(), ...rest } = booking;
  tx.create(Journal, { id, ...rest });
  await tx.flush();
  for (const line of lines) {
    if (line.amount !== 0n) tx.create(Posting, { id: uuid(), journalId: id, currency, ...line });
  }
  return id;
}

/** Counts a booking against a charge: what is left of it is less by `amount`, or more when a payment is taken back. The charge is locked. */
export function allocate(tx: Tx, journalId: string, charge: Charge, amount: bigint): void {
  tx.create(Allocation, { journalId, chargeId: charge.id, amount });
  charge.remaining -= amount;
}
