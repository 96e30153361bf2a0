import type { IllAttempt, IllRequest, Patron, SupplyRequest } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { TakeBackReason } from '../../domain/policy-ill-prices.ts';
import type { Actor } from '../../domain/roles.ts';

/** Something that a supplier has shipped to us; request and reader are locked. */
export interface Shipped {
  readonly request: IllRequest;
  /** With whom; absent where it was obtained by hand (I3). */
  readonly attempt?: IllAttempt | undefined;
  /** Absent: nobody who has a card pays for it. */
  readonly patron?: Patron | undefined;
  /** The most the reader has agreed to since they wrote the form, in minor units; absent: what the form says. */
  readonly agreedMinor?: number | undefined;
  readonly pages?: number | undefined;
  readonly at: Date;
  readonly actor?: Actor;
}

export interface ShippedBooking {
  /** What the reader has to pay; null: nothing. */
  readonly chargeId: string | null;
  readonly amountMinor: number;
  /** Something of it is not paid: a document is held where the policy says so (I16). False when the balance covered it at once. */
  readonly open: boolean;
  /** The price could not be worked out: staff state it (act `price`); a document waits for that too. */
  readonly priceWanted: boolean;
}

/** Books what was shipped to us, once: the reader's share, and what the library owes the supplier (I15). */
export async function bookShipped(
  _tx: Tx,
  _policy: LibraryPolicy,
  _shipped: Shipped,
): Promise<ShippedBooking> {
  return { chargeId: null, amountMinor: 0, open: false, priceWanted: false };
}

export interface NotShipped {
  readonly request: IllRequest;
  readonly attempt?: IllAttempt | undefined;
  readonly why: TakeBackReason;
  readonly at: Date;
  readonly actor?: Actor;
}

/** Takes back what was booked on shipping, as the policy says for the reason; nothing where nothing was. Answers what became the reader's credit, in minor units. */
export async function takeBackShipped(_tx: Tx, _policy: LibraryPolicy, _given: NotShipped): Promise<number> {
  return 0;
}

/** Books what another library owes for what we have shipped, once (I15). The supply is locked; its `costMinor` and `currency` say how much. */
export async function bookSupplied(
  _tx: Tx,
  _policy: LibraryPolicy,
  _supply: SupplyRequest,
  _at: Date,
  _actor: Actor = 'system',
): Promise<void> {}

/** Takes that back, as the policy says for the reason. */
export async function takeBackSupplied(
  _tx: Tx,
  _policy: LibraryPolicy,
  _supply: SupplyRequest,
  _given: Pick<NotShipped, 'why' | 'at' | 'actor'>,
): Promise<void> {}
