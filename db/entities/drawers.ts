import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor } from '../../domain/roles.ts';

/**
 * The till of a branch from one count to the next (P3, A13); amounts are minor units of `currency`. `openingBooked` and `closingBooked` are what the ledger said
 * when it was counted; the difference to the count is booked. Nobody books into a closed one: the database refuses it.
 */
export const DrawerSession = defineEntity({
  name: 'DrawerSession',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    branch: p.string(),
    currency: p.string(),
    openedAt: p.datetime(),
    openedBy: p.string().$type<Actor>(),
    openingBooked: p.bigint('bigint'),
    openingCount: p.bigint('bigint'),
    closedAt: p.datetime().nullable(),
    closedBy: p.string().$type<Actor>().nullable(),
    closingBooked: p.bigint('bigint').nullable(),
    closingCount: p.bigint('bigint').nullable(),
    /** What the cashier wrote to a difference. */
    remarkId: p.uuid().nullable(),
  },
});
export type DrawerSession = InferEntity<typeof DrawerSession>;

/** Cash that was carried from a till to the bank (above zero) or from there into the till, in minor units; `id` is its booking's. `entryId` names the entry of the bank's statement that shows it (P9). */
export const CarriedCash = defineEntity({
  name: 'CarriedCash',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    branch: p.string(),
    amount: p.bigint('bigint'),
    currency: p.string(),
    carriedAt: p.datetime(),
    entryId: p.uuid().nullable(),
  },
});
export type CarriedCash = InferEntity<typeof CarriedCash>;
