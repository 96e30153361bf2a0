import { inTransaction } from '../../db/transaction.ts';
import { identitySecret, isIdentitySecret } from '../../domain/identity-link.ts';
import { findProvider, trustsSecondFactor } from '../../domain/policy-identity.ts';
import type { IdentityProvider, IdentityPurpose } from '../../domain/policy-identity.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { IdentityVerification, VerifiedIdentity } from '../../db/entities/index.ts';
import {
  beginVerification,
  boundReader,
  claimVerification,
  keepIdentity,
  releaseVerification,
  staffWith,
} from '../auth/identities.ts';
import { beginLimit, nameLimit, networkLimit } from '../auth/limits.ts';
import { locked } from '../auth/locked.ts';
import type { NewSession, SessionRequest } from '../auth/sessions.ts';
import { openSession } from '../auth/sessions.ts';
import { afterFirstFactor, type Challenge } from '../auth/staff-sign-in.ts';
import { createThrottle, throttleKeys } from '../auth/throttle.ts';
import type { ApiDeps } from '../deps.ts';
import { loggable } from '../loggable.ts';
import { problem, ProblemError } from '../problem.ts';
import { createIdentityServices } from './services.ts';
import type { Given, Person } from './service.ts';
import { flowOf } from './service.ts';

export interface BeginWish {
  readonly library: string;
  readonly provider: string;
  readonly purpose: IdentityPurpose;
  readonly network: string;
  readonly now: number;
}

export interface CompleteWish extends Pick<SessionRequest, 'network' | 'now' | 'transport' | 'replaces'> {
  readonly id: string;
  readonly secret: string;
  readonly given: Given;
}

/** A session; a code that is awaited of staff; or an identity that is nobody's yet. */
type Settled = NewSession | Challenge | VerifiedIdentity;

const pages = { reader: '/identity', staff: '/staff/identity' } as const;

/** Begins and completes verifications (A1, A13); see docs/security.md for what ties them together. */
export function createVerify(deps: ApiDeps) {
  const { orm, policies, config, logger } = deps;
  const services = createIdentityServices(deps);
  const throttle = createThrottle(orm);

  const admit = async (policy: LibraryPolicy, key: string, limit: typeof beginLimit, now: number) => {
    const attempt = await throttle.attempt(key, limit, now);
    if (!attempt.admitted) throw locked(policy, attempt.lockedUntil ?? now, now);
  };

  const flow = (id: string, provider: IdentityProvider, purpose: IdentityPurpose) => {
    const stated = provider.kind === 'oidc' ? provider.returnTo[purpose] : undefined;
    return flowOf(config.secret, id, stated ?? `${config.publicUrl}${pages[purpose]}`);
  };

  const begin = async ({ library, provider: code, purpose, network, now }: BeginWish) => {
    const policy = policies.has(library) ? policies.get(library) : undefined;
    const provider = policy && findProvider(policy.identity, code, purpose);
    if (!policy || !provider) throw problem('identity-not-offered');
    await admit(policy, throttleKeys.verificationNetwork(library, network), beginLimit, now);
    const { id, expiresAt } = await beginVerification(orm, { library, provider: code, purpose, now });
    const url = await services(library, code).begin(flow(id, provider, purpose));
    return { id, expiresAt, url, secret: identitySecret(config.secret, id) };
  };

  /** Secrets of a list can be guessed; counted as failed before they are looked at, per number and per network (A10). */
  const countGuess = async (
    policy: LibraryPolicy,
    { provider }: IdentityVerification,
    wish: CompleteWish,
  ) => {
    const { given, network, now } = wish;
    if (!('number' in given)) return undefined;
    const atNetwork = throttleKeys.network(policy.code, network);
    await admit(policy, atNetwork, networkLimit(policy), now);
    const ofNumber = throttleKeys.member(policy.code, provider, given.number);
    await admit(policy, ofNumber, nameLimit(policy), now);
    return () =>
      inTransaction(orm, async (tx) => {
        await throttle.takeBack(tx, atNetwork, networkLimit(policy), now);
        await throttle.clear(tx, ofNumber);
      });
  };

  const ask = async (verification: IdentityVerification, wish: CompleteWish): Promise<Person> => {
    const { library, provider: code, purpose, id } = verification;
    const policy = policies.get(library);
    const provider = findProvider(policy.identity, code, purpose);
    if (provider === undefined) throw problem('identity-not-offered');
    const right = await countGuess(policy, verification, wish);
    const person = await services(library, code).complete(flow(id, provider, purpose), wish.given);
    await right?.();
    return person;
  };

  const askOnce = async (verification: IdentityVerification, wish: CompleteWish): Promise<Person> => {
    try {
      return await ask(verification, wish);
    } catch (error) {
      const code = error instanceof ProblemError ? error.code : 'internal';
      const { id, library, provider } = verification;
      logger.info({ library, provider, problem: code, error: loggable(error) }, 'a verification failed');
      // What came from a provider has been tried for good, unless the provider was out of reach; a mistyped secret has not.
      if (code !== 'identity-failed' || 'number' in wish.given) await releaseVerification(orm, id);
      throw error;
    }
  };

  const settle = (verification: IdentityVerification, person: Person, wish: CompleteWish): Promise<Settled> =>
    inTransaction(orm, async (tx) => {
      const { library, purpose, provider } = verification;
      const policy = policies.get(library);
      const { network, now, transport, replaces } = wish;
      const session = {
        policy,
        scope: 'full',
        network,
        now,
        transport,
        replaces,
      } as const;
      if (purpose === 'staff') {
        const member = await staffWith(tx, library, person.subject);
        if (member === null) throw problem('sign-in-failed');
        const request = { ...session, kind: 'staff', holderId: member.id } as const;
        const isEnough = trustsSecondFactor(policy.identity, provider);
        return isEnough ? openSession(tx, request) : afterFirstFactor(tx, request);
      }
      const bound = await boundReader(tx, verification, person.subject);
      if (bound === null) throw problem('sign-in-failed');
      if (bound === undefined) return keepIdentity(tx, verification, person, now);
      return openSession(tx, { ...session, kind: 'patron', holderId: bound.id });
    });

  const complete = async (wish: CompleteWish): Promise<Settled> => {
    if (!isIdentitySecret(config.secret, wish.id, wish.secret)) throw problem('verification-expired');
    const verification = await claimVerification(orm, wish.id, wish.now);
    return settle(verification, await askOnce(verification, wish), wish);
  };

  return { begin, complete };
}
