import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { PaymentMeans, PaymentState } from '../../domain/payments.ts';
import type { Actor } from '../../domain/roles.ts';

/**
 * What a reader was shown and asked to pay, by which means, and what became of it (P1, P3). Amounts are minor units of `currency`: `amount` is what was shown,
 * `prepaid` the part of it that is not for a charge but for the reader's balance (P2), `received` what has come.
 */
export const Payment = defineEntity({
  name: 'Payment',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    means: p.string().$type<PaymentMeans>(),
    state: p.string().$type<PaymentState>(),
    amount: p.bigint('bigint'),
    prepaid: p.bigint('bigint'),
    received: p.bigint('bigint'),
    currency: p.string(),
    /** What the payer writes into a transfer; with a check character, unique in the library (P5). */
    reference: p.string().nullable(),
    /** Which of the library's ways of these means, by its code in the policy; null at a desk. */
    way: p.string().nullable(),
    /** At whose desk it was paid. */
    branch: p.string().nullable(),
    /** The gateway, by its code in the policy, and what the payment is called there (P8). */
    provider: p.string().nullable(),
    providerRef: p.string().nullable(),
    actor: p.string().$type<Actor>(),
    begunAt: p.datetime(),
    /** Since when proof of it waits for staff, or was first given. */
    submittedAt: p.datetime().nullable(),
    /** When the reader was reminded that it expires. */
    remindedAt: p.datetime().nullable(),
    expiresAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    /** When all that was booked for it was taken back as a mistake. */
    reversedAt: p.datetime().nullable(),
  },
});
export type Payment = InferEntity<typeof Payment>;

/** What of a payment is for which charge. While `open` the charge is locked to the payment: no other can be begun for it. */
export const PaymentLine = defineEntity({
  name: 'PaymentLine',
  properties: {
    paymentId: p.uuid().primary(),
    chargeId: p.uuid().primary(),
    position: p.integer(),
    amount: p.bigint('bigint'),
    open: p.boolean(),
  },
});
export type PaymentLine = InferEntity<typeof PaymentLine>;
