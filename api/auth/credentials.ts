import { v7 } from 'uuid';
import { Credential, Event, PasswordLink } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Actor } from '../../domain/roles.ts';
import { revokeSessions } from './sessions.ts';

interface Subject {
  readonly id: string;
  readonly library: string;
}

/** Writes to the reader's story who did what with their access; never a password. */
export function recordAccess(tx: Tx, patron: Subject, kind: string, actor: Actor, now: number): void {
  tx.create(Event, {
    id: v7(),
    library: patron.library,
    subjectType: 'patron',
    subjectId: patron.id,
    patronId: patron.id,
    kind,
    actor,
    at: new Date(now),
    detail: {},
  });
}

export interface NewPassword {
  readonly patron: Subject;
  /** As `hashPassword` made it. */
  readonly hash: string;
  readonly actor: Actor;
  /** What the event is called. */
  readonly event: 'password-changed' | 'password-reset' | 'one-time-password-given';
  readonly now: number;
  /** Given out by the desk: until when it leads to setting an own one; epoch milliseconds. */
  readonly oneTimeUntil?: number;
  /** The session that goes on. */
  readonly keep?: Buffer;
}

/** Sets a reader's password. All other sessions end, and no link sent before works any more. */
export async function setPassword(
  tx: Tx,
  { patron, hash, actor, event, now, oneTimeUntil, keep }: NewPassword,
): Promise<void> {
  const at = new Date(now);
  await tx.upsert(Credential, {
    patronId: patron.id,
    passwordHash: hash,
    oneTimeUntil: oneTimeUntil === undefined ? null : new Date(oneTimeUntil),
    changedAt: at,
  });
  await tx.nativeUpdate(PasswordLink, { patronId: patron.id, usedAt: null }, { usedAt: at });
  await revokeSessions(tx, patron.id, now, keep);
  recordAccess(tx, patron, event, actor, now);
}
