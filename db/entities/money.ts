import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor } from '../../domain/roles.ts';

/** One booking: postings that sum to zero in each currency (P10). Append-only; a correction is a journal that reverses. */
export const Journal = defineEntity({
  name: 'Journal',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    operation: p.string(),
    kind: p.string(),
    patronId: p.uuid().nullable(),
    reverses: p.uuid().nullable(),
    at: p.datetime(),
    actor: p.string().$type<Actor>(),
  },
});

/** One side of a booking, in minor units: debit positive, credit negative. */
export const Posting = defineEntity({
  name: 'Posting',
  properties: {
    id: p.uuid().primary(),
    journalId: p.uuid(),
    account: p.string(),
    amount: p.bigint('bigint'),
    currency: p.string(),
  },
});

/** What a reader owes for one cause, and how much of it is still open; minor units. */
export const Charge = defineEntity({
  name: 'Charge',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    journalId: p.uuid(),
    cause: p.string(),
    subjectType: p.string(),
    subjectId: p.uuid(),
    amount: p.bigint('bigint'),
    remaining: p.bigint('bigint'),
    currency: p.string(),
    raisedAt: p.datetime(),
  },
});
export type Charge = InferEntity<typeof Charge>;
