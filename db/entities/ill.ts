import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type {
  IllDelivery,
  IllForm,
  IllMode,
  IllService,
  IllState,
  LiteratureType,
} from '../../domain/ill.ts';
import type { Status } from '../../domain/ill-status.ts';
import type { Actor } from '../../domain/roles.ts';

/** A request as it was submitted, one row a version (I1): a document that the API writes before the process hears of it. */
export const IllFormRow = defineEntity({
  name: 'IllFormRow',
  tableName: 'ill_form',
  properties: {
    /** The version's own id; that of the first is the request's. */
    id: p.uuid().primary(),
    requestId: p.uuid(),
    version: p.integer(),
    library: p.string(),
    patronId: p.uuid().nullable(),
    service: p.string().$type<IllService>(),
    literature: p.string().$type<LiteratureType>(),
    content: p.json().$type<IllForm>(),
    delivery: p.string().$type<IllDelivery>(),
    /** Where it is picked up, by its code in the policy; null unless `pickup`. */
    place: p.string().nullable(),
    /** Where it is posted to; null unless `post`. */
    address: p.text().nullable(),
    /** For whom, where the request is a library's own account's or a librarian's for somebody without a card (I6, I7). */
    beneficiary: p.string().nullable(),
    /** Where `beneficiary` is told that it is there; null: nobody but the librarian is told. */
    beneficiaryEmail: p.string().nullable(),
    /** The most the reader pays without being asked, in minor units of the library's currency; null: asked about any price. */
    limit: p.bigint('bigint').nullable(),
    /** The copyright statement that was accepted, by its version in the policy. */
    copyright: p.string().nullable(),
    /** Warnings that were shown and overridden: `duplicate`, `held-here`. */
    overridden: p.array().$type<string[]>(),
    /** By which the same work is found again: standard numbers and titles, normalised. */
    workKeys: p.array().onCreate(() => []),
    /** Title and author, normalised for search. */
    searchText: p.text().onCreate(() => ''),
    actor: p.string().$type<Actor>(),
    submittedAt: p.datetime(),
  },
});
export type IllFormRow = InferEntity<typeof IllFormRow>;

/** A reader's request for what another library has (I1–I20), and what became of it. */
export const IllRequest = defineEntity({
  name: 'IllRequest',
  properties: {
    id: p.uuid().primary(),
    /** The home library, whose librarian is responsible (I2). */
    library: p.string(),
    /** Transaction number (事务号), unique in the library. */
    number: p.string(),
    /** Null: submitted by a librarian for somebody without a card (I7), or forwarded for another library. */
    patronId: p.uuid().nullable(),
    mode: p.string().$type<IllMode>(),
    service: p.string().$type<IllService>(),
    literature: p.string().$type<LiteratureType>(),
    /** For lists; the whole is in the form. */
    title: p.text(),
    /** The form's version that counts. */
    formId: p.uuid(),
    delivery: p.string().$type<IllDelivery>(),
    place: p.string().nullable(),
    state: p.string().$type<IllState>(),
    /** Why it ended as it did, or what it waits for: a code with a text in every language; of an unfilled one every supplier's reason is with its attempt. */
    reason: p.string().nullable(),
    /** The attempt that is under way. */
    attemptId: p.uuid().nullable(),
    /** The request of another library that this one was made for (I5): this library is a centre. */
    onBehalfOf: p.uuid().nullable(),
    /** What it costs the reader, and all of it, in minor units; null until known. */
    priceMinor: p.bigint('bigint').nullable(),
    costMinor: p.bigint('bigint').nullable(),
    currency: p.string().nullable(),
    /** The reader's price as staff stated it, in minor units of the library's currency: it counts instead of the schedule's (I15). */
    statedMinor: p.bigint('bigint').nullable(),
    /** The most the reader has agreed to pay when they were asked, in the same units; null: nothing beyond the form's limit. */
    agreedMinor: p.bigint('bigint').nullable(),
    dueAt: p.datetime().nullable(),
    /** Past it the request shows late to staff (I12). */
    lateAt: p.datetime().nullable(),
    /** When the process has to look again whatever it hears. */
    lookAt: p.datetime().nullable(),
    cancelWantedAt: p.datetime().nullable(),
    renewalWantedAt: p.datetime().nullable(),
    /** Suppliers, by their codes, in the order a librarian chose; they go before all others. */
    chosen: p.array().onCreate(() => []),
    /** Who answers while the state is `asked`. */
    asks: p.string().$type<'reader' | 'staff'>().nullable(),
    /** Without an answer until then the next supplier is asked. */
    askUntil: p.datetime().nullable(),
    /** End of the day after which it is of no use. */
    neededBy: p.datetime().nullable(),
    /** What the librarian wrote to the reader when it was rejected or given up. */
    remarkId: p.uuid().nullable(),
    /** The copy that stands for the lent thing while it is here: shelf, pickup and loan are those of any item. */
    itemId: p.uuid().nullable(),
    /** The document that counts, of those that were delivered for it. */
    documentId: p.uuid().nullable(),
    /** The supplier sends it straight to the reader, not to the library. */
    direct: p.boolean().onCreate(() => false),
    actor: p.string().$type<Actor>(),
    submittedAt: p.datetime(),
    shippedAt: p.datetime().nullable(),
    receivedAt: p.datetime().nullable(),
    /** When what was lent went on its way back; while the state is `returning` and this is null it still waits for that. */
    sentBackAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
  },
});
export type IllRequest = InferEntity<typeof IllRequest>;

/** A request with one supplier: an entry of the lender string (I10). Each has its own id towards the supplier; a retry is an attempt of its own. */
export const IllAttempt = defineEntity({
  name: 'IllAttempt',
  properties: {
    id: p.uuid().primary(),
    requestId: p.uuid(),
    library: p.string(),
    /** Counted from 1 over the whole request. */
    position: p.integer(),
    /** The supplier, by its code among the policy's peers. */
    peer: p.string(),
    /** Who it is, where the librarian turned to somebody who is no peer (I3); then `peer` is `-`. */
    supplier: p.string().nullable(),
    /** The version of the form that it asks with. */
    formId: p.uuid().nullable(),
    /** What the request is called between the two; unique for the pair for ever. */
    ourRef: p.string(),
    theirRef: p.string().nullable(),
    /** The attempt that this one tries again. */
    retryOf: p.uuid().nullable(),
    /** As the supplier last said; null until it said anything. */
    status: p.string().$type<Status>().nullable(),
    /** Header time of the last message that was heeded: an older one changes nothing any more. */
    statusAt: p.datetime().nullable(),
    /** `open`; else how it ended: `unfilled`, `retry`, `cancelled`, `no-answer`, `not-sent`, `refused`, `completed`, `lost`. */
    outcome: p.string(),
    /** The supplier's code for why, as it came, and its note. */
    reason: p.string().nullable(),
    note: p.text().nullable(),
    /** What the supplier offers or asks: conditions, another price, from when on; as the message had it. */
    offer: p.json().$type<Readonly<Record<string, unknown>>>().nullable(),
    /** In minor units of `currency`: what it is expected to cost, and what the supplier charged. */
    expectedMinor: p.bigint('bigint').nullable(),
    costMinor: p.bigint('bigint').nullable(),
    currency: p.string().nullable(),
    sentAt: p.datetime(),
    /** Without an answer until then it counts as unfilled (I10). */
    answerBy: p.datetime().nullable(),
    /** When the supplier wants it back. */
    dueAt: p.datetime().nullable(),
    /** Under what conditions it was lent, as the supplier's codes: `LibraryUseOnly`. */
    conditions: p.array().onCreate(() => []),
    /** Where it is sent back to, as the supplier said. */
    returnTo: p.text().nullable(),
    endedAt: p.datetime().nullable(),
  },
});
export type IllAttempt = InferEntity<typeof IllAttempt>;

/** A file that is delivered (I14): uploaded by a librarian, or fetched from the supplier. */
export const IllDocument = defineEntity({
  name: 'IllDocument',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    about: p.string().$type<'request' | 'supply'>(),
    aboutId: p.uuid(),
    name: p.string(),
    mediaType: p.string(),
    /** Bytes. */
    size: p.integer(),
    hash: p.string(),
    content: p.blob().nullable().lazy(),
    actor: p.string().$type<Actor>(),
    storedAt: p.datetime(),
    /** When the reader may have it: paid, or nothing to pay (I16). */
    releasedAt: p.datetime().nullable(),
    expiresAt: p.datetime().nullable(),
    downloads: p.integer(),
    /** Counts the links that were given out: an earlier one is worth nothing (I14). */
    issue: p.integer(),
    lastDownloadAt: p.datetime().nullable(),
    withdrawnAt: p.datetime().nullable(),
    /** When the content went, its time being over; that it was delivered stays. */
    deletedAt: p.datetime().nullable(),
  },
});
export type IllDocument = InferEntity<typeof IllDocument>;
