import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { EmailFailure } from '../../domain/email.ts';
import type { Language } from '../../domain/languages.ts';
import type { NoticePreferences } from '../../domain/notice-preferences.ts';

export type EmailState = 'none' | 'unconfirmed' | 'confirmed' | 'failing';

/** A reader of one library. Civil dates are `YYYY-MM-DD` in the library's zone. */
export const Patron = defineEntity({
  name: 'Patron',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    card: p.string(),
    name: p.string(),
    birthDate: p.date().nullable(),
    email: p.string().nullable(),
    emailState: p.string().$type<EmailState>(),
    /** Since when the address stands as it does, and the code of the reason for which it fails (A11). */
    emailSince: p.datetime().nullable(),
    emailReason: p.string().$type<EmailFailure>().nullable(),
    phone: p.string().nullable(),
    language: p.string().$type<Language>(),
    userGroup: p.string(),
    paidUntil: p.date().nullable(),
    expiresOn: p.date().nullable(),
    /** What the reader may sign in with besides the card number: a student or staff number, or a chosen name. Unique in the library, whatever its case. */
    login: p.string().nullable(),
    /** Codes of what the account may do beyond borrowing (A7), such as `ill`. */
    permissions: p.array().onCreate(() => []),
    /** Further fields of the registration form by their codes: `gender`, `institution`, `workUnit`, `address`. */
    details: p.json<Record<string, string>>().onCreate(() => ({})),
    closedAt: p.datetime().nullable(),
    /** How far below zero the prepaid balance may go, and what the reader has deposited (A6); minor units. Null: no overdraft. */
    overdraftLimit: p.bigint('bigint').nullable(),
    deposit: p.bigint('bigint').onCreate(() => 0n),
    /** How the reader wants to hear of what they may choose about (A12). */
    noticePreferences: p.json<NoticePreferences>().onCreate(() => ({})),
    /** Nothing of the person is left in the row. */
    erasedAt: p.datetime().nullable(),
    /** The main card this sub card is linked to (F1), and since when. */
    mainId: p.uuid().nullable(),
    linkedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
});
export type Patron = InferEntity<typeof Patron>;

/** A block on one card; it stands until lifted and touches no other card (F7). */
export const Block = defineEntity({
  name: 'Block',
  properties: {
    id: p.uuid().primary(),
    patronId: p.uuid(),
    reason: p.string(),
    remarkId: p.uuid().nullable(),
    placedBy: p.string(),
    placedAt: p.datetime(),
    liftedBy: p.string().nullable(),
    liftedAt: p.datetime().nullable(),
  },
});
export type Block = InferEntity<typeof Block>;
