import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { IllService } from '../../domain/ill.ts';
import type { SettlementState } from '../../domain/ill-settlement.ts';
import type { IllTerms } from '../../domain/policy-ill-prices.ts';
import type { Actor } from '../../domain/roles.ts';

/**
 * What one library's books say of one thing that was shipped between two (I15, I17): once on each side. `amount` is what it changes on `peer:<code>`, in minor units: above
 * zero the other library owes us, below zero we owe it; nothing where nothing is paid. Append-only.
 */
export const IllTransaction = defineEntity({
  name: 'IllTransaction',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    peer: p.string(),
    /** Which of the two we were. */
    side: p.string().$type<'requester' | 'supplier'>(),
    /** Our attempt, or their request to us. */
    aboutId: p.uuid(),
    kind: p.string().$type<'shipped' | 'lost' | 'taken-back' | 'corrected'>(),
    /** What the request is called between the two: the same on both sides. */
    reference: p.string(),
    /** Our own transaction number. */
    number: p.string(),
    service: p.string().$type<IllService>(),
    terms: p.string().$type<IllTerms>(),
    amount: p.bigint('bigint'),
    currency: p.string(),
    journalId: p.uuid().nullable(),
    /** Of one that takes back or corrects: which. */
    reverses: p.uuid().nullable(),
    at: p.datetime(),
  },
});
export type IllTransaction = InferEntity<typeof IllTransaction>;

/** What a library and another settle for a period (I17): our side of it. */
export const IllSettlement = defineEntity({
  name: 'IllSettlement',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    number: p.string(),
    peer: p.string(),
    currency: p.string(),
    /** Civil days in the library's zone, both included. */
    fromOn: p.date(),
    toOn: p.date(),
    state: p.string().$type<SettlementState>(),
    /** The sum of its lines but those that were left out: above zero they owe us. */
    total: p.bigint('bigint'),
    actor: p.string().$type<Actor>(),
    drawnAt: p.datetime(),
    sentAt: p.datetime().nullable(),
    ourConfirmedAt: p.datetime().nullable(),
    ourConfirmedBy: p.string().$type<Actor>().nullable(),
    theirConfirmedAt: p.datetime().nullable(),
    theirConfirmedBy: p.string().$type<Actor>().nullable(),
    settledAt: p.datetime().nullable(),
    /** `finance`: by the parent institution, outside of Carrel; `nothing`: it came to nothing. */
    settledBy: p.string().$type<'bank' | 'finance' | 'netting' | 'nothing'>().nullable(),
    journalId: p.uuid().nullable(),
    /** The bank's entry by which it was settled. */
    entryId: p.uuid().nullable(),
    nettingId: p.uuid().nullable(),
    endedAt: p.datetime().nullable(),
  },
});
export type IllSettlement = InferEntity<typeof IllSettlement>;

export const IllSettlementLine = defineEntity({
  name: 'IllSettlementLine',
  properties: {
    id: p.uuid().primary(),
    settlementId: p.uuid(),
    transactionId: p.uuid(),
    amount: p.bigint('bigint'),
    /** What was left out may stand in a later settlement. */
    state: p.string().$type<'counted' | 'disputed' | 'left-out'>(),
    disputedBy: p.string().$type<'us' | 'them'>().nullable(),
    remarkId: p.uuid().nullable(),
    disputedAt: p.datetime().nullable(),
  },
});
export type IllSettlementLine = InferEntity<typeof IllSettlementLine>;

/** A line of the other library's statement, as it was handed in; `side` and `amount` as they see it. */
export const IllSettlementTheirs = defineEntity({
  name: 'IllSettlementTheirs',
  properties: {
    settlementId: p.uuid().primary(),
    position: p.integer().primary(),
    side: p.string().$type<'requester' | 'supplier'>(),
    reference: p.string(),
    amount: p.bigint('bigint'),
  },
});
export type IllSettlementTheirs = InferEntity<typeof IllSettlementTheirs>;

/** Balances of the installation's libraries that were netted together in one currency. */
export const IllNetting = defineEntity({
  name: 'IllNetting',
  properties: {
    id: p.uuid().primary(),
    currency: p.string(),
    actor: p.string().$type<Actor>(),
    nettedAt: p.datetime(),
  },
});
export type IllNetting = InferEntity<typeof IllNetting>;

/** What one library gets (above zero) or pays of a netting, in minor units; all together sum to nothing. */
export const IllNettingPosition = defineEntity({
  name: 'IllNettingPosition',
  properties: {
    nettingId: p.uuid().primary(),
    library: p.string().primary(),
    amount: p.bigint('bigint'),
    journalId: p.uuid().nullable(),
    settledAt: p.datetime().nullable(),
    settledBy: p.string().$type<'bank' | 'finance' | 'nothing'>().nullable(),
    entryId: p.uuid().nullable(),
  },
});
export type IllNettingPosition = InferEntity<typeof IllNettingPosition>;
