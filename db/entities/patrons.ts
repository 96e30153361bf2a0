import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Language } from '../../domain/languages.ts';

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
    phone: p.string().nullable(),
    language: p.string().$type<Language>(),
    userGroup: p.string(),
    paidUntil: p.date().nullable(),
    expiresOn: p.date().nullable(),
    closedAt: p.datetime().nullable(),
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
