import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor } from '../../domain/roles.ts';
import type { SessionScope } from './access.ts';

/** The secret of a one-time-code device; a member of staff has at most one confirmed and one that waits for its first code. */
export const StaffTotp = defineEntity({
  name: 'StaffTotp',
  properties: {
    id: p.uuid().primary(),
    staffId: p.uuid(),
    /** Encrypted under a key derived from CARREL_SECRET. */
    secret: p.string(),
    createdAt: p.datetime(),
    confirmedAt: p.datetime().nullable(),
    /** The thirty-second step of the last accepted code: neither it nor an earlier one is accepted again. */
    lastStep: p.bigint('number').nullable(),
  },
});
export type StaffTotp = InferEntity<typeof StaffTotp>;

/** A code for the day the device is lost; only a keyed hash is kept, and it works once. */
export const StaffRecoveryCode = defineEntity({
  name: 'StaffRecoveryCode',
  properties: {
    staffId: p.uuid().primary(),
    codeHash: p.blob().primary(),
    usedAt: p.datetime().nullable(),
  },
});

/** A sign-in whose password was right and whose code is awaited; only the SHA-256 of its token is kept. */
export const SignInChallenge = defineEntity({
  name: 'SignInChallenge',
  properties: {
    tokenHash: p.blob().primary(),
    staffId: p.uuid(),
    /** What the session will be allowed once the code is given. */
    scope: p.string().$type<SessionScope>(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
  },
});

/** Who changed what about a member of staff, when; append-only. Never a password, secret or code. */
export const StaffChange = defineEntity({
  name: 'StaffChange',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    staffId: p.uuid(),
    kind: p.string(),
    actor: p.string().$type<Actor>(),
    at: p.datetime(),
    before: p.json<Record<string, unknown>>(),
    after: p.json<Record<string, unknown>>(),
  },
});
