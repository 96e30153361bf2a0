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
