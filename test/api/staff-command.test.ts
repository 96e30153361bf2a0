import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { createSecondFactor } from '../../api/auth/second-factor.ts';
import { staffCommand } from '../../api/staff/main.ts';
import { StaffChange, StaffMember } from '../../db/entities/index.ts';
import { inTransaction } from '../../db/transaction.ts';
import { staffRoles } from '../../domain/roles.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
let databaseUrl: string;
beforeAll(async () => {
  const staff = { secondFactorFor: [...staffRoles] };
  edge = await startEdge({ change: (policy) => ({ ...policy, staff: { ...policy.staff, ...staff } }) });
  databaseUrl = edge.orm.config.get('clientUrl') ?? '';
});
afterAll(() => edge.stop());

const fresh = 'behind the counter 9';
const hour = 3_600_000;
const codeAt = (secret: string, timestamp: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });

async function run(...argv: string[]): Promise<string> {
  let told = '';
  const say = (text: string) => void (told += text);
  await staffCommand(argv, { environment: { DATABASE_URL: databaseUrl }, say, now: edge.clock.now });
  return told;
}

/** The password stands on a line of its own. */
const passwordIn = (told: string) => /\n\n {2}(\S+)\n\n/u.exec(told)?.[1] ?? '';

const create = (library: string, login: string) =>
  run('create', '--library', library, '--login', login, '--name', 'Ada Example');
const reset = (library: string, login: string) => run('reset', '--library', library, '--login', login);

const signIn = (library: string, login: string, password: string) =>
  edge.call('POST', '/v1/staff/sessions', { body: { library, login, password } });

const find = (library: string, login: string) =>
  edge.orm.em.fork().findOneOrFail(StaffMember, { library, login });

const changes = async (staffId: string) =>
  (await edge.orm.em.fork().find(StaffChange, { staffId }, { orderBy: { id: 'asc' } })).map(
    ({ kind, actor }) => `${actor} ${kind}`,
  );

/** Sets an own password in place of the printed one, and answers the token of the next sign-in. */
async function settle(library: string, login: string, password: string): Promise<string> {
  const first = await signIn(library, login, password);
  expect(first).toMatchObject({ status: 201, body: { scope: 'new-password' } });
  const { token } = first.body;
  const body = { current: password, new: fresh };
  expect((await edge.call('PUT', '/v1/staff/me/password', { token, body })).status).toBe(204);
  expect((await signIn(library, login, password)).status).toBe(401);
  const next = await signIn(library, login, fresh);
  expect(next).toMatchObject({ status: 201, body: { scope: 'second-factor' } });
  return next.body.token;
}

describe('A13 npm run staff', () => {
  test('A13 makes a library’s first administrator, who signs in and takes in the rest', async () => {
    const password = passwordIn(await create('demo', 'ada'));
    const { id, roles } = await find('demo', 'ada');
    expect(roles).toEqual(['administrator']);
    const token = await settle('demo', 'ada', password);
    const { secret } = (
      await edge.call('POST', '/v1/staff/me/second-factor', { token, body: { password: fresh } })
    ).body;
    const code = codeAt(secret, edge.clock.now);
    const confirmation = { token, body: { code } };
    expect((await edge.call('POST', '/v1/staff/me/second-factor/confirmation', confirmation)).status).toBe(
      200,
    );
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const body = { login: 'bo', name: 'Bo', roles: ['desk'] };
    expect((await edge.call('POST', '/v1/staff/members', { token, headers, body })).status).toBe(201);
    expect((await changes(id))[0]).toBe('system created');
    expect(JSON.stringify(await edge.orm.em.fork().find(StaffChange, { staffId: id }))).not.toContain(
      password,
    );
  });

  test('A13 makes no second one, and none of a login that is taken', async () => {
    await expect(create('demo', 'eve')).rejects.toThrow('The library demo has an administrator, ada');
    const desk = await edge.elsewhere.staff('desk');
    await expect(create('chikushino', desk.login)).rejects.toThrow(`${desk.login} is somebody else's`);
    const both = await Promise.allSettled([create('chikushino', 'one'), create('chikushino', 'two')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('A13 lets an administrator in again when CARREL_SECRET has changed: password, device, sessions and locks are gone', async () => {
    const member = await edge.staff(['administrator']);
    const { id, login } = member;
    await edge.setStaffPassword(id, fresh);
    const before = createSecondFactor('the secret there was before it was changed');
    const secret = await inTransaction(edge.orm, (tx) => before.begin(tx, id, edge.clock.now));
    const code = (at: number) => codeAt(secret, at);
    await inTransaction(edge.orm, (tx) => before.confirm(tx, id, code(edge.clock.now), edge.clock.now));
    await inTransaction(edge.orm, (tx) => before.makeRecoveryCodes(tx, id));
    edge.clock.now += 30_000;
    const { challenge } = (await signIn('demo', login, fresh)).body;
    const given = { body: { challenge, code: code(edge.clock.now) } };
    expect((await edge.call('POST', '/v1/staff/sessions/code', given)).status).toBe(409);
    for (let each = 0; each < 5; each += 1) await signIn('demo', login, 'wrong');
    expect((await signIn('demo', login, fresh)).status).toBe(429);

    const password = passwordIn(await reset('demo', login));
    expect((await edge.call('GET', '/v1/staff/tasks', { token: member.token })).status).toBe(401);
    await settle('demo', login, password);
    expect((await changes(id)).slice(0, 2)).toEqual(['system second-factor-reset', 'system password-given']);
  });

  test('A13 the printed password is good for a day', async () => {
    const { login } = await edge.staff(['administrator']);
    const password = passwordIn(await reset('demo', login));
    edge.clock.now += 24 * hour + 1;
    expect((await signIn('demo', login, password)).status).toBe(401);
  });

  test('A13 resets administrators only, of that library, who have not been kept out', async () => {
    const { login } = await edge.staff(['desk']);
    await expect(reset('demo', login)).rejects.toThrow(`${login} is no administrator`);
    await expect(reset('demo', 'nobody')).rejects.toThrow('Nobody of the library demo has the login nobody.');
    await expect(reset('chikushino', 'ada')).rejects.toThrow('Nobody of the library chikushino');
    const out = await edge.staff(['administrator']);
    await edge.orm.em.fork().nativeUpdate(StaffMember, { id: out.id }, { active: false });
    await expect(reset('demo', out.login)).rejects.toThrow(`${out.login} has been kept out`);
  });

  test('A13 tells every mistake of the command line, and how it is done', async () => {
    await expect(run('delete', '--library', 'demo')).rejects.toThrow(
      /^Say create or reset\.\n\nnpm run staff/u,
    );
    const many = run('create', '--library', 'nowhere', '--login', 'Ada Example', '--email', 'none');
    await expect(many).rejects.toThrow(
      /no policy for a library nowhere\.\n--login: small[^\n]+\n--name: [^\n]+\n--email is no e-mail address\.\n\n/u,
    );
    await expect(run('reset', '--library', 'demo', '--login', 'ada', '--name', 'Ada')).rejects.toThrow(
      '--name and --email are for create.',
    );
    await expect(run('create', '--passwort', 'x')).rejects.toThrow('--passwort');
    expect(await run('--help')).toContain('npm run staff -- create');
  });

  test('A13 says what is wrong with the database', async () => {
    const at = (url: string | undefined) =>
      staffCommand(['reset', '--library', 'demo', '--login', 'ada'], {
        environment: { DATABASE_URL: url },
        say: () => undefined,
        now: edge.clock.now,
      });
    await expect(at(undefined)).rejects.toThrow('Set DATABASE_URL');
    await expect(at('postgresql://carrel@127.0.0.1:1/carrel')).rejects.toThrow('does not answer');
    const missing = Object.assign(new URL(databaseUrl), { pathname: '/there_is_none' }).href;
    await expect(at(missing)).rejects.toThrow('There is no database of the name');
  });
});
