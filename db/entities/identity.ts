import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** A verification that has begun (A1): the browser is with the provider, or the portal is asking for number and secret. Its secrets are derived from the id, never stored. */
export const IdentityVerification = defineEntity({
  name: 'IdentityVerification',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    provider: p.string(),
    purpose: p.string().$type<'reader' | 'staff'>(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    completedAt: p.datetime().nullable(),
  },
});
export type IdentityVerification = InferEntity<typeof IdentityVerification>;

/** What a provider has said of a person; it lives for minutes, and for one application or one account. Its id is the verification's. */
export const VerifiedIdentity = defineEntity({
  name: 'VerifiedIdentity',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    provider: p.string(),
    subject: p.string(),
    /** Student or staff number. */
    number: p.string().nullable(),
    name: p.string().nullable(),
    email: p.string().nullable(),
    /** The address need not be confirmed again: the policy believes this provider about it. */
    emailTrusted: p.boolean(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
  },
});
export type VerifiedIdentity = InferEntity<typeof VerifiedIdentity>;

/** The account that an identity belongs to. */
export const PatronIdentity = defineEntity({
  name: 'PatronIdentity',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    provider: p.string(),
    subject: p.string(),
    boundAt: p.datetime(),
  },
});
export type PatronIdentity = InferEntity<typeof PatronIdentity>;
