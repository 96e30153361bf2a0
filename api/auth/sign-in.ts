import { inTransaction } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { isBirthDate } from '../../domain/passwords.ts';
import type { SessionScope } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import type { ProblemError } from '../problem.ts';
import { problem } from '../problem.ts';
import type { Holder } from './holders.ts';
import { findHolder } from './holders.ts';
import { nameLimit, networkLimit } from './limits.ts';
import { verifyPassword } from './passwords.ts';
import type { NewSession } from './sessions.ts';
import { openSession } from './sessions.ts';
import type { HolderKind } from './throttle.ts';
import { createThrottle, throttleKeys } from './throttle.ts';

export interface SignIn {
  readonly kind: HolderKind;
  readonly library: string;
  /** Card number or login. */
  readonly name: string;
  readonly password: string;
  readonly network: string;
  readonly now: number;
}

/** Says until when, in the library's zone; the same for cards that exist and cards that do not. */
export function locked(policy: Pick<LibraryPolicy, 'timeZone'>, until: number, now: number): ProblemError {
  const values = { until: new Date(until).toISOString(), timeZone: policy.timeZone };
  const headers = { 'Retry-After': String(Math.max(Math.ceil((until - now) / 1000), 1)) };
  return problem('too-many-attempts', values, { headers });
}

/** A password that is the birth date, or came from the desk, leads only to setting a new one (A9). */
function scopeOf(holder: Holder, password: string): SessionScope {
  const given = isBirthDate(password, holder.birthDate) || holder.oneTimeUntil !== null;
  return given ? 'new-password' : 'full';
}

function isOutdated(holder: Holder, now: number): boolean {
  return holder.oneTimeUntil !== null && holder.oneTimeUntil <= now;
}

type SignInDeps = Pick<ApiDeps, 'orm' | 'policies' | 'logger'>;

/**
 * Signs a reader or a member of staff in (A8–A10); see docs/security.md for the lock-out. Throws `sign-in-failed` for a wrong card and a wrong
 * password alike, and `too-many-attempts` while a lock lasts.
 */
export function createSignIn(deps: SignInDeps): (wish: SignIn) => Promise<NewSession & { holderId: string }> {
  const throttle = createThrottle(deps.orm);

  /** Counts the attempt and tells what to throw if it fails. Throws at once when it may not be made. */
  const count = async (policy: LibraryPolicy, wish: SignIn, holder: Holder | undefined) => {
    const { kind, library, name, network, now } = wish;
    // A reader's own network has a counter of its own, so that a stranger's failures elsewhere do not keep the reader out.
    const key = holder?.known
      ? throttleKeys.nameAt(kind, library, name, network)
      : throttleKeys.name(kind, library, name);
    const attempt = await throttle.attempt(key, nameLimit(policy), now);
    if (!attempt.admitted) throw locked(policy, attempt.lockedUntil ?? now, now);
    return attempt.lockedUntil === null
      ? problem('sign-in-failed')
      : locked(policy, attempt.lockedUntil, now);
  };

  const open = (policy: LibraryPolicy, wish: SignIn, holder: Holder) =>
    inTransaction(deps.orm, async (tx) => {
      const { kind, library, name, network, now } = wish;
      await throttle.takeBack(tx, throttleKeys.network(library, network), networkLimit(policy), now);
      await throttle.clear(tx, throttleKeys.name(kind, library, name));
      await throttle.clear(tx, throttleKeys.nameAt(kind, library, name, network));
      const scope = scopeOf(holder, wish.password);
      const session = await openSession(tx, { kind, holderId: holder.id, policy, scope, network, now });
      return { ...session, holderId: holder.id };
    });

  return async (wish) => {
    const { kind, library, network, now } = wish;
    if (!deps.policies.has(library)) throw problem('sign-in-failed');
    const policy = deps.policies.get(library);
    const atNetwork = await throttle.attempt(
      throttleKeys.network(library, network),
      networkLimit(policy),
      now,
    );
    if (!atNetwork.admitted) throw locked(policy, atNetwork.lockedUntil ?? now, now);
    const holder = await findHolder(deps.orm, wish);
    const failure = await count(policy, wish, holder);
    const matches = await verifyPassword(holder?.passwordHash, wish.password);
    if (holder !== undefined && matches && !isOutdated(holder, now)) return open(policy, wish, holder);
    deps.logger.info({ kind, library, problem: failure.code }, 'sign-in failed');
    throw failure;
  };
}
