import { z } from 'zod';
import { Credential, Patron } from '../../db/entities/index.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import { passwordReasons } from '../../domain/passwords.ts';
import { sessionCookie } from '../auth/cookies.ts';
import { setPassword } from '../auth/credentials.ts';
import { createCurrentPassword } from '../auth/current-password.ts';
import { hashPassword } from '../auth/passwords.ts';
import { renewSession } from '../auth/sessions.ts';
import { createThrottle, throttleKeys } from '../auth/throttle.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { refusal } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { cookieHeader } from '../schemas/sessions.ts';
import { password } from '../schemas/values.ts';

interface Change {
  readonly caller: PatronCaller;
  readonly body: { readonly current: string; readonly new: string };
  readonly now: number;
}

/** A reader sets a new password (A8, A9); it is also the only thing a reader with one from the desk, or with the birth date, can do. */
export function passwordRoutes(deps: ApiDeps): Route[] {
  const throttle = createThrottle(deps.orm);
  const verify = createCurrentPassword(deps);
  const cookie = sessionCookie(deps.config.publicUrl);

  const verifyCurrent = async ({ caller, body: { current }, now }: Change) => {
    const credential = await reader(deps.orm).findOne(Credential, { patronId: caller.id });
    const hash = credential?.passwordHash;
    await verify({ caller, hash, password: current, pointer: '/current', now });
  };

  const change = async ({ caller, body, now }: Change) => {
    const patron = await reader(deps.orm).findOneOrFail(Patron, { id: caller.id });
    const policy = deps.policies.get(caller.library).passwords;
    const reasons = passwordReasons({ password: body.new, policy, birthDate: patron.birthDate ?? null });
    if (reasons.length > 0) throw refusal(reasons);
    const hash = await hashPassword(body.new);
    return inTransaction(deps.orm, async (tx) => {
      const { actor, session: keep } = caller;
      await setPassword(tx, { patron, hash, actor, event: 'password-changed', now, keep });
      await throttle.clear(tx, throttleKeys.change(caller.id));
      return renewSession(tx, caller, 'full');
    });
  };

  return [
    route({
      method: 'put',
      path: '/v1/me/password',
      summary: 'Set a new password',
      description:
        'All other sessions end. A session that could do nothing else (`scope: new-password`) can do everything from now on.',
      access: 'patron',
      scope: 'new-password',
      body: z.strictObject({ current: password, new: password }),
      problems: ['too-short', 'too-long', 'characters', 'birth-date', 'common', 'too-many-attempts'],
      responses: { 204: { description: 'Set.', headers: cookieHeader } },
    }).handle(async (call) => {
      await verifyCurrent(call);
      const token = await change(call);
      return { status: 204, ...(token !== undefined && { headers: { 'Set-Cookie': cookie.set(token) } }) };
    }),
  ];
}
