import { z } from 'zod';
import type { StaffMember } from '../../../db/entities/index.ts';
import { inTransaction } from '../../../db/transaction.ts';
import type { Tx } from '../../../db/transaction.ts';
import { hashPassword, oneTimeLasts, randomPassword } from '../../auth/passwords.ts';
import {
  givePassword,
  lockedMember,
  resetSecondFactor,
  setActive,
  unlockStaff,
} from '../../auth/staff-accounts.ts';
import { recordStaffChange } from '../../auth/staff-records.ts';
import { createThrottle, throttleKeys } from '../../auth/throttle.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { id, instant, iso } from '../../schemas/values.ts';

const params = z.strictObject({ id });

const oneTimePassword = z.strictObject({
  password: z.string().describe('Told only here.'),
  validUntil: instant,
});

const done = { 204: { description: 'Done; doing it again changes nothing.' } };

/** How an administrator lets colleagues in and keeps them out (A13). The own password and second factor are not among it: those need what they replace. */
export function memberAccessRoutes(deps: ApiDeps): Route[] {
  const throttle = createThrottle(deps.orm);

  const withMember = (
    caller: StaffCaller,
    memberId: string,
    act: (tx: Tx, member: StaffMember) => Promise<void>,
  ) => inTransaction(deps.orm, async (tx) => act(tx, await lockedMember(tx, caller.library, memberId)));

  const ofColleague = (caller: StaffCaller, { id: staffId, active }: StaffMember) => {
    if (staffId === caller.id) throw problem('own-account');
    if (!active) throw problem('staff-inactive');
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/members/:id/deactivation',
      summary: 'Keep a colleague out',
      description: 'All sessions end at once. The account stays, for what it has done is told with its name.',
      access: ['administrator'],
      params,
      problems: ['staff-unknown', 'last-administrator'],
      responses: done,
    }).handle(async ({ caller, params: { id: memberId }, now }) => {
      await withMember(caller, memberId, (tx, member) => setActive(tx, member, false, { caller, now }));
      return { status: 204 };
    }),
    route({
      method: 'post',
      path: '/v1/staff/members/:id/activation',
      summary: 'Let a colleague in again',
      access: ['administrator'],
      params,
      problems: ['staff-unknown'],
      responses: done,
    }).handle(async ({ caller, params: { id: memberId }, now }) => {
      await withMember(caller, memberId, (tx, member) => setActive(tx, member, true, { caller, now }));
      return { status: 204 };
    }),
    route({
      method: 'post',
      path: '/v1/staff/members/:id/unlock',
      summary: 'End the lock of a colleague’s account at once',
      access: ['administrator'],
      params,
      problems: ['staff-unknown'],
      responses: done,
    }).handle(async ({ caller, params: { id: memberId }, now }) => {
      await withMember(caller, memberId, async (tx, member) => {
        await unlockStaff(tx, throttle, member);
        recordStaffChange(tx, { staff: member, kind: 'unlocked', actor: caller.actor, now });
      });
      return { status: 204 };
    }),
    route({
      method: 'post',
      path: '/v1/staff/members/:id/second-factor-reset',
      summary: 'Forget a colleague’s second factor',
      description:
        'For a colleague who has lost the device and the recovery codes. All sessions end; the next sign-in sets up another.',
      access: ['administrator'],
      params,
      problems: ['staff-unknown', 'own-account', 'staff-inactive'],
      responses: done,
    }).handle(async ({ caller, params: { id: memberId }, now }) => {
      await withMember(caller, memberId, async (tx, member) => {
        ofColleague(caller, member);
        await resetSecondFactor(tx, member, { caller, now });
        await throttle.clearEverywhere(tx, throttleKeys.code(member.id));
      });
      return { status: 204 };
    }),
    route({
      method: 'post',
      path: '/v1/staff/members/:id/one-time-password',
      summary: 'Give a colleague a password for once',
      description:
        'It ends all sessions and any lock, and leads only to setting an own one, within 24 hours.',
      access: ['administrator'],
      params,
      problems: ['staff-unknown', 'own-account', 'staff-inactive'],
      responses: { 201: { description: 'Given.', body: oneTimePassword } },
    }).handle(async ({ caller, params: { id: memberId }, now }) => {
      const password = randomPassword(deps.policies.get(caller.library).staff.passwords);
      const hash = await hashPassword(password);
      const oneTimeUntil = now + oneTimeLasts;
      await withMember(caller, memberId, async (tx, member) => {
        ofColleague(caller, member);
        await givePassword(tx, member, { caller, now, hash, oneTimeUntil });
        await unlockStaff(tx, throttle, member);
      });
      return { status: 201, body: { password, validUntil: iso(oneTimeUntil) } };
    }),
  ];
}
