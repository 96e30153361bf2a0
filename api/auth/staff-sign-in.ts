import { SignInChallenge, StaffMember } from '../../db/entities/index.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import type { Tx } from '../../db/transaction.ts';
import { needsSecondFactor } from '../../domain/policy-staff.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import { nameLimit, networkLimit } from './limits.ts';
import { locked } from './locked.ts';
import { createSecondFactor, secondFactorOf } from './second-factor.ts';
import type { NewSession, SessionRequest } from './sessions.ts';
import { openSession } from './sessions.ts';
import { recordStaffChange } from './staff-records.ts';
import { createThrottle, throttleKeys } from './throttle.ts';
import { hashToken, newToken } from './tokens.ts';

/** The password is right, or the institution knows the member, and a code is awaited. */
export interface Challenge {
  /** Told once, here; the database has its hash. */
  readonly challenge: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const challengeLastsMs = 5 * 60_000;

async function openChallenge(tx: Tx, { holderId: staffId, scope, now }: SessionRequest): Promise<Challenge> {
  const challenge = newToken();
  const expiresAt = now + challengeLastsMs;
  const times = { createdAt: new Date(now), expiresAt: new Date(expiresAt) };
  tx.create(SignInChallenge, { tokenHash: hashToken(challenge), staffId, scope, ...times });
  return { challenge, expiresAt };
}

/**
 * What the first factor – a right password, or an institution whose word alone is not enough – opens for a member of staff (A13): a session, one that can only set
 * up the second factor, or – with one set up – a challenge.
 */
export async function afterFirstFactor(tx: Tx, request: SessionRequest): Promise<NewSession | Challenge> {
  const member = await tx.findOneOrFail(StaffMember, { id: request.holderId });
  const { confirmedAt } = await secondFactorOf(tx, member);
  if (confirmedAt !== null) return openChallenge(tx, request);
  const needed = request.scope === 'full' && needsSecondFactor(request.policy.staff, member.roles);
  return openSession(tx, { ...request, scope: needed ? 'second-factor' : request.scope });
}

export interface CodeSignIn extends Pick<SessionRequest, 'network' | 'now' | 'transport' | 'replaces'> {
  readonly challenge: string;
  /** Of the device, or a recovery code. */
  readonly code: string;
}

/**
 * The second step of a staff sign-in. Wrong codes are counted per account and per network like wrong passwords (A10): throws `challenge-expired`, `code-wrong`,
 * or `too-many-attempts` while a lock lasts.
 */
export function createCodeSignIn(
  deps: Pick<ApiDeps, 'orm' | 'policies' | 'config' | 'logger'>,
): (wish: CodeSignIn) => Promise<NewSession> {
  const { orm, policies, logger } = deps;
  const throttle = createThrottle(orm);
  const secondFactor = createSecondFactor(deps.config.secret);

  const find = async ({ challenge, now }: CodeSignIn) => {
    const em = reader(orm);
    const unexpired = { tokenHash: hashToken(challenge), usedAt: null, expiresAt: { $gt: new Date(now) } };
    const row = await em.findOne(SignInChallenge, unexpired);
    const member = row && (await em.findOne(StaffMember, { id: row.staffId, active: true }));
    if (!row || !member) throw problem('challenge-expired');
    return { row, member, policy: policies.get(member.library) };
  };

  type Found = Awaited<ReturnType<typeof find>>;

  const count = async (key: string, limit: ReturnType<typeof nameLimit>, { policy }: Found, now: number) => {
    const attempt = await throttle.attempt(key, limit, now);
    if (!attempt.admitted) throw locked(policy, attempt.lockedUntil ?? now, now);
    return attempt.lockedUntil === null ? problem('code-wrong') : locked(policy, attempt.lockedUntil, now);
  };

  const enter = (wish: CodeSignIn, { row, member, policy }: Found): Promise<NewSession | undefined> =>
    inTransaction(orm, async (tx) => {
      const { network, now, transport, replaces } = wish;
      const kind = await secondFactor.use(tx, member.id, wish.code, now);
      if (kind === undefined) return undefined;
      const unused = { tokenHash: row.tokenHash, usedAt: null };
      if ((await tx.nativeUpdate(SignInChallenge, unused, { usedAt: new Date(now) })) === 0)
        throw problem('challenge-expired');
      await throttle.takeBack(tx, throttleKeys.network(member.library, network), networkLimit(policy), now);
      await throttle.clear(tx, throttleKeys.code(member.id));
      const actor = `staff:${member.id}` as const;
      if (kind === 'recovery')
        recordStaffChange(tx, { staff: member, kind: 'recovery-code-used', actor, now });
      const { scope } = row;
      const holder = { kind: 'staff', holderId: member.id } as const;
      return openSession(tx, { ...holder, policy, scope, network, now, transport, replaces });
    });

  return async (wish) => {
    const found = await find(wish);
    const { member, policy } = found;
    await count(throttleKeys.network(member.library, wish.network), networkLimit(policy), found, wish.now);
    const failure = await count(throttleKeys.code(member.id), nameLimit(policy), found, wish.now);
    const session = await enter(wish, found);
    if (session !== undefined) return session;
    logger.info({ kind: 'staff', library: member.library, problem: failure.code }, 'sign-in failed');
    throw failure;
  };
}
