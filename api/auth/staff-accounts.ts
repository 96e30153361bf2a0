import { createHash } from 'node:crypto';
import { StaffMember } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { StaffRole } from '../../domain/roles.ts';
import { problem } from '../problem.ts';
import type { StaffCaller } from '../caller.ts';
import { forgetSecondFactor } from './second-factor.ts';
import type { StaffChangeKind } from './staff-records.ts';
import { lockStaff, recordStaffChange, revokeStaffAccess } from './staff-records.ts';
import { accountKeys, type Throttle, throttleKeys } from './throttle.ts';

/** What an administrator may change of a colleague's account. */
export interface StaffEdit {
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
  readonly roles?: readonly StaffRole[] | undefined;
  readonly oidcSubject?: string | null | undefined;
}

const editable = ['name', 'email', 'roles', 'oidcSubject'] as const;

/** Names the state of an account, so that nobody overwrites what they have not seen. */
export function staffVersion({ name, email, roles, oidcSubject, active }: StaffMember): string {
  const state = JSON.stringify([name, email ?? null, roles, oidcSubject ?? null, active]);
  return createHash('sha256').update(state).digest('base64url').slice(0, 22);
}

/** Whatever is decided about a library's staff is decided by one at a time: no two administrators remove each other. */
export async function lockStaffOf(tx: Tx, library: string): Promise<void> {
  await tx.execute('select code from library where code = ? for no key update', [library]);
}

/** Locks the library's staff, then the account. Throws `staff-unknown` for other libraries' staff. */
export async function lockedMember(tx: Tx, library: string, id: string): Promise<StaffMember> {
  await lockStaffOf(tx, library);
  await lockStaff(tx, id);
  const member = await tx.findOne(StaffMember, { id, library }, { refresh: true });
  if (member === null) throw problem('staff-unknown');
  return member;
}

/** Throws `last-administrator` when nobody else could manage the library's staff. */
async function keepAnAdministrator(tx: Tx, { id, library }: StaffMember): Promise<void> {
  const others = await tx.count(StaffMember, {
    library,
    active: true,
    id: { $ne: id },
    roles: { $contains: ['administrator'] },
  });
  if (others === 0) throw problem('last-administrator');
}

function isAdministrator({ active, roles }: Pick<StaffMember, 'active' | 'roles'>): boolean {
  return active && roles.includes('administrator');
}

async function identityIsFree(tx: Tx, { id, library }: StaffMember, oidcSubject: string | null | undefined) {
  if (oidcSubject == null) return;
  const others = await tx.count(StaffMember, { library, oidcSubject, id: { $ne: id } });
  if (others > 0) throw problem('identity-bound');
}

interface Act {
  readonly caller: Pick<StaffCaller, 'actor'>;
  readonly now: number;
}

/** Changes an account; only what differs is written and recorded. */
export async function editStaff(tx: Tx, member: StaffMember, edit: StaffEdit, act: Act): Promise<void> {
  const given = editable.filter((field) => edit[field] !== undefined);
  const same = (field: (typeof editable)[number]) =>
    JSON.stringify(edit[field] ?? null) === JSON.stringify(member[field] ?? null);
  const changed = given.filter((field) => !same(field));
  if (changed.length === 0) return;
  if (edit.roles && isAdministrator(member) && !edit.roles.includes('administrator'))
    await keepAnAdministrator(tx, member);
  await identityIsFree(tx, member, edit.oidcSubject);
  const pick = (from: StaffEdit) => Object.fromEntries(changed.map((field) => [field, from[field] ?? null]));
  const change = { before: pick(member), after: pick(edit) };
  Object.assign(member, change.after);
  const { caller, now } = act;
  recordStaffChange(tx, { staff: member, kind: 'changed', actor: caller.actor, now, ...change });
}

/** Lets a colleague in or keeps one out; those kept out are out at once. */
export async function setActive(tx: Tx, member: StaffMember, active: boolean, act: Act): Promise<void> {
  if (member.active === active) return;
  if (!active && isAdministrator(member)) await keepAnAdministrator(tx, member);
  member.active = active;
  const { caller, now } = act;
  if (!active) await revokeStaffAccess(tx, member.id, now);
  const kind: StaffChangeKind = active ? 'activated' : 'deactivated';
  const change = { before: { active: !active }, after: { active } };
  recordStaffChange(tx, { staff: member, kind, actor: caller.actor, now, ...change });
}

/** Forgets a colleague's second factor; all sessions end, and the next sign-in sets up another. */
export async function resetSecondFactor(tx: Tx, member: StaffMember, { caller, now }: Act): Promise<void> {
  await forgetSecondFactor(tx, member.id);
  await revokeStaffAccess(tx, member.id, now);
  recordStaffChange(tx, { staff: member, kind: 'second-factor-reset', actor: caller.actor, now });
}

/** Gives a colleague a password for once; all sessions end. */
export async function givePassword(
  tx: Tx,
  member: StaffMember,
  given: Act & { readonly hash: string; readonly oneTimeUntil: number },
): Promise<void> {
  const { caller, now, hash, oneTimeUntil } = given;
  member.passwordHash = hash;
  member.oneTimeUntil = new Date(oneTimeUntil);
  await revokeStaffAccess(tx, member.id, now);
  recordStaffChange(tx, { staff: member, kind: 'password-given', actor: caller.actor, now });
}

/** Ends every lock of an account: of its login, its codes, and its password where that is asked for again. */
export async function unlockStaff(
  tx: Tx,
  throttle: Throttle,
  { id, library, login }: StaffMember,
): Promise<void> {
  const keys = accountKeys('staff', library, { id, names: [login] });
  await throttle.clearEverywhere(tx, ...keys, throttleKeys.code(id), throttleKeys.change(id));
}
