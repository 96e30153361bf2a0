import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Part, Why } from '../../domain/matching.ts';
import type { Actor } from '../../domain/roles.ts';

/** What an entry that waits for staff may be, the likeliest first (P9). Its id is made of entry and parts: the same suggestion made anew is the same. */
export const EntrySuggestion = defineEntity({
  name: 'EntrySuggestion',
  properties: {
    id: p.uuid().primary(),
    entryId: p.uuid(),
    rank: p.integer(),
    parts: p.json<readonly Part[]>(),
    /** 0 to 100. */
    score: p.integer(),
    reasons: p.json<readonly Why[]>(),
  },
});
export type EntrySuggestion = InferEntity<typeof EntrySuggestion>;

/** Money of an entry that staff send back to who paid it, in minor units: `waiting` until the bank's entry of the transfer appears (`sentBy`). */
export const BankReturn = defineEntity({
  name: 'BankReturn',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    account: p.string(),
    entryId: p.uuid(),
    /** Whose credit it was taken from; null: it never was a reader's. */
    patronId: p.uuid().nullable(),
    amount: p.bigint('bigint'),
    currency: p.string(),
    state: p.string().$type<'waiting' | 'sent' | 'cancelled'>(),
    sentBy: p.uuid().nullable(),
    remarkId: p.uuid().nullable(),
    actor: p.string().$type<Actor>(),
    askedAt: p.datetime(),
    endedAt: p.datetime().nullable(),
  },
});
export type BankReturn = InferEntity<typeof BankReturn>;
