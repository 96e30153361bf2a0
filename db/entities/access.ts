import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { StaffRole } from '../../domain/roles.ts';

export const Credential = defineEntity({
  name: 'Credential',
  properties: {
    patronId: p.uuid().primary(),
    passwordHash: p.string(),
    /** Given out by the desk: until then it can be used, and only to set an own one. */
    oneTimeUntil: p.datetime().nullable(),
    changedAt: p.datetime(),
  },
});

/** A single-use link with which a reader sets a new password (A10); the link's secret is derived from the id, never stored. */
export const PasswordLink = defineEntity({
  name: 'PasswordLink',
  properties: {
    id: p.uuid().primary(),
    patronId: p.uuid(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
  },
});
export type PasswordLink = InferEntity<typeof PasswordLink>;

export const StaffMember = defineEntity({
  name: 'StaffMember',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    login: p.string(),
    name: p.string(),
    email: p.string().nullable(),
    roles: p.array().$type<StaffRole[]>(),
    /** Null: signs in only through the institution's identity service. */
    passwordHash: p.string().nullable(),
    /** Of a password an administrator has given out: until then it can be used, and only to set an own one. */
    oneTimeUntil: p.datetime().nullable(),
    passwordChangedAt: p.datetime().nullable(),
    /** Who the member is to the institution's identity service (OpenID Connect's `sub`). */
    oidcSubject: p.string().nullable(),
    active: p.boolean(),
    createdAt: p.datetime(),
  },
});
export type StaffMember = InferEntity<typeof StaffMember>;

/** What a session may do: everything, or only set a new password (A9), or only set up the second factor (A13). */
export type SessionScope = 'full' | 'new-password' | 'second-factor';

export type SessionTransport = 'bearer' | 'cookie';

/** A signed-in reader or member of staff. Only the SHA-256 of the bearer token is kept. */
export const Session = defineEntity({
  name: 'Session',
  properties: {
    tokenHash: p.blob().primary(),
    holderKind: p.string().$type<'patron' | 'staff'>(),
    holderId: p.uuid(),
    library: p.string(),
    scope: p.string().$type<SessionScope>(),
    /** How the token travels; it is taken no other way. */
    transport: p.string().$type<SessionTransport>().default('bearer'),
    address: p.string(),
    createdAt: p.datetime(),
    lastUsedAt: p.datetime(),
    expiresAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
  },
});

/** Failed sign-ins counted under a key: a card, an address, or the two together (A10). */
export const SignInThrottle = defineEntity({
  name: 'SignInThrottle',
  properties: {
    key: p.string().primary(),
    failures: p.integer(),
    strikes: p.integer(),
    windowStartedAt: p.datetime(),
    lockedUntil: p.datetime().nullable(),
  },
});

/** An address from which the holder has signed in before: a stranger's failures elsewhere do not lock it (A10). */
export const KnownAddress = defineEntity({
  name: 'KnownAddress',
  properties: {
    holderId: p.uuid().primary(),
    address: p.string().primary(),
    lastUsedAt: p.datetime(),
  },
});
