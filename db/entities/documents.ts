import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { DocumentContent, DocumentKind, InvoiceParty } from '../../domain/documents.ts';
import type { Language } from '../../domain/languages.ts';
import type { Actor } from '../../domain/roles.ts';

/**
 * A numbered document about money (P3, P6). Append-only; the number is given by the database when the transaction commits, one after the other for each library,
 * kind and year – the civil year in the library's zone. `amount` is minor units; a cancellation has the amount that it takes back.
 */
export const MoneyDocument = defineEntity({
  name: 'MoneyDocument',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    kind: p.string().$type<DocumentKind>(),
    year: p.integer(),
    /** Null until the commit. */
    number: p.integer().nullable(),
    patronId: p.uuid(),
    /** Null for what is no payment: balance paid out, a deposit. */
    paymentId: p.uuid().nullable(),
    /** The booking that it is about; an invoice has none. */
    journalId: p.uuid().nullable(),
    /** The receipt or slip that a cancellation is about. */
    cancels: p.uuid().nullable(),
    /** To whom an invoice is made out. */
    requestId: p.uuid().nullable(),
    language: p.string().$type<Language>(),
    currency: p.string(),
    amount: p.bigint('bigint'),
    content: p.json<DocumentContent>(),
    actor: p.string().$type<Actor>(),
    issuedAt: p.datetime(),
  },
});
export type MoneyDocument = InferEntity<typeof MoneyDocument>;

/** To whom a payment's invoice is to be made out, as it was asked for (P5); the latest request counts until an invoice is issued. */
export const InvoiceRequest = defineEntity({
  name: 'InvoiceRequest',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    paymentId: p.uuid(),
    party: p.string().$type<InvoiceParty>(),
    title: p.string(),
    /** ISO 3166, whose rule the tax id follows. */
    country: p.string(),
    taxId: p.string().nullable(),
    askedBy: p.string().$type<Actor>(),
    askedAt: p.datetime(),
    replacedAt: p.datetime().nullable(),
  },
});
export type InvoiceRequest = InferEntity<typeof InvoiceRequest>;

/** What of an allocation an invoice is about: each allocation is invoiced once. */
export const InvoiceLine = defineEntity({
  name: 'InvoiceLine',
  properties: {
    journalId: p.uuid().primary(),
    chargeId: p.uuid().primary(),
    documentId: p.uuid(),
  },
});
