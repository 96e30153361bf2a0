import type { Step } from '../../db/transaction.ts';
import type { PaymentMeans } from '../../domain/payments.ts';
import type { Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';

/** Means by which a payment waits for its money. */
export type WaitingMeans = Exclude<PaymentMeans, 'cash' | 'card' | 'credit'>;

/** What a reader selected and was shown (P1). Amounts are minor units of the library's currency. */
export interface BeginPayment {
  readonly paymentId: string;
  readonly library: string;
  readonly patronId: string;
  readonly means: WaitingMeans;
  /** Which of the library's ways, by its code in the policy. */
  readonly way: string;
  /** Charges that are paid in full, in this order. */
  readonly chargeIds: readonly string[];
  /** What is paid in besides, for the reader's balance (P2). */
  readonly prepaidMinor: number;
  /** The total the reader was shown. */
  readonly totalMinor: number;
  readonly actor: Actor;
  readonly now: number;
}

/** Where a payment's process stands; `online`: its gateway is to be asked. */
export interface PaymentStanding {
  readonly standing: Standing;
  readonly online: boolean;
}

export type PaymentOutcome = Refused | PaymentStanding;

export interface LookAtPayment {
  readonly paymentId: string;
  readonly now: number;
}

export interface CancelPayment extends Step {
  readonly paymentId: string;
  readonly actor: Actor;
}
