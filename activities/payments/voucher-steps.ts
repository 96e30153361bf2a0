import type { Step } from '../../db/transaction.ts';
import type { VoucherDecision } from '../../domain/vouchers.ts';
import type { Actor } from '../../domain/roles.ts';

/** Proof that a payment was made: a file that the API has stored under `voucherId`, or a paper handed in at the desk (P4). */
export interface GiveVoucher extends Step {
  readonly paymentId: string;
  readonly voucherId: string;
  readonly givenAs: 'file' | 'paper';
  readonly actor: Actor;
}

/** The cashier's decision on all vouchers of a payment that wait (P4). */
export interface DecideVouchers extends Step {
  readonly paymentId: string;
  readonly decision: VoucherDecision;
  /** The vouchers the cashier had in view. */
  readonly seen: readonly string[];
  /** What the reader is told, where they are refused. */
  readonly remarkId?: string | undefined;
  readonly actor: Actor;
}
