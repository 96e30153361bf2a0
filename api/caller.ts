import type { SessionScope, SessionTransport } from '../db/entities/index.ts';
import type { Language } from '../domain/languages.ts';
import type { Actor, StaffRole } from '../domain/roles.ts';

export type { SessionScope } from '../db/entities/index.ts';

interface SignedIn {
  readonly id: string;
  readonly library: string;
  /** As it is written to events. */
  readonly actor: Actor;
  readonly scope: SessionScope;
  readonly transport: SessionTransport;
  /** SHA-256 of the session's token: the session's key. */
  readonly session: Buffer;
  /** When the session ends at the latest, and since when it lasts; epoch milliseconds. */
  readonly expiresAt: number;
}

export interface PatronCaller extends SignedIn {
  readonly kind: 'patron';
  readonly language: Language;
}

export interface StaffCaller extends SignedIn {
  readonly kind: 'staff';
  readonly roles: readonly StaffRole[];
}

/** Who makes a request. */
export type Caller = PatronCaller | StaffCaller;

/** Who may call a route: anyone, a reader, any signed-in person, or staff with one of the roles (A13). An administrator may do all of it. */
export type Access = 'public' | 'patron' | 'signed-in' | readonly [StaffRole, ...StaffRole[]];

export type CallerOf<A extends Access> = A extends 'public'
  ? undefined
  : A extends 'patron'
    ? PatronCaller
    : A extends 'signed-in'
      ? Caller
      : StaffCaller;

const breadth: Readonly<Record<SessionScope, number>> = { 'new-password': 0, 'second-factor': 1, full: 2 };

/** Whether a session of a scope reaches a route that needs at least another. */
export function reaches(scope: SessionScope, needed: SessionScope): boolean {
  return breadth[scope] >= breadth[needed];
}

/** Whether a route is open to this caller. */
export function mayCall(access: Access, caller: Caller): boolean {
  if (access === 'public' || access === 'signed-in') return true;
  if (access === 'patron') return caller.kind === 'patron';
  if (caller.kind !== 'staff') return false;
  const roles: readonly StaffRole[] = access;
  return caller.roles.some((role) => roles.includes(role) || role === 'administrator');
}
