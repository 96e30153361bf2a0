import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ContactMethod, Kind } from '../../domain/kinds.ts';
import type { Actor } from '../../domain/roles.ts';

export type HoldState = 'waiting' | 'in-transit' | 'secured' | 'collected' | 'lapsed' | 'cancelled';

/** A reader's place in a title's queue (H5). `queueNo` is given by the database under the title's lock: lower is served first. */
export const Hold = defineEntity({
  name: 'Hold',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    titleId: p.uuid(),
    requestedItemId: p.uuid().nullable(),
    kind: p.string().$type<Kind>(),
    state: p.string().$type<HoldState>(),
    queueNo: p.bigint('number').autoincrement(),
    pickupPlace: p.string(),
    contact: p.string().$type<ContactMethod>(),
    channel: p.string().$type<'web' | 'desk'>(),
    placedBy: p.string().$type<Actor>(),
    placedAt: p.datetime(),
    itemId: p.uuid().nullable(),
    securedAt: p.datetime().nullable(),
    contactedAt: p.datetime().nullable(),
    keepUntil: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    endReason: p.string().nullable(),
  },
});
export type Hold = InferEntity<typeof Hold>;

/** One item lent to one reader (L1). `dueAt` is the end of the due day. */
export const Loan = defineEntity({
  name: 'Loan',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    titleId: p.uuid(),
    itemId: p.uuid(),
    holdId: p.uuid().nullable(),
    kind: p.string().$type<Kind>(),
    branch: p.string(),
    checkedOutAt: p.datetime(),
    checkedOutBy: p.string().$type<Actor>(),
    dueAt: p.datetime(),
    renewals: p.integer(),
    renewedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    endReason: p.string().$type<'returned' | 'lost'>().nullable(),
    endBranch: p.string().nullable(),
  },
});
export type Loan = InferEntity<typeof Loan>;
