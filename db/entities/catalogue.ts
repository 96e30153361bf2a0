import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ItemState, Kind } from '../../domain/kinds.ts';

export const Title = defineEntity({
  name: 'Title',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    controlNumber: p.string(),
    kind: p.string().$type<Kind>(),
    title: p.string(),
    /** The Latin-script form of a title in another script. */
    titleRomanised: p.string().nullable(),
    /** Normalised title without a leading article: the order of lists. */
    sortKey: p.string().default(''),
    author: p.string().nullable(),
    publisher: p.string().nullable(),
    published: p.string().nullable(),
    language: p.string().nullable(),
    isbns: p.array(),
    issns: p.array(),
    searchText: p.string(),
    createdAt: p.datetime(),
  },
});
export type Title = InferEntity<typeof Title>;

/**
 * A copy. `hold-shelf`: kept for the hold in `holdId`. `put-away`: on the hold shelf, but nobody's any more (H10).
 * `in-transit`: on its way to the branch in `transitTo`, for the hold in `holdId` or home.
 */
export const Item = defineEntity({
  name: 'Item',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    titleId: p.uuid(),
    barcode: p.string(),
    branch: p.string(),
    shelfMark: p.string().nullable(),
    issue: p.string().nullable(),
    issuedOn: p.date().nullable(),
    forLoan: p.boolean(),
    state: p.string().$type<ItemState>(),
    stateSince: p.datetime(),
    atBranch: p.string(),
    transitTo: p.string().nullable(),
    holdId: p.uuid().nullable(),
    /** What a lost copy costs to replace, in minor units of the library's currency. */
    price: p.bigint('bigint').nullable(),
    /** The request that it came for, if it belongs to another library. */
    illRequestId: p.uuid().nullable(),
    createdAt: p.datetime(),
  },
});
export type Item = InferEntity<typeof Item>;
