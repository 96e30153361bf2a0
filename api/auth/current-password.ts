import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import { nameLimit } from './limits.ts';
import { locked } from './locked.ts';
import { verifyPassword } from './passwords.ts';
import { createThrottle, throttleKeys } from './throttle.ts';

export interface Given {
  readonly caller: { readonly id: string; readonly library: string };
  /** The stored hash; undefined: has none. */
  readonly hash: string | undefined;
  readonly password: string;
  /** Where the password stands in the request's body. */
  readonly pointer: string;
  readonly now: number;
}

/**
 * Asks a signed-in person for the current password again, before something that matters. Guessing is counted like signing in (A10): throws `invalid-input` that names
 * the field, or `too-many-attempts`.
 */
export function createCurrentPassword({ orm, policies }: Pick<ApiDeps, 'orm' | 'policies'>) {
  const throttle = createThrottle(orm);

  return async ({ caller, hash, password, pointer, now }: Given): Promise<void> => {
    const policy = policies.get(caller.library);
    const attempt = await throttle.attempt(throttleKeys.change(caller.id), nameLimit(policy), now);
    if (!attempt.admitted) throw locked(policy, attempt.lockedUntil ?? now, now);
    if (await verifyPassword(hash, password)) return;
    const errors = [{ in: 'body', pointer, code: 'password-wrong' }] as const;
    throw problem('invalid-input', {}, { errors });
  };
}
