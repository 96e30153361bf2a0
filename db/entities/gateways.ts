import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { CheckoutState } from '../../domain/checkouts.ts';
import type { Actor } from '../../domain/roles.ts';

/** Where an online payment is paid, and what the gateway last said of it. `cancelBy`: who gave it up; it ends once the gateway has closed it. */
export const Checkout = defineEntity({
  name: 'Checkout',
  properties: {
    paymentId: p.uuid().primary(),
    state: p.string().$type<CheckoutState>(),
    url: p.string().nullable(),
    lookedAt: p.datetime().nullable(),
    /** How much of what was left over stays the reader's by decision; minor units. */
    kept: p.bigint('bigint').default('0'),
    cancelBy: p.string().$type<Actor>().nullable(),
    cancelAt: p.datetime().nullable(),
  },
});
export type Checkout = InferEntity<typeof Checkout>;

/**
 * A gateway's notification whose signature was right (P8). It is kept before it is answered, and says only where to look: `followedAt` is when the gateway was asked
 * because of it. `paymentId` is null where it is about nothing known here.
 */
export const GatewayEvent = defineEntity({
  name: 'GatewayEvent',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    provider: p.string(),
    eventId: p.string(),
    kind: p.string(),
    ref: p.string().nullable(),
    paymentId: p.uuid().nullable(),
    /** SHA-256 of its body, in hexadecimal. The body may tell of the payer and is not kept. */
    digest: p.string(),
    receivedAt: p.datetime(),
    followedAt: p.datetime().nullable(),
  },
});
export type GatewayEvent = InferEntity<typeof GatewayEvent>;

/** Money a gateway took, under the gateway's own id of it; minor units. Without a journal it is in a currency that cannot be booked, and staff have a task. */
export const GatewayCapture = defineEntity({
  name: 'GatewayCapture',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    provider: p.string(),
    ref: p.string(),
    paymentId: p.uuid(),
    journalId: p.uuid().nullable(),
    amount: p.bigint('bigint'),
    currency: p.string(),
    takenAt: p.datetime(),
    seenAt: p.datetime(),
  },
});
export type GatewayCapture = InferEntity<typeof GatewayCapture>;

/** Money that belongs nowhere and goes back through the gateway, as staff decided: booked when decided, `done` when the gateway has done it. Minor units. */
export const GatewayRefund = defineEntity({
  name: 'GatewayRefund',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    provider: p.string(),
    paymentId: p.uuid(),
    /** The money it comes out of. */
    captureRef: p.string(),
    ref: p.string().nullable(),
    amount: p.bigint('bigint'),
    currency: p.string(),
    state: p.string().$type<'wanted' | 'done' | 'failed'>(),
    journalId: p.uuid(),
    wantedBy: p.string().$type<Actor>(),
    wantedAt: p.datetime(),
    settledAt: p.datetime().nullable(),
  },
});
export type GatewayRefund = InferEntity<typeof GatewayRefund>;
