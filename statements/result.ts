import type { StatementJoin } from '../domain/bank.ts';
import type { Mistake } from './model.ts';

/** What became of one statement of a file. Amounts are minor units as text, exact whatever their size; days `YYYY-MM-DD`. */
export interface StatementReport {
  readonly account: string;
  readonly bankId: string | null;
  readonly sequence: string | null;
  readonly page: number | null;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly opening: string | null;
  readonly closing: string | null;
  /** Entries that were not known before, that were, and that the bank has not booked. */
  readonly added: number;
  readonly known: number;
  readonly skipped: number;
  /** `again`: this very statement was there already. */
  readonly joins: StatementJoin | 'again';
  /** Where it does not join: the balance it should have begun with. */
  readonly expected: string | null;
  /** The bank's numbers between the one before and this one, where some are missing: first and last. */
  readonly missing: readonly [string, string] | null;
}

/** What became of a file: what was taken over, or all that is wrong with it. */
export interface FileResult {
  readonly statements: readonly StatementReport[];
  readonly mistakes: readonly Mistake[];
}
