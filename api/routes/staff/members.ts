import { z } from 'zod';
import { StaffMember } from '../../../db/entities/index.ts';
import { staffChanges } from '../../../db/queries/staff.ts';
import { inTransaction, reader } from '../../../db/transaction.ts';
import type { Tx } from '../../../db/transaction.ts';
import { hashPassword, oneTimeLasts, randomPassword } from '../../auth/passwords.ts';
import { secondFactorOf } from '../../auth/second-factor.ts';
import { editStaff, lockedMember, lockStaffOf, staffVersion } from '../../auth/staff-accounts.ts';
import { recordStaffChange } from '../../auth/staff-records.ts';
import { staffBody } from '../../bodies/staff.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { etagOf, ifMatch, versionSeen } from '../../if-match.ts';
import { cut, page, pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { roles, staffEmail, staffLogin, staffMember, staffName } from '../../schemas/staff.ts';
import { id, instant, iso, line } from '../../schemas/values.ts';

const params = z.strictObject({ id });

const oidcSubject = line(255).describe('Who the colleague is to the institution’s identity service.');

const newMember = z.strictObject({
  login: staffLogin,
  name: staffName,
  email: staffEmail.optional(),
  roles,
  oidcSubject: oidcSubject.optional(),
});

const created = z.strictObject({
  member: staffMember,
  password: z
    .string()
    .nullable()
    .describe(
      'For once, within 24 hours, and leading only to an own one. Told only here; null when repeated.',
    ),
});

const change = z
  .strictObject({
    id,
    kind: z.string(),
    at: instant,
    actor: z.string(),
    actorName: z.string().nullable(),
    before: z.record(z.string(), z.unknown()),
    after: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'StaffChange' });

type NewMember = z.output<typeof newMember>;

/** How an administrator manages the library's staff (A13): who there is, who is new, who may do what, and who changed it. */
export function memberRoutes(deps: ApiDeps): Route[] {
  const bodyOf = async (member: StaffMember) =>
    staffBody(member, await secondFactorOf(reader(deps.orm), member), deps.policies.get(member.library));

  const find = async ({ library }: StaffCaller, memberId: string): Promise<StaffMember> => {
    const member = await reader(deps.orm).findOne(StaffMember, { id: memberId, library });
    if (member === null) throw problem('staff-unknown');
    return member;
  };

  const shown = async (member: StaffMember) => ({
    headers: { ETag: etagOf(staffVersion(member)) },
    body: await bodyOf(member),
  });

  const checkFree = async (tx: Tx, library: string, { login, oidcSubject: subject }: NewMember) => {
    await lockStaffOf(tx, library);
    if ((await tx.count(StaffMember, { library, login })) > 0) throw problem('login-taken');
    if (subject !== undefined && (await tx.count(StaffMember, { library, oidcSubject: subject })) > 0)
      throw problem('identity-bound');
  };

  const create = async (caller: StaffCaller, memberId: string, body: NewMember, now: number) => {
    const { library, actor } = caller;
    const password = randomPassword(deps.policies.get(library).staff.passwords);
    const passwordHash = await hashPassword(password);
    const at = new Date(now);
    const oneTimeUntil = new Date(now + oneTimeLasts);
    const made = { id: memberId, library, ...body, passwordHash, oneTimeUntil, active: true, createdAt: at };
    await inTransaction(deps.orm, async (tx) => {
      await checkFree(tx, library, body);
      await tx.insert(StaffMember, made);
      recordStaffChange(tx, { staff: made, kind: 'created', actor, now, after: { ...body } });
    });
    return password;
  };

  return [
    route({
      method: 'get',
      path: '/v1/staff/members',
      summary: 'The library’s staff, by login',
      access: ['administrator'],
      responses: {
        200: { description: 'All of them.', body: z.strictObject({ items: z.array(staffMember) }) },
      },
    }).handle(async ({ caller: { library } }) => {
      const members = await reader(deps.orm).find(StaffMember, { library }, { orderBy: { login: 'asc' } });
      return { status: 200, body: { items: await Promise.all(members.map(bodyOf)) } };
    }),
    route({
      method: 'post',
      path: '/v1/staff/members',
      summary: 'Take a colleague in',
      access: ['administrator'],
      idempotent: true,
      body: newMember,
      problems: ['login-taken', 'identity-bound'],
      responses: { 201: { description: 'Taken in.', body: created, headers: { Location: 'The account.' } } },
    }).handle(async ({ caller, body, key, now }) => {
      const before = await reader(deps.orm).findOne(StaffMember, { id: key.id });
      const password = before === null ? await create(caller, key.id, body, now) : null;
      const member = before ?? (await find(caller, key.id));
      const headers = { Location: `/v1/staff/members/${key.id}` };
      return { status: 201, headers, body: { member: await bodyOf(member), password } };
    }),
    route({
      method: 'get',
      path: '/v1/staff/members/:id',
      summary: 'A colleague’s account',
      access: ['administrator'],
      params,
      problems: ['staff-unknown'],
      responses: {
        200: { description: 'The account.', body: staffMember, headers: { ETag: 'Its version.' } },
      },
    }).handle(async ({ caller, params: { id: memberId } }) => ({
      status: 200,
      ...(await shown(await find(caller, memberId))),
    })),
    route({
      method: 'patch',
      path: '/v1/staff/members/:id',
      summary: 'Change a colleague’s name, address, roles or identity',
      description: 'Roles count from the next request on.',
      access: ['administrator'],
      params,
      headers: ifMatch,
      body: newMember
        .omit({ login: true })
        .partial()
        .extend({ email: staffEmail.nullable().optional(), oidcSubject: oidcSubject.nullable().optional() }),
      problems: [
        'staff-unknown',
        'last-administrator',
        'identity-bound',
        'precondition-required',
        'precondition-failed',
      ],
      responses: {
        200: { description: 'Changed.', body: staffMember, headers: { ETag: 'Its new version.' } },
      },
    }).handle(async ({ caller, params: { id: memberId }, headers, body, now }) => {
      await find(caller, memberId);
      const seen = versionSeen(headers);
      await inTransaction(deps.orm, async (tx) => {
        const member = await lockedMember(tx, caller.library, memberId);
        if (staffVersion(member) !== seen) throw problem('precondition-failed');
        await editStaff(tx, member, body, { caller, now });
      });
      return { status: 200, ...(await shown(await find(caller, memberId))) };
    }),
    route({
      method: 'get',
      path: '/v1/staff/members/:id/changes',
      summary: 'Who changed what of a colleague’s account, the latest first',
      access: ['administrator'],
      params,
      query: pageQuery,
      problems: ['staff-unknown'],
      responses: { 200: { description: 'A page.', body: pageOf(change), headers: pageHeaders } },
    }).handle(async ({ caller, params: { id: memberId }, query }) => {
      await find(caller, memberId);
      const found = await staffChanges(deps.orm, memberId, readCursor(query.cursor), query.limit);
      const { rows, next } = cut(
        found.map((row) => ({ ...row, at: new Date(row.at) })),
        query.limit,
      );
      const items = rows.map((row) => ({ ...row, at: iso(row.at.getTime()) }));
      return page({ path: `/v1/staff/members/${memberId}/changes`, query }, items, next);
    }),
  ];
}
