import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StaffMember } from '../../db/entities/index.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());

let serial = 0;
const newLogin = () => `colleague.${(serial += 1)}`;
const from = () => ({ from: `203.0.113.${(serial += 1) % 250}` });

const create = (token: string, given: object = {}, key: string = crypto.randomUUID()) =>
  edge.call('POST', '/v1/staff/members', {
    token,
    body: { login: newLogin(), name: 'Cora Colleague', roles: ['desk'], ...given },
    headers: { 'idempotency-key': key },
  });

const path = (id: string, what = '') => `/v1/staff/members/${id}${what}`;

async function patch(token: string, id: string, body: object) {
  const etag = (await edge.call('GET', path(id), { token })).headers.get('etag') ?? '';
  return edge.call('PATCH', path(id), { token, body, headers: { 'if-match': etag } });
}

const signIn = (login: string, password: string) =>
  edge.call('POST', '/v1/staff/sessions', { body: { library: 'demo', login, password }, ...from() });

describe('A13 an administrator manages the library’s staff', () => {
  test('A13 takes a colleague in, with a password for once that is told once', async () => {
    const { token } = await edge.staff(['administrator']);
    const key = crypto.randomUUID();
    const given = { login: newLogin(), email: 'cora@library.example' };
    const made = await create(token, given, key);
    expect(made).toMatchObject({
      status: 201,
      body: { member: { ...given, active: true, roles: ['desk'] } },
    });
    const again = await create(token, given, key);
    expect(again).toMatchObject({
      status: 201,
      body: { member: { id: made.body.member.id }, password: null },
    });
    const opened = await signIn(given.login.toUpperCase(), made.body.password);
    expect(opened).toMatchObject({ status: 201, body: { scope: 'new-password' } });
    expect(await create(token, { login: given.login })).toMatchObject({
      status: 409,
      body: { code: 'login-taken' },
    });
    const { items } = (await edge.call('GET', '/v1/staff/members', { token })).body;
    expect(items.map((each: { login: string }) => each.login)).toContain(given.login);
    expect(JSON.stringify(items)).not.toMatch(/argon2|password/i);
  });

  test('A13 two colleagues with one login at the same instant: one is taken in', async () => {
    const { token } = await edge.staff(['administrator']);
    const login = newLogin();
    const both = await Promise.all([create(token, { login }), create(token, { login })]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  test('A13 logins that look like others are refused', async () => {
    const { token } = await edge.staff(['administrator']);
    for (const login of ['аdmin', 'Admin', 'ａｄｍｉｎ', 'ad min', 'admin\u200b', '', '-', 'a'.repeat(65)])
      expect({ login, status: (await create(token, { login })).status }).toEqual({ login, status: 422 });
    const { errors } = (await create(token, { login: 'Admin' })).body;
    expect(errors).toMatchObject([{ pointer: '/login', code: 'staff-login-characters' }]);
  });

  test('A13 every change is kept with who, when, before and after', async () => {
    const administrator = await edge.staff(['administrator']);
    const { token } = administrator;
    const { id } = (await create(token)).body.member;
    edge.clock.now += 1000;
    expect((await patch(token, id, { roles: ['cashier', 'desk'], name: 'Cora Cashier' })).status).toBe(200);
    edge.clock.now += 1000;
    const at = new Date(edge.clock.now).toISOString();
    await edge.call('POST', path(id, '/deactivation'), { token });
    await edge.call('POST', path(id, '/deactivation'), { token });
    const { items } = (await edge.call('GET', path(id, '/changes'), { token })).body;
    const actor = `staff:${administrator.id}`;
    expect(items).toMatchObject([
      { kind: 'deactivated', at, actor, before: { active: true }, after: { active: false } },
      {
        kind: 'changed',
        actor,
        actorName: administrator.name,
        before: { roles: ['desk'], name: 'Cora Colleague' },
        after: { roles: ['cashier', 'desk'], name: 'Cora Cashier' },
      },
      { kind: 'created', actor, after: { roles: ['desk'] } },
    ]);
    const sql = `update staff_change set actor = 'system' where staff_id = '${id}'`;
    await expect(edge.orm.em.fork().execute(sql)).rejects.toThrow('append-only');
  });

  test('A13 nobody overwrites what they have not seen', async () => {
    const { token } = await edge.staff(['administrator']);
    const { id } = (await create(token)).body.member;
    const seen = (await edge.call('GET', path(id), { token })).headers.get('etag') ?? '';
    const body = { name: 'Another' };
    expect((await edge.call('PATCH', path(id), { token, body })).status).toBe(428);
    await patch(token, id, { name: 'Meanwhile' });
    const late = await edge.call('PATCH', path(id), { token, body, headers: { 'if-match': seen } });
    expect(late).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
  });

  test('A13 new roles count from the next request on, and deactivation ends every session at once', async () => {
    const { token } = await edge.staff(['administrator']);
    const colleague = await edge.staff(['desk']);
    const works = async () => (await edge.call('GET', '/v1/staff/tasks', { token: colleague.token })).status;
    expect(await works()).toBe(200);
    await patch(token, colleague.id, { roles: ['operator'] });
    expect(await works()).toBe(403);
    await patch(token, colleague.id, { roles: ['desk'] });
    expect(await works()).toBe(200);
    expect((await edge.call('POST', path(colleague.id, '/deactivation'), { token })).status).toBe(204);
    expect(await works()).toBe(401);
    expect((await edge.call('POST', path(colleague.id, '/activation'), { token })).status).toBe(204);
    expect(await works()).toBe(401);
  });

  test('A13 a password for a colleague ends sessions and locks; a reset forgets the second factor', async () => {
    const { token } = await edge.staff(['administrator']);
    const colleague = await edge.staff(['desk']);
    for (let each = 0; each < 5; each += 1) await signIn(colleague.login, 'wrong');
    const given = await edge.call('POST', path(colleague.id, '/one-time-password'), { token });
    expect(given.status).toBe(201);
    expect((await edge.call('GET', '/v1/staff/tasks', { token: colleague.token })).status).toBe(401);
    expect((await signIn(colleague.login, given.body.password)).status).toBe(201);
    expect((await edge.call('POST', path(colleague.id, '/second-factor-reset'), { token })).status).toBe(204);
    const { items } = (await edge.call('GET', path(colleague.id, '/changes'), { token })).body;
    const kinds = items.map((each: { kind: string }) => each.kind);
    expect(kinds.toSorted()).toEqual(['password-given', 'second-factor-reset']);
    expect(JSON.stringify(items)).not.toContain(given.body.password);
  });

  test('A13 an administrator’s own password and second factor are not reset this way', async () => {
    const { token, id } = await edge.staff(['administrator']);
    for (const what of ['/second-factor-reset', '/one-time-password'])
      expect(await edge.call('POST', path(id, what), { token })).toMatchObject({
        status: 409,
        body: { code: 'own-account' },
      });
  });
});

describe('A13 there is always an administrator', () => {
  test('A13 the last one can neither leave nor give up the role, also when two do at the same instant', async () => {
    const only = { library: 'chikushino' } as const;
    const [one, other] = [
      await edge.staff(['administrator'], only.library),
      await edge.staff(['administrator'], only.library),
    ];
    const leave = (each: { token: string; id: string }) =>
      edge.call('POST', path(each.id, '/deactivation'), { token: each.token });
    const [first, second] = await Promise.all([leave(one), leave(other)]);
    expect([first.status, second.status].toSorted((a, b) => a - b)).toEqual([204, 409]);
    const rest = first.status === 204 ? other : one;
    expect(await patch(rest.token, rest.id, { roles: ['desk'] })).toMatchObject({
      status: 409,
      body: { code: 'last-administrator' },
    });
    const active = { ...only, active: true };
    expect(await edge.orm.em.fork().count(StaffMember, active)).toBe(1);
  });
});
