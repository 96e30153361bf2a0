import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { v7 as uuid } from 'uuid';
import { PatronIdentity, StaffMember, VerifiedIdentity } from '../../db/entities/index.ts';
import { identityPolicy } from '../../domain/policy-identity.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { startEdge } from '../api/edge.ts';
import type { Edge } from '../api/edge.ts';
import { browse, clientId, clientSecret, returnTo, startLiar, startProvider } from './provider.ts';

const name = { ja: '大学', zh: '大学', de: 'Hochschule', en: 'Campus' };
const members = {
  'sub-1': {
    name: '李雷',
    email: 'lilei@campus.example',
    email_verified: true,
    preferred_username: '3120001',
  },
  'sub-2': {
    name: 'Han Mei',
    email: 'han@elsewhere.example',
    email_verified: true,
    preferred_username: '3120002',
  },
  'sub-3': {
    name: 'Someone',
    email: 'someone@campus.example',
    email_verified: true,
    preferred_username: '9',
  },
};

let campus: Awaited<ReturnType<typeof startProvider>>;
let liar: Awaited<ReturnType<typeof startLiar>>;
let edge: Edge;

const identity = () => {
  const oidc = {
    kind: 'oidc',
    name,
    clientId,
    emailDomains: ['campus.example'],
    returnTo: { reader: returnTo, staff: returnTo },
  };
  return {
    providers: [
      { ...oidc, code: 'campus', issuer: campus.issuer, for: ['reader', 'staff'] },
      { ...oidc, code: 'liar', issuer: liar.issuer, clientAuthentication: 'post' },
      { ...oidc, code: 'strong', issuer: liar.issuer, acr: ['mfa'] },
      { ...oidc, code: 'nowhere', issuer: 'http://127.0.0.1:1' },
      { ...oidc, code: 'no-secret', issuer: campus.issuer },
    ],
  };
};

beforeAll(async () => {
  [campus, liar] = await Promise.all([startProvider(members), startLiar()]);
  const parsed = identityPolicy.parse(identity());
  const [first] = identity().providers;
  const trusting = identityPolicy.parse({ providers: [{ ...first, secondFactor: 'trusted' }] });
  const change = (policy: LibraryPolicy): LibraryPolicy => ({
    ...policy,
    identity: policy.code === 'demo' ? parsed : trusting,
    staff: { ...policy.staff, secondFactorFor: ['administrator'] },
  });
  const codes = ['campus', 'liar', 'strong', 'nowhere'];
  const oidcSecrets = new Map(
    [...codes.map((code) => `demo/${code}`), 'chikushino/campus'].map((each) => [each, clientSecret]),
  );
  edge = await startEdge({ change, config: { oidcSecrets } });
});
afterAll(async () => {
  await edge?.stop();
  await Promise.all([campus?.stop(), liar?.stop()]);
});

async function begin(provider: string, more: object = {}) {
  const body = { library: 'demo', provider, ...more };
  const begun = await edge.call('POST', '/v1/identity-verifications', { body });
  expect(begun.status).toBe(201);
  return begun.body as { id: string; secret: string; url: string };
}

const complete = (id: string, secret: string, query: string, more: object = {}) =>
  edge.call('POST', `/v1/identity-verifications/${id}/completion`, { body: { secret, query, ...more } });

/** Begins, signs in at the campus, and comes back. */
async function verify(login: keyof typeof members, more: object = {}) {
  const begun = await begin('campus', more);
  return complete(begun.id, begun.secret, await browse(begun.url, login));
}

/** Begins with the liar and comes back. */
async function lie(
  lies: Parameters<typeof liar.lies>[0],
  query: Record<string, string> = {},
  provider = 'liar',
) {
  liar.lies(lies);
  const begun = await begin(provider);
  return complete(begun.id, begun.secret, liar.answerTo(begun.url, query));
}

async function bind(patronId: string, subject: string, provider = 'campus') {
  const em = edge.orm.em.fork();
  await em.insert(PatronIdentity, {
    id: uuid(),
    library: 'demo',
    patronId,
    provider,
    subject,
    boundAt: new Date(),
  });
}

describe('A1 a campus account is verified by a real OpenID Connect server', () => {
  test('A1 the member’s number, name and address come back, once, to whoever began', async () => {
    const begun = await begin('campus');
    const asked = new URL(begun.url).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('state')).toContain(begun.id);
    const query = await browse(begun.url, 'sub-1');

    const stranger = await complete(begun.id, 'A'.repeat(43), query);
    expect([stranger.status, stranger.body.code]).toEqual([410, 'verification-expired']);
    const verified = await complete(begun.id, begun.secret, query);
    expect(verified.status).toBe(200);
    expect(verified.body).toMatchObject({
      id: begun.id,
      number: '3120001',
      name: '李雷',
      email: 'lilei@campus.example',
      emailTrusted: true,
    });
    const row = await edge.orm.em.fork().findOneOrFail(VerifiedIdentity, { id: begun.id });
    expect(row).toMatchObject({ provider: 'campus', subject: 'sub-1' });

    const replayed = await complete(begun.id, begun.secret, query);
    expect([replayed.status, replayed.body.code]).toEqual([410, 'verification-expired']);
  });

  test('A1 an address of another domain is not believed, however verified the provider calls it', async () => {
    expect((await verify('sub-2')).body).toMatchObject({
      email: 'han@elsewhere.example',
      emailTrusted: false,
    });
  });

  test('A1 a code that was used cannot be used in another verification', async () => {
    const first = await begin('campus');
    const query = await browse(first.url, 'sub-1');
    const second = await begin('campus');
    const crossed = await complete(second.id, second.secret, query);
    expect([crossed.status, crossed.body.code]).toEqual([401, 'identity-failed']);
    const third = await begin('campus');
    const forged = new URLSearchParams(query);
    forged.set('state', new URL(third.url).searchParams.get('state') ?? '');
    expect((await complete(third.id, third.secret, forged.toString())).body.code).toBe('identity-failed');
  });

  test('A1 of two completions at the same instant one gets through', async () => {
    const begun = await begin('campus');
    const query = await browse(begun.url, 'sub-1');
    const both = await Promise.all([1, 2].map(() => complete(begun.id, begun.secret, query)));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410]);
  });

  test('A1 a verification lasts ten minutes', async () => {
    const begun = await begin('campus');
    const query = await browse(begun.url, 'sub-1');
    edge.clock.now += 11 * 60_000;
    const late = await complete(begun.id, begun.secret, query);
    edge.clock.now -= 11 * 60_000;
    expect(late.body.code).toBe('verification-expired');
  });
});

describe('A1 one identity, one account', () => {
  test('A1 a reader binds it while signed in, and signs in with it from then on – with a new session each time', async () => {
    const patron = await edge.patron();
    const held = await begin('campus');
    expect((await complete(held.id, held.secret, await browse(held.url, 'sub-3'))).status).toBe(200);
    const { token } = patron;
    const body = { id: held.id, secret: held.secret };
    expect(
      (await edge.call('POST', '/v1/me/identities', { token, body: { ...body, secret: 'x' } })).body.code,
    ).toBe('identity-missing');
    const bound = await edge.call('POST', '/v1/me/identities', { token, body });
    expect(bound.status).toBe(201);

    const sessions = [await verify('sub-3'), await verify('sub-3')];
    expect(sessions.map(({ status }) => status)).toEqual([201, 201]);
    expect(sessions[0]?.body).toMatchObject({ holderId: patron.id, scope: 'full' });
    expect(new Set([token, ...sessions.map((each) => each.body.token)]).size).toBe(3);

    const other = await edge.patron();
    const mine = await edge.call('GET', '/v1/me/identities', { token });
    expect(mine.body.items).toEqual([bound.body]);
    const path = `/v1/me/identities/${bound.body.id}`;
    expect((await edge.call('DELETE', path, { token: other.token })).status).toBe(404);
    expect((await edge.call('DELETE', path, { token })).status).toBe(204);
    expect((await verify('sub-3')).status).toBe(200);
  });

  test('A1 it cannot be bound to a second account, nor does a closed account let anybody in', async () => {
    const [first, second] = [await edge.patron(), await edge.patron()];
    const helds = [await begin('campus'), await begin('campus')];
    for (const each of helds) await complete(each.id, each.secret, await browse(each.url, 'sub-2'));
    const attempts = await Promise.all(
      [first, second].map(({ token }, index) => {
        const { id, secret } = helds[index] ?? { id: '', secret: '' };
        return edge.call('POST', '/v1/me/identities', { token, body: { id, secret } });
      }),
    );
    expect(attempts.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const winner = attempts[0]?.status === 201 ? first : second;
    await edge.orm.em
      .getConnection()
      .execute('update patron set closed_at = now() where id = ?', [winner.id]);
    expect((await verify('sub-2')).body.code).toBe('sign-in-failed');
  });
});

describe('A13 staff sign in through their institution', () => {
  test('A13 only whom an administrator has entered, and only while active', async () => {
    expect((await verify('sub-1', { purpose: 'staff' })).body.code).toBe('sign-in-failed');
    const member = await edge.staff(['desk']);
    const em = edge.orm.em.fork();
    await em.nativeUpdate(StaffMember, { id: member.id }, { oidcSubject: 'sub-1' });
    const opened = await verify('sub-1', { purpose: 'staff' });
    expect(opened.body).toMatchObject({ holderId: member.id, scope: 'full' });
    const session = await edge.call('GET', '/v1/sessions/current', { token: opened.body.token });
    expect(session.body).toMatchObject({ kind: 'staff', roles: ['desk'] });
    await em.nativeUpdate(StaffMember, { id: member.id }, { active: false });
    expect((await verify('sub-1', { purpose: 'staff' })).body.code).toBe('sign-in-failed');
  });

  test('A13 the institution alone lets nobody in who needs a second factor, unless the library trusts the institution’s', async () => {
    const enter = async (library: 'demo' | 'chikushino', subject: string) => {
      const member = await edge.staff(['administrator'], library);
      const em = edge.orm.em.fork();
      await em.nativeUpdate(StaffMember, { library, oidcSubject: subject }, { oidcSubject: null });
      await em.nativeUpdate(StaffMember, { id: member.id }, { oidcSubject: subject });
      await edge.setStaffPassword(member.id, 'behind the counter 9');
      return member;
    };
    const come = (library: string) => verify('sub-2', { library, purpose: 'staff' });
    await enter('demo', 'sub-2');
    const opened = await come('demo');
    expect(opened).toMatchObject({ status: 201, body: { scope: 'second-factor' } });
    const { token } = opened.body;
    expect((await edge.call('GET', '/v1/staff/members', { token })).body.code).toBe('second-factor-required');

    const body = { password: 'behind the counter 9' };
    const { secret } = (await edge.call('POST', '/v1/staff/me/second-factor', { token, body })).body;
    const code = () =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: edge.clock.now });
    await edge.call('POST', '/v1/staff/me/second-factor/confirmation', { token, body: { code: code() } });
    edge.clock.now += 30_000;
    const asked = await come('demo');
    expect([asked.status, Object.keys(asked.body).toSorted()]).toEqual([200, ['challenge', 'expiresAt']]);
    const given = { body: { challenge: asked.body.challenge, code: code() } };
    const entered = await edge.call('POST', '/v1/staff/sessions/code', given);
    expect(entered).toMatchObject({ status: 201, body: { scope: 'full' } });

    await enter('chikushino', 'sub-2');
    expect(await come('chikushino')).toMatchObject({ status: 201, body: { scope: 'full' } });
  });

  test('A13 a provider for readers verifies no staff', async () => {
    const body = { library: 'demo', provider: 'liar', purpose: 'staff' };
    expect((await edge.call('POST', '/v1/identity-verifications', { body })).body.code).toBe(
      'identity-not-offered',
    );
  });

  test('A13 a provider that must use a second factor, and did not, proves nothing', async () => {
    expect((await lie({}, {}, 'strong')).body.code).toBe('identity-failed');
    expect((await lie({ claims: { acr: 'password' } }, {}, 'strong')).body.code).toBe('identity-failed');
    expect((await lie({ claims: { acr: 'mfa' } }, {}, 'strong')).status).toBe(200);
  });
});

describe('A1 what a provider gets wrong verifies nobody', () => {
  const past = () => Math.floor(Date.now() / 1000) - 3600;

  test('A1 told the truth, it verifies', async () => {
    expect((await lie({ userinfo: { preferred_username: 7 } })).body).toMatchObject({
      number: '7',
      emailTrusted: false,
    });
  });

  test.each([
    ['another nonce', () => ({ claims: { nonce: 'another' } })],
    ['no nonce', () => ({ claims: { nonce: undefined } })],
    ['another audience', () => ({ claims: { aud: 'another-client' } })],
    ['another issuer', () => ({ claims: { iss: 'http://127.0.0.1:9' } })],
    ['an expired token', () => ({ claims: { iat: past(), exp: past() + 60 } })],
    ['a signature of a key it has not published', () => ({ foreignKey: true })],
    ['another subject at its user info', () => ({ userinfo: { sub: 'somebody-else' } })],
    ['a refused code', () => ({ tokenStatus: 400 })],
  ])('A1 %s', async (_what, lies) => {
    const answer = await lie(lies());
    expect([answer.status, answer.body.code]).toEqual([401, 'identity-failed']);
  });

  test('A1 a forged state, an error in place of a code, and another issuer’s answer', async () => {
    for (const query of [{ state: 'forged' }, { error: 'access_denied' }, { iss: 'http://127.0.0.1:9' }])
      expect((await lie({}, query)).body.code).toBe('identity-failed');
  });

  test('A1 an address counts as verified only by `true`, of the campus’s own domain', async () => {
    const stated = async (email: unknown, verified: unknown) =>
      (await lie({ userinfo: { email, email_verified: verified } })).body;
    expect(await stated('a@campus.example', true)).toMatchObject({ emailTrusted: true });
    expect(await stated('a@campus.example', 'true')).toMatchObject({ emailTrusted: false });
    expect(await stated('a@campus.example', undefined)).toMatchObject({ emailTrusted: false });
    expect(await stated('a@campus.example.evil.example', true)).toMatchObject({ emailTrusted: false });
    expect(await stated('a@b\r\nBcc: c@campus.example', true)).toMatchObject({
      email: null,
      emailTrusted: false,
    });
  });

  test('A1 an address, however verified, never finds an account: only the subject does', async () => {
    const patron = await edge.patron({ email: 'victim@campus.example' });
    await bind(patron.id, 'victim', 'liar');
    const lied = await lie({ userinfo: { email: 'victim@campus.example', email_verified: true } });
    expect([lied.status, lied.body.token]).toEqual([200, undefined]);
  });
});

describe('A1 a provider that is down', () => {
  test('A1 says so at once, and not the provider’s words; the rest of the library goes on', async () => {
    const body = { library: 'demo', provider: 'nowhere' };
    const answer = await edge.call('POST', '/v1/identity-verifications', { body });
    expect([answer.status, answer.body.code]).toEqual([503, 'identity-unavailable']);
    expect(answer.headers.get('retry-after')).toBe('30');
    const without = { library: 'demo', provider: 'no-secret' };
    expect((await edge.call('POST', '/v1/identity-verifications', { body: without })).status).toBe(503);
  });

  test('A1 in the middle: the same answer completes the verification once it works again', async () => {
    const begun = await begin('campus');
    const query = await browse(begun.url, 'sub-1');
    campus.setDown(true);
    expect((await complete(begun.id, begun.secret, query)).body.code).toBe('identity-unavailable');
    campus.setDown(false);
    expect((await complete(begun.id, begun.secret, query)).status).not.toBe(410);
    expect((await lie({ tokenStatus: 500 })).body.code).toBe('identity-unavailable');
  });

  test('A1 one that never answers is given up after five seconds', async () => {
    const began = Date.now();
    expect((await lie({ silent: true })).body.code).toBe('identity-unavailable');
    expect(Date.now() - began).toBeLessThan(60_000);
  });
});

test('A1 neither codes, tokens, names nor addresses are logged', () => {
  const logged = edge.logged.join('\n');
  expect(logged).toContain('a verification failed');
  for (const text of ['李雷', 'lilei@', 'code=', clientSecret, 'id_token', 'eyJ'])
    expect(logged).not.toContain(text);
});
