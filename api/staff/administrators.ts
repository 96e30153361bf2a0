import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { StaffMember } from '../../db/entities/index.ts';
import { ensureLibraries } from '../../db/libraries.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { StaffPolicy } from '../../domain/policy-staff.ts';
import { hashPassword, oneTimeLasts, randomPassword } from '../auth/passwords.ts';
import { givePassword, lockStaffOf, resetSecondFactor, unlockStaff } from '../auth/staff-accounts.ts';
import { recordStaffChange } from '../auth/staff-records.ts';
import { createThrottle } from '../auth/throttle.ts';
import type { CreateWish, ResetWish } from './arguments.ts';

/** A password for once. */
export interface Handed {
  readonly password: string;
  /** Epoch milliseconds. */
  readonly validUntil: number;
}

const roles: StaffMember['roles'] = ['administrator'];

async function refuseSecond(tx: Tx, { library, login }: CreateWish): Promise<void> {
  const isThere = { library, active: true, roles: { $contains: roles } };
  const there = await tx.findOne(StaffMember, isThere, { orderBy: { login: 'asc' } });
  if (there !== null)
    throw new Error(
      `The library ${library} has an administrator, ${there.login}, who takes in others; npm run staff -- reset lets one in again.`,
    );
  if ((await tx.count(StaffMember, { library, login })) > 0)
    throw new Error(`The login ${login} is somebody else's in the library ${library}: choose another.`);
}

async function findAdministrator(tx: Tx, { library, login }: ResetWish): Promise<StaffMember> {
  const member = await tx.findOne(StaffMember, { library, login });
  if (member === null) throw new Error(`Nobody of the library ${library} has the login ${login}.`);
  if (!member.roles.includes('administrator'))
    throw new Error(`${login} is no administrator: an administrator of the library resets the sign-in.`);
  if (!member.active)
    throw new Error(`${login} has been kept out: another administrator lets colleagues in again.`);
  return member;
}

/**
 * How whoever runs the service lets administrators in (A13): the first of a library, or one who has lost password and device. Recorded as done by `system`. Throws
 * an error with a sentence when it may not be.
 */
export function createAdministrators(orm: MikroORM, staff: Pick<StaffPolicy, 'passwords'>, now: number) {
  const by = { caller: { actor: 'system' }, now } as const;
  const handed = async () => {
    const password = randomPassword(staff.passwords);
    const validUntil = now + oneTimeLasts;
    return { told: { password, validUntil }, hash: await hashPassword(password), oneTimeUntil: validUntil };
  };

  return {
    create: async (wish: CreateWish): Promise<Handed> => {
      const { library, login, name, email } = wish;
      const { told, hash: passwordHash, oneTimeUntil } = await handed();
      const account = { library, login, name, email, roles };
      const until = new Date(oneTimeUntil);
      const made = { ...account, id: uuid(), passwordHash, oneTimeUntil: until, active: true };
      await ensureLibraries(orm, [library], new Date(now));
      await inTransaction(orm, async (tx) => {
        await lockStaffOf(tx, library);
        await refuseSecond(tx, wish);
        await tx.insert(StaffMember, { ...made, createdAt: new Date(now) });
        const after = { login, name, email, roles };
        recordStaffChange(tx, { staff: made, kind: 'created', actor: 'system', now, after });
      });
      return told;
    },
    reset: async (wish: ResetWish): Promise<Handed> => {
      const { told, ...given } = await handed();
      await inTransaction(orm, async (tx) => {
        await lockStaffOf(tx, wish.library);
        const member = await findAdministrator(tx, wish);
        await resetSecondFactor(tx, member, by);
        await givePassword(tx, member, { ...by, ...given });
        await unlockStaff(tx, createThrottle(orm), member);
      });
      return told;
    },
  };
}
