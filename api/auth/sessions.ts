import { Temporal } from 'temporal-polyfill';
import { KnownAddress, Session } from '../../db/entities/index.ts';
import type { SessionTransport } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { SessionScope } from '../caller.ts';
import { problem } from '../problem.ts';
import type { HolderKind } from './throttle.ts';
import { hashToken, newToken } from './tokens.ts';

export interface SessionRequest {
  readonly kind: HolderKind;
  readonly holderId: string;
  readonly policy: Pick<LibraryPolicy, 'code' | 'sessions' | 'staff'>;
  readonly scope: SessionScope;
  readonly network: string;
  readonly now: number;
  /** How the token is to travel; `bearer` unless said otherwise. */
  readonly transport?: SessionTransport | undefined;
  /** The session that ends with this one's beginning: of the browser's cookie, whoever's it was. */
  readonly replaces?: Buffer | undefined;
}

export interface NewSession {
  /** Told once, here; the database has its hash. */
  readonly token: string;
  /** When the session ends at the latest; epoch milliseconds. */
  readonly expiresAt: number;
  /** How long it lasts without being used: an ISO 8601 duration. */
  readonly idle: string;
  readonly scope: SessionScope;
  readonly transport: SessionTransport;
  readonly holderId: string;
}

/**
 * Keeps a reader's card from being closed or erased until the transaction ends; sign-ins do not wait for each other. Throws `sign-in-failed` when it was closed
 * meanwhile: a closing that waits for this ends the session, one that came before leaves none to be opened.
 */
async function keepOpen(tx: Tx, patronId: string): Promise<void> {
  const [open] = await tx.execute('select id from patron where id = ? and closed_at is null for share', [
    patronId,
  ]);
  if (!open) throw problem('sign-in-failed');
}

/** Opens a session and remembers the network it was opened from. Throws `sign-in-failed` for a reader whose card is closed. */
export async function openSession(tx: Tx, request: SessionRequest): Promise<NewSession> {
  const { kind, holderId, policy, scope, network, now, transport = 'bearer', replaces } = request;
  const { idle, absolute } = policy.sessions[kind];
  if (kind === 'patron') await keepOpen(tx, holderId);
  const token = newToken();
  const expiresAt = now + Temporal.Duration.from(absolute).total('milliseconds');
  const at = new Date(now);
  tx.create(Session, {
    tokenHash: hashToken(token),
    holderKind: kind,
    holderId,
    library: policy.code,
    scope,
    transport,
    address: network,
    createdAt: at,
    lastUsedAt: at,
    expiresAt: new Date(expiresAt),
  });
  await tx.upsert(KnownAddress, { holderId, address: network, lastUsedAt: at });
  if (replaces !== undefined) await revokeSession(tx, replaces, now);
  return { token, expiresAt, idle, scope, transport, holderId };
}

/** Ends all sessions of a reader or member of staff, but the one to be kept. */
export async function revokeSessions(tx: Tx, holderId: string, now: number, keep?: Buffer): Promise<void> {
  await tx.nativeUpdate(
    Session,
    { holderId, revokedAt: null, ...(keep && { tokenHash: { $ne: keep } }) },
    { revokedAt: new Date(now) },
  );
}

export async function revokeSession(tx: Tx, session: Buffer, now: number): Promise<void> {
  await tx.nativeUpdate(Session, { tokenHash: session, revokedAt: null }, { revokedAt: new Date(now) });
}

/**
 * Lets a session go on after a password or second factor was set, with what it may do from now on. One in a cookie gets another token, which is returned; the old one
 * no longer works. A bearer token stays as it is: whoever has it got it by signing in, and nobody can have planted it.
 */
export async function renewSession(
  tx: Tx,
  { session, transport }: { readonly session: Buffer; readonly transport: SessionTransport },
  scope: SessionScope,
): Promise<string | undefined> {
  const token = transport === 'cookie' ? newToken() : undefined;
  const tokenHash = token === undefined ? session : hashToken(token);
  await tx.nativeUpdate(Session, { tokenHash: session }, { tokenHash, scope });
  return token;
}
