import { z } from 'zod';
import { StaffMember, StaffTotp } from '../../../db/entities/index.ts';
import { inTransaction, reader } from '../../../db/transaction.ts';
import type { Tx } from '../../../db/transaction.ts';
import { staffRoles } from '../../../domain/roles.ts';
import { sessionCookie } from '../../auth/cookies.ts';
import { createCurrentPassword } from '../../auth/current-password.ts';
import { nameLimit } from '../../auth/limits.ts';
import { locked } from '../../auth/locked.ts';
import { createSecondFactor } from '../../auth/second-factor.ts';
import { renewSession } from '../../auth/sessions.ts';
import { recordStaffChange, revokeStaffAccess } from '../../auth/staff-records.ts';
import { createThrottle, throttleKeys } from '../../auth/throttle.ts';
import { totpUri } from '../../auth/totp.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { cookieHeader } from '../../schemas/sessions.ts';
import { recoveryCodes } from '../../schemas/staff.ts';
import { line, password } from '../../schemas/values.ts';

const device = z
  .strictObject({
    secret: z.string().describe('For typing into a device, in base32. Told only here.'),
    uri: z.string().describe('The same for a QR code: `otpauth://totp/…`.'),
  })
  .meta({ id: 'SecondFactorDevice' });

/** How members of staff set up their own second factor (A13): begin with the password, confirm with the device's first code. */
export function ownSecondFactorRoutes(deps: ApiDeps): Route[] {
  const throttle = createThrottle(deps.orm);
  const verify = createCurrentPassword(deps);
  const secondFactor = createSecondFactor(deps.config.secret);
  const cookie = sessionCookie(deps.config.publicUrl);

  const verified = async (caller: StaffCaller, given: string, now: number): Promise<StaffMember> => {
    const member = await reader(deps.orm).findOneOrFail(StaffMember, { id: caller.id });
    const hash = member.passwordHash ?? undefined;
    await verify({ caller, hash, password: given, pointer: '/password', now });
    return member;
  };

  /** Counted like the codes of a sign-in: a session that was left open is no place to guess. */
  const count = async ({ id, library }: StaffCaller, now: number) => {
    const policy = deps.policies.get(library);
    const attempt = await throttle.attempt(throttleKeys.code(id), nameLimit(policy), now);
    if (!attempt.admitted) throw locked(policy, attempt.lockedUntil ?? now, now);
  };

  const confirm = async (tx: Tx, caller: StaffCaller, code: string, now: number) => {
    const { id, actor } = caller;
    if (!(await secondFactor.confirm(tx, id, code, now))) return undefined;
    await throttle.clear(tx, throttleKeys.code(id));
    await revokeStaffAccess(tx, id, now, caller.session);
    recordStaffChange(tx, { staff: caller, kind: 'second-factor-set-up', actor, now });
    const codes = await secondFactor.makeRecoveryCodes(tx, id);
    return { codes, token: await renewSession(tx, caller, 'full') };
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/me/second-factor',
      summary: 'Begin to set up a device for one-time codes',
      description:
        'Nothing changes until its first code confirms it; then it takes the place of any device used before.',
      access: staffRoles,
      scope: 'second-factor',
      body: z.strictObject({ password }),
      problems: ['too-many-attempts'],
      responses: { 201: { description: 'The secret of the device.', body: device } },
    }).handle(async ({ caller, body, language, now }) => {
      const { login } = await verified(caller, body.password, now);
      const secret = await inTransaction(deps.orm, async (tx) => {
        await throttle.clear(tx, throttleKeys.change(caller.id));
        return secondFactor.begin(tx, caller.id, now);
      });
      const issuer = deps.policies.get(caller.library).name[language];
      return { status: 201, body: { secret, uri: totpUri(secret, { issuer, login }) } };
    }),
    route({
      method: 'post',
      path: '/v1/staff/me/second-factor/confirmation',
      summary: 'Confirm the device by the code it shows',
      description: 'All other sessions end, and recovery codes are made.',
      access: staffRoles,
      scope: 'second-factor',
      body: z.strictObject({ code: line(40) }),
      problems: ['nothing-to-confirm', 'too-many-attempts'],
      responses: { 200: { description: 'Set up.', body: recoveryCodes, headers: cookieHeader } },
    }).handle(async ({ caller, body, now }) => {
      const waiting = await reader(deps.orm).count(StaffTotp, { staffId: caller.id, confirmedAt: null });
      if (waiting === 0) throw problem('nothing-to-confirm');
      await count(caller, now);
      const done = await inTransaction(deps.orm, (tx) => confirm(tx, caller, body.code, now));
      if (done === undefined)
        throw problem(
          'invalid-input',
          {},
          { errors: [{ in: 'body', pointer: '/code', code: 'code-wrong' }] },
        );
      return {
        status: 200,
        ...(done.token !== undefined && { headers: { 'Set-Cookie': cookie.set(done.token) } }),
        body: { recoveryCodes: done.codes },
      };
    }),
    route({
      method: 'post',
      path: '/v1/staff/me/recovery-codes',
      summary: 'Make new recovery codes',
      description: 'Those made before no longer work.',
      access: staffRoles,
      body: z.strictObject({ password }),
      problems: ['nothing-to-confirm', 'too-many-attempts'],
      responses: { 201: { description: 'Made.', body: recoveryCodes } },
    }).handle(async ({ caller, body, now }) => {
      const { id, actor } = caller;
      await verified(caller, body.password, now);
      const set = await reader(deps.orm).count(StaffTotp, { staffId: id, confirmedAt: { $ne: null } });
      if (set === 0) throw problem('nothing-to-confirm');
      const codes = await inTransaction(deps.orm, async (tx) => {
        await throttle.clear(tx, throttleKeys.change(id));
        recordStaffChange(tx, { staff: caller, kind: 'recovery-codes-made', actor, now });
        return secondFactor.makeRecoveryCodes(tx, id);
      });
      return { status: 201, body: { recoveryCodes: codes } };
    }),
  ];
}
