import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { IllDelivery, IllForm, IllService } from '../../domain/ill.ts';
import type { Status } from '../../domain/ill-status.ts';
import type { SupplyWait } from '../../domain/supply.ts';

/** Another library's request to this one (I8). */
export const SupplyRequest = defineEntity({
  name: 'SupplyRequest',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    number: p.string(),
    /** The requester, by its code among the policy's peers. */
    peer: p.string(),
    /** What it is called there: with the peer the key, never alone. */
    theirRef: p.string(),
    previousRef: p.string().nullable(),
    service: p.string().$type<IllService>(),
    literature: p.string(),
    title: p.text(),
    /** The bibliographic part of the request. */
    content: p.json().$type<IllForm>(),
    /** Delivery, patron and billing parts of the request as they came: personal. */
    delivery: p.json().$type<Readonly<Record<string, unknown>>>(),
    /** What is shown to staff with it, such as 从CCC检索到的文献！ (I8). */
    note: p.text().nullable(),
    status: p.string().$type<Status>(),
    reason: p.string().nullable(),
    /** In minor units of `currency`. */
    limitMinor: p.bigint('bigint').nullable(),
    costMinor: p.bigint('bigint').nullable(),
    currency: p.string().nullable(),
    itemId: p.uuid().nullable(),
    /** What is lent, by its barcode or call number, where it is no copy of our catalogue. */
    itemNote: p.text().nullable(),
    /** Whose turn it is: staff's, but for `condition`, which the requester accepts. Null: nobody's. */
    waitsFor: p.string().$type<SupplyWait>().nullable(),
    /** Header time of the last message of the requester that was heeded. */
    saidAt: p.datetime().nullable(),
    /** How it is to reach them. */
    deliveryKind: p.string().$type<IllDelivery>().default('post'),
    /** This library is a centre here (I5): the request has one of our own, `ill_request.on_behalf_of`. */
    forwards: p.boolean().default(false),
    /** The title of our catalogue that was found for it, and what looking there suggested. */
    titleId: p.uuid().nullable(),
    advice: p.json().$type<Readonly<Record<string, unknown>>>().nullable(),
    /** A condition that the requester was asked to accept: a code of the standard's list. */
    loanCondition: p.string().nullable(),
    remindedAt: p.datetime().nullable(),
    promisedAt: p.datetime().nullable(),
    /** The requester said that it has come. */
    arrivedAt: p.datetime().nullable(),
    /** The requester said that it is on its way back. */
    sentBackAt: p.datetime().nullable(),
    overdueAt: p.datetime().nullable(),
    recalledAt: p.datetime().nullable(),
    renewals: p.integer().default(0),
    /** The last of its supplier's messages that was passed on, by `ill_message.seq`. */
    relayedSeq: p.bigint('number').default(0),
    /** When staff were reminded that its answer is late. */
    lateAt: p.datetime().nullable(),
    /** When its personal part was emptied. */
    erasedAt: p.datetime().nullable(),
    dueAt: p.datetime().nullable(),
    /** Past it the answer shows late to staff. */
    answerBy: p.datetime().nullable(),
    lookAt: p.datetime().nullable(),
    neededBy: p.datetime().nullable(),
    receivedAt: p.datetime(),
    shippedAt: p.datetime().nullable(),
    returnedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
  },
});
export type SupplyRequest = InferEntity<typeof SupplyRequest>;
