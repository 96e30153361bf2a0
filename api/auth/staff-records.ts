import { v7 } from 'uuid';
import { SignInChallenge, StaffChange } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Actor } from '../../domain/roles.ts';
import { revokeSessions } from './sessions.ts';

/** What can happen to a staff account, as its history names it. */
export const staffChangeKinds = [
  'created',
  'changed',
  'deactivated',
  'activated',
  'unlocked',
  'password-given',
  'password-changed',
  'second-factor-set-up',
  'second-factor-reset',
  'recovery-codes-made',
  'recovery-code-used',
] as const;

export type StaffChangeKind = (typeof staffChangeKinds)[number];

export interface StaffEvent {
  readonly staff: { readonly id: string; readonly library: string };
  readonly kind: StaffChangeKind;
  readonly actor: Actor;
  readonly now: number;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
}

/** Writes to the account's history who changed what (A13); never a password, secret or code. */
export function recordStaffChange(tx: Tx, event: StaffEvent): void {
  const { staff, kind, actor, now, before = {}, after = {} } = event;
  tx.create(StaffChange, {
    id: v7(),
    library: staff.library,
    staffId: staff.id,
    kind,
    actor,
    at: new Date(now),
    before,
    after,
  });
}

/** Ends all sessions of a member of staff but the one to be kept, and every sign-in under way. */
export async function revokeStaffAccess(tx: Tx, staffId: string, now: number, keep?: Buffer): Promise<void> {
  await revokeSessions(tx, staffId, now, keep);
  await tx.nativeDelete(SignInChallenge, { staffId });
}

/** Whatever is decided about one account is decided by one at a time. */
export async function lockStaff(tx: Tx, staffId: string): Promise<void> {
  await tx.execute('select id from staff_member where id = ? for no key update', [staffId]);
}
