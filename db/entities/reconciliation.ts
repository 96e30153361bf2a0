import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor } from '../../domain/roles.ts';

/**
 * A month of the library's that is closed, or was until it was reopened: nothing is booked into it. `month` is `YYYY-MM` in the library's zone, `endsAt` the first
 * instant after it; `acknowledged` the keys of the differences that were open and had been acknowledged.
 */
export const MonthClosing = defineEntity({
  name: 'MonthClosing',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    month: p.string(),
    endsAt: p.datetime(),
    closedAt: p.datetime(),
    closedBy: p.string().$type<Actor>(),
    acknowledged: p.json().$type<readonly string[]>(),
    /** How many bookings there were before `endsAt` when it was closed, and what their debits came to: the audit counts again. */
    journals: p.bigint('bigint'),
    debits: p.bigint('bigint'),
    reopenedAt: p.datetime().nullable(),
    reopenedBy: p.string().$type<Actor>().nullable(),
    remarkId: p.uuid().nullable(),
  },
});
export type MonthClosing = InferEntity<typeof MonthClosing>;

/** A line of a gateway's settlement file, once for ever by the gateway's own id of it. Minor units: `gross - fee = net`; a payout is below zero. */
export const SettlementLine = defineEntity({
  name: 'SettlementLine',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    provider: p.string(),
    key: p.string(),
    fileId: p.uuid(),
    kind: p.string(),
    providerRef: p.string().nullable(),
    payout: p.string().nullable(),
    gross: p.bigint('bigint'),
    fee: p.bigint('bigint'),
    net: p.bigint('bigint'),
    currency: p.string(),
    occurredAt: p.datetime(),
  },
});
export type SettlementLine = InferEntity<typeof SettlementLine>;
