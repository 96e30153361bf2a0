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
    /** The payment it belongs to: its settlement, what came too late or too much, and what took it back. */
    paymentId: p.uuid().nullable(),
    /** The entry of a bank's statement it is booked for (P9). */
    entryId: p.uuid().nullable(),
    /** The till's session it belongs to (P3). */
    drawerId: p.uuid().nullable(),
    reverses: p.uuid().nullable(),
    /** Why something was reversed: a code with a text in every language. */
    reason: p.string().nullable(),
    remarkId: p.uuid().nullable(),
    at: p.datetime(),
    /** When it happened, if that lies in a month that was closed before it was booked (P9); the database sets it. */
    valueAt: p.datetime().nullable(),
    actor: p.string().$type<Actor>(),
  },
});
export type Journal = InferEntity<typeof Journal>;

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
    droppedAt: p.datetime().nullable(),
    /** When its reader disputed it (P7); null: not disputed, or decided. */
    disputedAt: p.datetime().nullable(),
    /** The workflow that waits until nothing of it is open any more, and is woken then (I16). */
    waits: p.string().nullable(),
    /** The copy it is for, where it is lost or damaged. */
    itemId: p.uuid().nullable(),
    /** What staff wrote to it; the reader sees it. */
    remarkId: p.uuid().nullable(),
  },
});
export type Charge = InferEntity<typeof Charge>;

/** How much of a charge a booking settles, in minor units; below zero where a payment was taken back. Append-only. */
export const Allocation = defineEntity({
  name: 'Allocation',
  properties: {
    journalId: p.uuid().primary(),
    chargeId: p.uuid().primary(),
    amount: p.bigint('bigint'),
  },
});

/** `raised`: waits for payment; `dropped`: the card became a sub card before it was paid (F5). */
export type PeriodState = 'raised' | 'paid' | 'exempt' | 'dropped';

/**
 * A usage fee's period on a main or single card (F2). `dueOn` is the first day that was not paid for when it was raised; `startsOn` and `endsOn` are what
 * it covers, known once it is settled. Civil dates `YYYY-MM-DD` in the library's zone, both days included.
 */
export const MembershipPeriod = defineEntity({
  name: 'MembershipPeriod',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    dueOn: p.date(),
    startsOn: p.date().nullable(),
    endsOn: p.date().nullable(),
    state: p.string().$type<PeriodState>(),
    chargeId: p.uuid().nullable(),
    raisedAt: p.datetime(),
    settledAt: p.datetime().nullable(),
  },
});
export type MembershipPeriod = InferEntity<typeof MembershipPeriod>;

/** A card that a settled period covers, main or sub, and until when it was paid before. Civil dates; gone when the payment is taken back. */
export const MembershipCover = defineEntity({
  name: 'MembershipCover',
  properties: {
    periodId: p.uuid().primary(),
    patronId: p.uuid().primary(),
    before: p.date(),
    until: p.date(),
  },
});
