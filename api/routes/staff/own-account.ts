import { z } from 'zod';
import { StaffMember } from '../../../db/entities/index.ts';
import { inTransaction, reader } from '../../../db/transaction.ts';
import { passwordReasons } from '../../../domain/passwords.ts';
import { needsSecondFactor } from '../../../domain/policy-staff.ts';
import { staffRoles } from '../../../domain/roles.ts';
import { sessionCookie } from '../../auth/cookies.ts';
import { createCurrentPassword } from '../../auth/current-password.ts';
import { hashPassword } from '../../auth/passwords.ts';
import { secondFactorOf } from '../../auth/second-factor.ts';
import { renewSession } from '../../auth/sessions.ts';
import { recordStaffChange, revokeStaffAccess } from '../../auth/staff-records.ts';
import { createThrottle, throttleKeys } from '../../auth/throttle.ts';
import { staffBody } from '../../bodies/staff.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { refusal } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { cookieHeader } from '../../schemas/sessions.ts';
import { staffMember } from '../../schemas/staff.ts';
import { password } from '../../schemas/values.ts';

/** What members of staff see and set of their own account (A13). */
export function ownAccountRoutes(deps: ApiDeps): Route[] {
  const throttle = createThrottle(deps.orm);
  const verify = createCurrentPassword(deps);
  const cookie = sessionCookie(deps.config.publicUrl);

  const find = ({ id }: StaffCaller) => reader(deps.orm).findOneOrFail(StaffMember, { id });

  const setPassword = async (caller: StaffCaller, member: StaffMember, hash: string, now: number) =>
    inTransaction(deps.orm, async (tx) => {
      const { id, actor, session } = caller;
      const { staff } = deps.policies.get(caller.library);
      const set = { passwordHash: hash, oneTimeUntil: null, passwordChangedAt: new Date(now) };
      await tx.nativeUpdate(StaffMember, { id }, set);
      await revokeStaffAccess(tx, id, now, session);
      await throttle.clear(tx, throttleKeys.change(id));
      recordStaffChange(tx, { staff: member, kind: 'password-changed', actor, now });
      const { confirmedAt } = await secondFactorOf(tx, member);
      const lacking = confirmedAt === null && needsSecondFactor(staff, member.roles);
      return renewSession(tx, caller, lacking ? 'second-factor' : 'full');
    });

  return [
    route({
      method: 'get',
      path: '/v1/staff/me',
      summary: 'The own account',
      access: staffRoles,
      scope: 'second-factor',
      responses: { 200: { description: 'The account.', body: staffMember } },
    }).handle(async ({ caller }) => {
      const member = await find(caller);
      const state = await secondFactorOf(reader(deps.orm), member);
      return { status: 200, body: staffBody(member, state, deps.policies.get(caller.library)) };
    }),
    route({
      method: 'put',
      path: '/v1/staff/me/password',
      summary: 'Set a new password',
      description:
        'All other sessions end. Also for whoever got a password for once; where a second factor is still to be set up, that is next (`scope: second-factor`).',
      access: staffRoles,
      scope: 'new-password',
      body: z.strictObject({ current: password, new: password }),
      problems: ['too-short', 'too-long', 'characters', 'common', 'too-many-attempts'],
      responses: { 204: { description: 'Set.', headers: cookieHeader } },
    }).handle(async ({ caller, body, now }) => {
      const member = await find(caller);
      const hash = member.passwordHash ?? undefined;
      await verify({ caller, hash, password: body.current, pointer: '/current', now });
      const policy = deps.policies.get(caller.library).staff.passwords;
      const reasons = passwordReasons({ password: body.new, policy, birthDate: null });
      if (reasons.length > 0) throw refusal(reasons);
      const token = await setPassword(caller, member, await hashPassword(body.new), now);
      return { status: 204, ...(token !== undefined && { headers: { 'Set-Cookie': cookie.set(token) } }) };
    }),
  ];
}
