import type { CheckoutState } from '../../domain/checkouts.ts';

/** What a gateway is asked to take. Amounts are minor units of `currency` (ISO 4217), instants epoch milliseconds. */
export interface CheckoutRequest {
  /** Ours; the gateway's idempotency key, so that asking again finds the same checkout. */
  readonly paymentId: string;
  readonly library: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What the payer reads at the gateway. Nothing in it tells of a person. */
  readonly description: string;
  readonly language: string;
  readonly begunAt: number;
  readonly expiresAt: number;
  /** Where the payer's browser goes afterwards. */
  readonly returnUrl: string;
  /** Where the gateway sends its notifications, if that is said with each checkout. */
  readonly notifyUrl: string;
}

export type CheckoutBegun =
  | { readonly ref: string; readonly url: string }
  /** The gateway will not take it, and would not if asked again. */
  | { readonly refused: string };

/** Money a gateway took, or gave back, under its own id. */
export interface GatewayMoney {
  readonly ref: string;
  /** Minor units; more than zero. */
  readonly amountMinor: number;
  readonly currency: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface CheckoutSeen {
  readonly state: Exclude<CheckoutState, 'opening'>;
  readonly captures: readonly GatewayMoney[];
}

export interface RefundRequest {
  /** Ours; the gateway's idempotency key. */
  readonly refundId: string;
  readonly captureRef: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export type RefundDone = { readonly ref: string } | { readonly refused: string };

/** Money of a period that was taken or given back, for comparing the gateway's books with ours (P8, P9). */
export interface GatewayPayment extends GatewayMoney {
  /** Our payment, if the gateway was told one. */
  readonly paymentId: string | null;
  /** Set for money that was given back: the gateway's id of the money it was taken from, and our id of the refund if it was asked for here. */
  readonly refund?: { readonly of: string | null; readonly refundId: string | null };
}

/** What a notification is about. It only says where to look: what it says of money is not read. */
export interface Notified {
  /** The gateway's id of the notification: the same when it is sent again. */
  readonly eventId: string;
  readonly kind: string;
  readonly ref: string | null;
  readonly paymentId: string | null;
}

export interface Notification {
  /** As it came, byte for byte: the signature is over it. */
  readonly body: Buffer;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Epoch milliseconds; a notification that was signed too long before is refused. */
  readonly now: number;
}

/**
 * One account at one payment service. Every call has a time-out and throws when it does not hear in time, or hears of a fault that may pass: its caller asks
 * again, with the same ids. `docs/gateways.md` says how services map to it.
 */
export interface PaymentGateway {
  readonly begin: (request: CheckoutRequest) => Promise<CheckoutBegun>;
  /** What the gateway says now; the only thing that is believed of it. */
  readonly read: (ref: string) => Promise<CheckoutSeen>;
  /** Asks it to take no more money for this checkout; answers what it says afterwards, which may be that it is paid. */
  readonly close: (ref: string) => Promise<CheckoutSeen>;
  readonly refund: (request: RefundRequest) => Promise<RefundDone>;
  /** Undefined for what the service has not signed, or not lately. */
  readonly verify: (notification: Notification) => Notified | undefined;
  /** What was taken or given back from `from` (inclusive) to `to` (exclusive), epoch milliseconds. */
  readonly list: (from: number, to: number) => AsyncIterable<GatewayPayment>;
}

/** The gateways of all libraries. */
export interface Gateways {
  /** The gateway of a library's way to pay online; throws where there is none. */
  readonly of: (library: string, provider: string) => PaymentGateway;
  readonly has: (library: string, provider: string) => boolean;
}
