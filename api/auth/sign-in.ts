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
import { locked } from './locked.ts';
import { verifyPassword } from './passwords.ts';
import type { NewSession, SessionRequest } from './sessions.ts';
import { openSession } from './sessions.ts';
import type { Challenge } from './staff-sign-in.ts';
import { afterFirstFactor } from './staff-sign-in.ts';
import type { HolderKind } from './throttle.ts';
import { accountKeys, createThrottle, throttleKeys } from './throttle.ts';

export { locked } from './locked.ts';

export interface SignIn extends Pick<SessionRequest, 'transport' | 'replaces'> {
  readonly kind: HolderKind;
  readonly library: string;
  /** Card number, login or confirmed e-mail address; of staff the login. */
  readonly name: string;
  readonly password: string;
  readonly network: string;
  readonly now: number;
}

/** A password that is the birth date, or came from the desk, leads only to setting a new one (A9). */
function scopeOf(holder: Holder, password: string): SessionScope {
  const given = isBirthDate(password, holder.birthDate) || holder.oneTimeUntil !== null;
  return given ? 'new-password' : 'full';
}

function isOutdated(holder: Holder, now: number): boolean {
  return holder.oneTimeUntil !== null && holder.oneTimeUntil <= now;
}

interface Counted {
  /** Whether the account may be tried at all. */
  readonly admitted: boolean;
  readonly failure: ProblemError;
}

type SignInDeps = Pick<ApiDeps, 'orm' | 'policies' | 'logger'>;

/**
 * Signs a reader or a member of staff in (A8–A10, A13); see docs/security.md for the lock-out. Staff with a second factor get a challenge in place of a session. Throws `sign-in-failed` for a wrong card and a wrong
 * password alike, and `too-many-attempts` while a lock lasts.
 */
export function createSignIn(deps: SignInDeps): (wish: SignIn) => Promise<NewSession | Challenge> {
  const throttle = createThrottle(deps.orm);

  /**
   * Counts the attempt, for the name that was typed and for the account it finds, and tells what to throw if it fails. Throws at once when the name is locked. A
   * locked account answers like a wrong password: a lock by one name must not tell which others the account has.
   */
  const count = async (policy: LibraryPolicy, wish: SignIn, holder: Holder | undefined): Promise<Counted> => {
    const { kind, library, name, network, now } = wish;
    // A reader's own network has counters of its own, so that a stranger's failures elsewhere do not keep the reader out.
    const at = holder?.known ? `@${network}` : '';
    const limit = nameLimit(policy);
    const named = await throttle.attempt(`${throttleKeys.name(kind, library, name)}${at}`, limit, now);
    if (!named.admitted) throw locked(policy, named.lockedUntil ?? now, now);
    const accountKey = holder ? throttleKeys.account(holder.id) : throttleKeys.noAccount(kind, library, name);
    const { admitted } = await throttle.attempt(`${accountKey}${at}`, limit, now);
    const failure =
      named.lockedUntil === null ? problem('sign-in-failed') : locked(policy, named.lockedUntil, now);
    return { admitted, failure };
  };

  const open = (policy: LibraryPolicy, wish: SignIn, holder: Holder) =>
    inTransaction(deps.orm, async (tx) => {
      const { kind, library, network, now, transport, replaces } = wish;
      await throttle.takeBack(tx, throttleKeys.network(library, network), networkLimit(policy), now);
      const keys = accountKeys(kind, library, holder);
      await throttle.clear(tx, ...keys, ...keys.map((key) => `${key}@${network}`));
      const scope = scopeOf(holder, wish.password);
      const request = { kind, holderId: holder.id, policy, scope, network, now, transport, replaces };
      return kind === 'staff' ? afterFirstFactor(tx, request) : openSession(tx, request);
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
    const { admitted, failure } = await count(policy, wish, holder);
    const matches = await verifyPassword(holder?.passwordHash, wish.password);
    if (holder !== undefined && admitted && matches && !isOutdated(holder, now))
      return open(policy, wish, holder);
    deps.logger.info({ kind, library, problem: failure.code }, 'sign-in failed');
    throw failure;
  };
}
