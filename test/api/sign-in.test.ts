import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashToken } from '../../api/auth/tokens.ts';
import { Patron, Session, StaffMember } from '../../db/entities/index.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());

const secret = 'correct horse battery';
let addresses = 0;
/** An address nobody has used before. */
const somewhere = () => `198.51.${Math.floor(addresses / 250)}.${(addresses += 1) % 250}`;

async function reader(given: Partial<Patron> = {}, password = secret) {
  const patron = await edge.build.patron(given);
  await edge.setPassword(patron.id, password);
  const signIn = (attempt: string, from = somewhere()) =>
    edge.call('POST', '/v1/sessions', {
      body: { library: 'demo', card: patron.card, password: attempt },
      from,
    });
  return { ...patron, signIn };
}

describe('A8 signing in', () => {
  test('A8 a reader signs in with card and password, and the session opens what is the reader’s', async () => {
    const { id, signIn } = await reader();
    const opened = await signIn(secret);
    expect(opened).toMatchObject({ status: 201, body: { scope: 'full', holderId: id } });
    const session = await edge.call('GET', '/v1/sessions/current', { token: opened.body.token });
    expect(session).toMatchObject({ status: 200, body: { kind: 'patron', library: 'demo', holderId: id } });
  });

  test('A8 the database holds the token’s hash and not the token', async () => {
    const { signIn } = await reader();
    const { token } = (await signIn(secret)).body;
    const found = await edge.orm.em.fork().findOne(Session, { tokenHash: hashToken(token) });
    expect(found?.tokenHash).toEqual(createHash('sha256').update(token).digest());
    const rows = await edge.orm.em.fork().execute('select s::text as row from session s');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('A8 the same password signs in however the keyboard composes its letters', async () => {
    const { signIn } = await reader({}, 'B\u00fccherw\u00fcrmer 42');
    expect((await signIn('Bu\u0308cherwu\u0308rmer 42')).status).toBe(201);
  });

  test('A8 a closed card does not sign in, and its sessions end', async () => {
    const { id, signIn } = await reader();
    const { token } = (await signIn(secret)).body;
    await edge.orm.em.fork().nativeUpdate(Patron, { id }, { closedAt: new Date() });
    expect(await signIn(secret)).toMatchObject({ status: 401, body: { code: 'sign-in-failed' } });
    const session = await edge.call('GET', '/v1/sessions/current', { token });
    expect(session).toMatchObject({ status: 401, body: { code: 'session-expired' } });
  });
});

describe('A9 a birth date as password', () => {
  test('A9 it signs in only to setting a new one', async () => {
    const { signIn } = await reader({ birthDate: '1984-03-09' }, '19840309');
    const opened = await signIn('19840309');
    expect(opened).toMatchObject({ status: 201, body: { scope: 'new-password' } });
    const { token } = opened.body;
    const elsewhere = await edge.call('GET', '/v1/me', { token });
    expect(elsewhere).toMatchObject({ status: 403, body: { code: 'new-password-required' } });
    expect((await edge.call('DELETE', '/v1/sessions', { token })).status).toBe(403);

    const body = { current: '19840309', new: 'quite another thing' };
    expect((await edge.call('PUT', '/v1/me/password', { token, body })).status).toBe(204);
    expect((await edge.call('GET', '/v1/me', { token })).status).toBe(200);
    expect(await signIn('quite another thing')).toMatchObject({ status: 201, body: { scope: 'full' } });
  });

  test('A9 it is refused when a password is set, with every other reason', async () => {
    const { signIn } = await reader({ birthDate: '1984-03-09' });
    const { token } = (await signIn(secret)).body;
    const body = { current: secret, new: '09031984' };
    const answer = await edge.call('PUT', '/v1/me/password', { token, body });
    expect(answer.status).toBe(422);
    const codes = answer.body.reasons.map((reason: { code: string }) => reason.code);
    expect(codes).toEqual(expect.arrayContaining(['too-short', 'birth-date']));
    expect((await signIn(secret)).status).toBe(201);
  });
});

describe('A8 setting a password', () => {
  test('A8 the current one must be right, and guessing it is locked too', async () => {
    const { signIn } = await reader();
    const { token } = (await signIn(secret)).body;
    const guess = () =>
      edge.call('PUT', '/v1/me/password', {
        token,
        body: { current: 'a guess', new: 'something long enough' },
      });
    const first = await guess();
    expect(first).toMatchObject({
      status: 422,
      body: { errors: [{ in: 'body', pointer: '/current', code: 'password-wrong' }] },
    });
    for (let attempt = 2; attempt <= 5; attempt += 1) await guess();
    expect(await guess()).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
  });

  test('A8 all other sessions end with the old password', async () => {
    const { signIn } = await reader();
    const other = (await signIn(secret)).body.token;
    const { token } = (await signIn(secret)).body;
    await edge.call('PUT', '/v1/me/password', {
      token,
      body: { current: secret, new: 'something long enough' },
    });
    expect((await edge.call('GET', '/v1/me', { token: other })).status).toBe(401);
    expect((await edge.call('GET', '/v1/me', { token })).status).toBe(200);
  });
});

describe('sessions', () => {
  test('A8 signing out ends the session at once, and signing out everywhere ends all of them', async () => {
    const { signIn } = await reader();
    const tokens: string[] = [];
    for (let each = 0; each < 3; each += 1) tokens.push((await signIn(secret)).body.token);
    const [first, second, third] = tokens;
    expect((await edge.call('DELETE', '/v1/sessions/current', { token: first })).status).toBe(204);
    expect((await edge.call('GET', '/v1/me', { token: first })).status).toBe(401);
    expect((await edge.call('GET', '/v1/me', { token: second })).status).toBe(200);
    expect((await edge.call('DELETE', '/v1/sessions', { token: second })).status).toBe(204);
    expect((await edge.call('GET', '/v1/me', { token: third })).status).toBe(401);
  });

  test('A8 a session ends when it has not been used for as long as the policy says', async () => {
    const { signIn } = await reader();
    const { token } = (await signIn(secret)).body;
    const minutes = (count: number) => (edge.clock.now += count * 60_000);
    minutes(29);
    expect((await edge.call('GET', '/v1/me', { token })).status).toBe(200);
    minutes(29);
    expect((await edge.call('GET', '/v1/me', { token })).status).toBe(200);
    minutes(30);
    expect(await edge.call('GET', '/v1/me', { token })).toMatchObject({
      status: 401,
      body: { code: 'session-expired' },
    });
  });

  test('A8 a session ends after its whole length, however much it is used', async () => {
    const { signIn } = await reader();
    const { token, expiresAt } = (await signIn(secret)).body;
    const end = Date.parse(expiresAt);
    while (edge.clock.now + 20 * 60_000 < end) {
      edge.clock.now += 20 * 60_000;
      expect((await edge.call('GET', '/v1/sessions/current', { token })).status).toBe(200);
    }
    edge.clock.now = end;
    expect((await edge.call('GET', '/v1/sessions/current', { token })).status).toBe(401);
  });

  test('A8 what is no token of ours is answered like one that has ended', async () => {
    for (const token of ['x'.repeat(43), 'short', `${'x'.repeat(42)}=`])
      expect((await edge.call('GET', '/v1/me', { token })).status).toBe(401);
    const headers = { authorization: 'Basic dXNlcjpwYXNz' };
    const basic = await edge.call('GET', '/v1/me', { headers });
    expect(basic).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(basic.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('A13 staff', () => {
  test('A13 staff sign in with login and password, and the session tells their roles', async () => {
    const member = await edge.build.staff('desk');
    await edge.setStaffPassword(member.id, 'behind the counter 9');
    const body = { library: 'demo', login: member.login, password: 'behind the counter 9' };
    const opened = await edge.call('POST', '/v1/staff/sessions', { body, from: somewhere() });
    expect(opened.status).toBe(201);
    const { token } = opened.body;
    const session = await edge.call('GET', '/v1/sessions/current', { token });
    expect(session.body).toMatchObject({ kind: 'staff', roles: ['desk'] });
    await edge.orm.em.fork().nativeUpdate(StaffMember, { id: member.id }, { active: false });
    expect((await edge.call('GET', '/v1/sessions/current', { token })).status).toBe(401);
    expect((await edge.call('POST', '/v1/staff/sessions', { body, from: somewhere() })).status).toBe(401);
  });

  test('A13 a reader’s card does not sign in as staff, nor the reverse', async () => {
    const { card } = await reader();
    const body = { library: 'demo', login: card, password: secret };
    expect((await edge.call('POST', '/v1/staff/sessions', { body, from: somewhere() })).status).toBe(401);
  });
});
