import type { EntryKind, MistakeCode } from '../domain/bank.ts';

export type { MistakeCode } from '../domain/bank.ts';

/** An amount as a file states it: signed minor units of its currency, above zero for the account's holder. */
export interface Amount {
  readonly minor: bigint;
  readonly currency: string;
}

/** A balance and the civil day it is of; `line` is where it stands in the file. */
export interface Balance extends Amount {
  readonly on: string;
  readonly line: number;
}

/** One booking as the bank states it; the fields are those of `BankEntry` (db/entities/bank.ts). Days are `YYYY-MM-DD`. */
export interface ParsedEntry {
  readonly line: number;
  readonly bookedOn: string;
  readonly valueOn: string | null;
  readonly amount: bigint;
  readonly currency: string;
  readonly charges: bigint;
  readonly endToEnd: string | null;
  readonly reference: string | null;
  readonly remittance: string;
  readonly payerName: string | null;
  readonly payerAccount: string | null;
  readonly bankRef: string | null;
  readonly code: string | null;
  readonly kind: EntryKind;
  readonly returnReason: string | null;
  readonly batch: string | null;
  readonly part: number | null;
  readonly parts: number | null;
}

/** One statement, or one page of it. A file without balances has neither. */
export interface ParsedStatement {
  readonly line: number;
  /** IBAN or number without blanks, as stated; null where the file does not say (CSV). */
  readonly account: string | null;
  readonly bankId: string | null;
  readonly sequence: bigint | null;
  readonly page: number | null;
  readonly opening: Balance | null;
  readonly closing: Balance | null;
  readonly entries: readonly ParsedEntry[];
  /** What the bank has not booked, or what moved no money: told, not taken over. */
  readonly skipped: number;
}

/** Everything a file says, or everything that is wrong with it. */
export type Parsed =
  | { readonly statements: readonly ParsedStatement[] }
  | { readonly mistakes: readonly Mistake[] };

/** One thing that is wrong, where it stands, and what stands there; amounts are as a person writes them. */
export interface Mistake {
  readonly code: MistakeCode;
  /** Line of the file, from 1. */
  readonly line: number;
  /** Where in the structure: `Stmt[1]/Ntry[3]/Amt`, `:61:`, a column's name. */
  readonly path?: string;
  readonly value?: string;
  readonly expected?: string;
}
