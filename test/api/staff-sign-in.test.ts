import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { StaffChange, StaffMember, StaffRecoveryCode, StaffTotp } from '../../db/entities/index.ts';
import { staffRoles } from '../../domain/roles.ts';
import type { StaffRole } from '../../domain/roles.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  const secondFactorFor = staffRoles.filter((role) => role !== 'cashier');
  edge = await startEdge({
    change: (policy) => ({ ...policy, staff: { ...policy.staff, secondFactorFor } }),
  });
});
afterAll(() => edge.stop());

const password = 'behind the counter 9';
let addresses = 0;
const somewhere = () => `198.51.${Math.floor(addresses / 250)}.${(addresses += 1) % 250}`;
const step = 30_000;

const codeAt = (secret: string, timestamp: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
const codeNow = (secret: string) => codeAt(secret, edge.clock.now);
/** Of the right form, and of none of the steps around now. */
const wrongCode = (secret: string) => {
  const right = new Set([-2, -1, 0, 1, 2].map((away) => codeAt(secret, edge.clock.now + away * step)));
  return ['111111', '222222', '333333', '444444', '555555', '666666'].find((each) => !right.has(each)) ?? '';
};

async function colleague(...roles: StaffRole[]) {
  const member = await edge.build.staff(...roles);
  await edge.setStaffPassword(member.id, password);
  const signIn = (given = password, login = member.login, from = somewhere()) =>
    edge.call('POST', '/v1/staff/sessions', { body: { library: 'demo', login, password: given }, from });
  const giveCode = (challenge: string, code: string, from = somewhere()) =>
    edge.call('POST', '/v1/staff/sessions/code', { body: { challenge, code }, from });
  return { ...member, signIn, giveCode };
}

const begin = (token: string, given = password) =>
  edge.call('POST', '/v1/staff/me/second-factor', { token, body: { password: given } });
const confirm = (token: string, code: string) =>
  edge.call('POST', '/v1/staff/me/second-factor/confirmation', { token, body: { code } });

/** A colleague whose device is set up; the next code is of a later step. */
async function enrolled(...roles: StaffRole[]) {
  const member = await colleague(...roles);
  const { token } = (await member.signIn()).body;
  const { secret } = (await begin(token)).body;
  const { recoveryCodes } = (await confirm(token, codeNow(secret))).body;
  edge.clock.now += step;
  return { ...member, token, secret: secret as string, recoveryCodes: recoveryCodes as string[] };
}

const changes = async (staffId: string) =>
  (await edge.orm.em.fork().find(StaffChange, { staffId }, { orderBy: { at: 'asc', id: 'asc' } })).map(
    ({ kind, actor }) => [kind, actor],
  );

describe('A13 setting up a second factor', () => {
  test('A13 who needs one and has none can do nothing but set it up', async () => {
    const member = await colleague('desk');
    const opened = await member.signIn();
    expect(opened).toMatchObject({ status: 201, body: { scope: 'second-factor' } });
    const { token } = opened.body;
    const refused = await edge.call('GET', '/v1/staff/tasks', { token });
    expect(refused).toMatchObject({ status: 403, body: { code: 'second-factor-required' } });
    expect((await edge.call('GET', '/v1/staff/me', { token })).body.secondFactor).toEqual({
      confirmedAt: null,
      required: true,
      recoveryCodesLeft: 0,
    });

    const begun = await begin(token);
    expect(begun.status).toBe(201);
    expect(begun.body.uri).toMatch(/^otpauth:\/\/totp\/Carrel%20Demonstration%20Library:staff\d+\?/);
    expect(await confirm(token, wrongCode(begun.body.secret))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/code' }] },
    });
    const confirmed = await confirm(token, codeNow(begun.body.secret));
    expect(confirmed.status).toBe(200);
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10);
    expect((await edge.call('GET', '/v1/staff/tasks', { token })).status).toBe(200);
    expect(await changes(member.id)).toEqual([['second-factor-set-up', `staff:${member.id}`]]);
  });

  test('A13 roles that the policy leaves out sign in by password, and may set one up', async () => {
    const member = await colleague('cashier');
    expect(await member.signIn()).toMatchObject({ status: 201, body: { scope: 'full' } });
    const { token } = (await member.signIn()).body;
    const { secret } = (await begin(token)).body;
    await confirm(token, codeNow(secret));
    expect((await member.signIn()).body).toHaveProperty('challenge');
  });

  test('A13 the database has neither the secret nor a recovery code as they are', async () => {
    const { secret, recoveryCodes, id } = await enrolled('desk');
    const em = edge.orm.em.fork();
    const rows = JSON.stringify([
      await em.find(StaffTotp, { staffId: id }),
      await em.find(StaffRecoveryCode, { staffId: id }),
    ]);
    for (const each of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replace('-', ''))])
      expect(rows).not.toContain(each);
  });

  test('A13 a secret does not open in another’s row, nor with another key, and that is told in plain words', async () => {
    const [one, other] = [await enrolled('desk'), await enrolled('desk')];
    const em = edge.orm.em.fork();
    const own = await em.findOneOrFail(StaffTotp, { staffId: one.id });
    await em.nativeUpdate(StaffTotp, { staffId: other.id }, { secret: own.secret });
    const { challenge } = (await other.signIn()).body;
    const answer = await other.giveCode(challenge, codeNow(one.secret));
    expect(answer).toMatchObject({ status: 409, body: { code: 'second-factor-unreadable' } });
  });

  test('A13 setting up asks for the password again, and guessing it is locked', async () => {
    const { token } = (await (await colleague('desk')).signIn()).body;
    for (let each = 0; each < 5; each += 1) expect((await begin(token, 'a guess')).status).toBe(422);
    expect((await begin(token)).status).toBe(429);
  });

  test('A13 a new device takes the place of the old one when it is confirmed, and not before', async () => {
    const { token, secret, signIn, giveCode } = await enrolled('desk');
    const next = (await begin(token)).body.secret;
    const first = (await signIn()).body.challenge;
    expect((await giveCode(first, codeNow(next))).status).toBe(401);
    expect((await giveCode(first, codeNow(secret))).status).toBe(201);
    expect((await confirm(token, codeNow(next))).status).toBe(200);
    edge.clock.now += step;
    const second = (await signIn()).body.challenge;
    expect((await giveCode(second, codeNow(secret))).status).toBe(401);
    expect((await giveCode(second, codeNow(next))).status).toBe(201);
  });
});

describe('A13 signing in with a code', () => {
  test('A13 password, then challenge, then code; the challenge opens nothing by itself', async () => {
    const { signIn, giveCode, secret } = await enrolled('administrator');
    const asked = await signIn();
    expect(asked.status).toBe(200);
    expect(Object.keys(asked.body).toSorted()).toEqual(['challenge', 'expiresAt']);
    const { challenge } = asked.body;
    expect((await edge.call('GET', '/v1/staff/me', { token: challenge })).status).toBe(401);
    const opened = await giveCode(challenge, codeNow(secret));
    expect(opened).toMatchObject({ status: 201, body: { scope: 'full' } });
    expect((await edge.call('GET', '/v1/staff/me', { token: opened.body.token })).status).toBe(200);
  });

  test('A13 a device whose clock is one step off is understood, two steps are not', async () => {
    const { signIn, giveCode, secret } = await enrolled('desk');
    const at = async (away: number) => {
      edge.clock.now += 10 * step;
      const { challenge } = (await signIn()).body;
      return (await giveCode(challenge, codeAt(secret, edge.clock.now + away * step))).status;
    };
    expect(await at(-1)).toBe(201);
    expect(await at(1)).toBe(201);
    expect(await at(-2)).toBe(401);
    expect(await at(2)).toBe(401);
  });

  test('A13 a code works once, also for two at the same instant, and no older one afterwards', async () => {
    const { signIn, giveCode, secret } = await enrolled('desk');
    edge.clock.now += 5 * step;
    const code = codeNow(secret);
    const challenges = [];
    for (let each = 0; each < 4; each += 1) challenges.push((await signIn()).body.challenge);
    const [first, second, third, fourth] = challenges;
    const both = await Promise.all([giveCode(first, code), giveCode(second, code)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 401]);
    expect((await giveCode(third, code)).status).toBe(401);
    expect((await giveCode(fourth, codeAt(secret, edge.clock.now - step))).status).toBe(401);
    edge.clock.now += step;
    expect((await giveCode(fourth, codeNow(secret))).status).toBe(201);
  });

  test('A13 the code that confirmed the device does not sign in', async () => {
    const member = await colleague('desk');
    const { token } = (await member.signIn()).body;
    const { secret } = (await begin(token)).body;
    const code = codeNow(secret);
    await confirm(token, code);
    const { challenge } = (await member.signIn()).body;
    expect((await member.giveCode(challenge, code)).status).toBe(401);
  });

  test('A13 a challenge lasts five minutes and works once', async () => {
    const { signIn, giveCode, secret } = await enrolled('desk');
    const { challenge } = (await signIn()).body;
    expect((await giveCode(challenge, codeNow(secret))).status).toBe(201);
    edge.clock.now += step;
    const again = await giveCode(challenge, codeNow(secret));
    expect(again).toMatchObject({ status: 401, body: { code: 'challenge-expired' } });
    const late = (await signIn()).body.challenge;
    edge.clock.now += 5 * 60_000;
    expect((await giveCode(late, codeNow(secret))).body.code).toBe('challenge-expired');
    expect((await giveCode('A'.repeat(43), codeNow(secret))).body.code).toBe('challenge-expired');
  });

  test('A13 a recovery code works once, however it is typed, and is recorded', async () => {
    const { id, signIn, giveCode, recoveryCodes } = await enrolled('desk');
    const [code = ''] = recoveryCodes;
    const { challenge } = (await signIn()).body;
    const opened = await giveCode(challenge, ` ${code.toUpperCase().replace('-', ' ')}`);
    expect(opened.status).toBe(201);
    const me = await edge.call('GET', '/v1/staff/me', { token: opened.body.token });
    expect(me.body.secondFactor.recoveryCodesLeft).toBe(9);
    const next = (await signIn()).body.challenge;
    expect((await giveCode(next, code)).body.code).toBe('code-wrong');
    expect(await changes(id)).toContainEqual(['recovery-code-used', `staff:${id}`]);
  });

  test('A13 one colleague’s recovery code is of no use to another; new ones replace the old', async () => {
    const [one, other] = [await enrolled('desk'), await enrolled('desk')];
    const [code = ''] = one.recoveryCodes;
    const { challenge } = (await other.signIn()).body;
    expect((await other.giveCode(challenge, code)).status).toBe(401);
    const made = await edge.call('POST', '/v1/staff/me/recovery-codes', {
      token: one.token,
      body: { password },
    });
    expect(made.status).toBe(201);
    const own = (await one.signIn()).body.challenge;
    expect((await one.giveCode(own, code)).status).toBe(401);
    expect((await one.giveCode(own, made.body.recoveryCodes[0])).status).toBe(201);
  });

  test('A13 wrong codes are counted and locked like wrong passwords, whatever the challenge', async () => {
    const { signIn, giveCode, secret } = await enrolled('desk');
    const found: number[] = [];
    for (let each = 0; each < 6; each += 1) {
      const { challenge } = (await signIn()).body;
      found.push((await giveCode(challenge, wrongCode(secret))).status);
    }
    expect(found).toEqual([401, 401, 401, 401, 429, 429]);
    const { challenge } = (await signIn()).body;
    const locked = await giveCode(challenge, codeNow(secret));
    expect(locked).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
    edge.clock.now += 60_000;
    const later = (await signIn()).body.challenge;
    expect((await giveCode(later, codeNow(secret))).status).toBe(201);
  });

  test('A13 of any number of wrong codes at the same instant no more than the limit get through', async () => {
    const { signIn, giveCode, secret } = await enrolled('desk');
    const { challenge } = (await signIn()).body;
    const tried = await Promise.all(Array.from({ length: 12 }, () => giveCode(challenge, wrongCode(secret))));
    expect(tried.filter(({ status }) => status === 401)).toHaveLength(4);
    expect((await giveCode(challenge, codeNow(secret))).status).toBe(429);
  });
});

describe('A13 the password of staff', () => {
  test('A13 a password for once leads to an own one, then to the second factor, then to everything', async () => {
    const member = await colleague('desk');
    const oneTimeUntil = new Date(edge.clock.now + 60_000);
    await edge.orm.em.fork().nativeUpdate(StaffMember, { id: member.id }, { oneTimeUntil });
    const opened = await member.signIn();
    expect(opened).toMatchObject({ status: 201, body: { scope: 'new-password' } });
    const { token } = opened.body;
    expect((await begin(token)).body.code).toBe('new-password-required');
    const set = (fresh: string) =>
      edge.call('PUT', '/v1/staff/me/password', { token, body: { current: password, new: fresh } });
    expect((await set('short')).body.code).toBe('too-short');
    expect((await set('an own and long one 7')).status).toBe(204);
    expect((await edge.call('GET', '/v1/sessions/current', { token })).body.scope).toBe('second-factor');
    expect((await member.signIn()).status).toBe(401);
    const { secret } = (await begin(token, 'an own and long one 7')).body;
    expect((await confirm(token, codeNow(secret))).status).toBe(200);
    expect((await edge.call('GET', '/v1/staff/tasks', { token })).status).toBe(200);
  });

  test('A13 a password for once ends, and a new password ends other sessions and sign-ins under way', async () => {
    const member = await enrolled('desk');
    const { challenge } = (await member.signIn()).body;
    const body = { current: password, new: 'an own and long one 7' };
    expect((await edge.call('PUT', '/v1/staff/me/password', { token: member.token, body })).status).toBe(204);
    expect((await member.giveCode(challenge, codeNow(member.secret))).body.code).toBe('challenge-expired');
    const late = await colleague('desk');
    const oneTimeUntil = new Date(edge.clock.now - 1);
    await edge.orm.em.fork().nativeUpdate(StaffMember, { id: late.id }, { oneTimeUntil });
    expect((await late.signIn()).status).toBe(401);
  });

  test('A13 who signs in only through the institution has no password that fits', async () => {
    const member = await colleague('desk');
    await edge.orm.em.fork().nativeUpdate(StaffMember, { id: member.id }, { passwordHash: null });
    for (const given of ['', ' ', 'null', password])
      expect((await member.signIn(given)).status).not.toBe(201);
  });
});
