import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashToken } from '../../api/auth/tokens.ts';
import { Session } from '../../db/entities/index.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

const publicUrl = 'https://library.example';
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ config: { publicUrl } });
});
afterAll(() => edge.stop());

const password = 'correct horse battery';
let serial = 0;
const from = () => `203.0.113.${(serial += 1) % 250}`;
const ownPage = { 'sec-fetch-site': 'same-origin', origin: publicUrl };

type Headers = Readonly<Record<string, string>>;

async function reader() {
  const { id, card } = await edge.build.patron();
  await edge.setPassword(id, password);
  const signIn = (headers: Headers = ownPage, cookie = true) =>
    edge.call('POST', '/v1/sessions', {
      body: { library: 'demo', card, password, cookie },
      headers,
      from: from(),
    });
  return { id, card, signIn };
}

const cookieOf = (answered: { headers: globalThis.Headers }) =>
  /^([^=]+=[^;]*)/.exec(answered.headers.get('set-cookie') ?? '')?.[1] ?? '';

/** A page of the portal that is signed in. */
async function page() {
  const { id, card, signIn } = await reader();
  const opened = await signIn();
  const cookie = cookieOf(opened);
  const csrf: string = opened.body.csrfToken;
  const call = (method: string, path: string, headers: Headers = {}, body?: unknown) =>
    edge.call(method, path, {
      headers: { cookie, ...ownPage, ...headers },
      ...(body !== undefined && { body }),
    });
  return { id, card, signIn, cookie, csrf, call };
}

const cartLine = '/v1/me/cart/0190b0a4-0000-7000-8000-000000000000';

describe('security: sessions in cookies', () => {
  test('security: the token comes in a cookie that scripts and other hosts cannot reach, and nowhere else', async () => {
    const { signIn, id } = await reader();
    const opened = await signIn();
    expect(opened.status).toBe(201);
    const header = opened.headers.get('set-cookie') ?? '';
    const [pair = '', ...attributes] = header.split('; ');
    expect(pair).toMatch(/^__Host-carrel=[\w-]{43}$/);
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
    const token = pair.slice('__Host-carrel='.length);
    expect(JSON.stringify(opened.body)).not.toContain(token);
    const row = await edge.orm.em.fork().findOneOrFail(Session, { holderId: id });
    expect([row.transport, Buffer.compare(row.tokenHash, hashToken(token))]).toEqual(['cookie', 0]);
  });

  test('security: without TLS, for development, the cookie has no prefix', async () => {
    const plain = await startEdge({ config: { publicUrl: 'http://localhost:8080' } });
    try {
      const { id, card } = await plain.build.patron();
      await plain.setPassword(id, password);
      const body = { library: 'demo', card, password, cookie: true };
      const opened = await plain.call('POST', '/v1/sessions', { body });
      expect(opened.headers.get('set-cookie')).toMatch(/^carrel=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    } finally {
      await plain.stop();
    }
  });

  test('security: the cookie reads; what changes something needs the session’s CSRF token', async () => {
    const { call, csrf } = await page();
    expect((await call('GET', '/v1/me')).status).toBe(200);
    expect(await call('DELETE', cartLine)).toMatchObject({ status: 403, body: { code: 'cross-site' } });
    expect((await call('DELETE', cartLine, { 'x-csrf-token': csrf })).status).not.toBe(403);
    const others = (await page()).csrf;
    for (const wrong of [others, '', csrf.slice(1), `${csrf}x`])
      expect((await call('DELETE', cartLine, { 'x-csrf-token': wrong })).status).toBe(403);
    expect((await call('GET', '/v1/sessions/current')).body.csrfToken).toBe(csrf);
  });

  test('security: a request from a page elsewhere changes nothing, even with the token', async () => {
    const { cookie, csrf } = await page();
    const sent = async (headers: Headers) =>
      (await edge.call('DELETE', cartLine, { headers: { cookie, 'x-csrf-token': csrf, ...headers } })).status;
    for (const site of ['cross-site', 'same-site', 'none'])
      expect({ site, status: await sent({ 'sec-fetch-site': site }) }).toEqual({ site, status: 403 });
    for (const origin of [
      'https://evil.example',
      'http://library.example',
      'https://library.example.evil',
      'null',
    ])
      expect({ origin, status: await sent({ origin }) }).toEqual({ origin, status: 403 });
    expect(await sent({ origin: publicUrl })).not.toBe(403);
  });

  test('security: a page elsewhere cannot sign its visitor in', async () => {
    const { signIn } = await reader();
    const answered = await signIn({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' });
    expect(answered).toMatchObject({ status: 403, body: { code: 'cross-site' } });
    expect(answered.headers.get('set-cookie')).toBeNull();
  });

  test('security: a cookie and a token together are refused, also two cookies of the name', async () => {
    const one = await page();
    const { token } = await edge.patron();
    const both = await edge.call('GET', '/v1/me', { token, headers: { cookie: one.cookie } });
    expect(both).toMatchObject({ status: 400, body: { code: 'two-credentials' } });
    const twice = { cookie: `${one.cookie}; ${(await page()).cookie}` };
    expect((await edge.call('GET', '/v1/me', { headers: twice })).status).toBe(400);
  });

  test('security: a cookie’s token is no bearer token, nor the reverse', async () => {
    const { cookie } = await page();
    const token = cookie.split('=')[1];
    expect((await edge.call('GET', '/v1/me', { token })).status).toBe(401);
    const bearer = (await edge.patron()).token;
    const headers = { cookie: `__Host-carrel=${bearer}` };
    expect((await edge.call('GET', '/v1/me', { headers })).status).toBe(401);
    expect((await edge.call('GET', '/v1/me', { headers: { cookie: `carrel=${token}` } })).status).toBe(401);
  });

  test('security: signing in gives a new session and ends the one the browser had (fixation)', async () => {
    const planted = await page();
    const { signIn, id } = await reader();
    const opened = await signIn({ ...ownPage, cookie: planted.cookie });
    expect(opened).toMatchObject({ status: 201, body: { holderId: id } });
    expect(cookieOf(opened)).not.toBe(planted.cookie);
    expect((await planted.call('GET', '/v1/me')).status).toBe(401);
    const chosen = await signIn({ ...ownPage, cookie: `__Host-carrel=${'A'.repeat(43)}` });
    expect(cookieOf(chosen)).not.toContain('A'.repeat(43));
  });

  test('security: a sign-in that fails leaves the browser’s session alone', async () => {
    const { call, card, cookie } = await page();
    const body = { library: 'demo', card, password: 'wrong', cookie: true };
    await edge.call('POST', '/v1/sessions', { body, headers: { ...ownPage, cookie }, from: from() });
    expect((await call('GET', '/v1/me')).status).toBe(200);
  });

  test('security: signing out ends the session and takes the cookie away', async () => {
    const { call, csrf } = await page();
    const out = await call('DELETE', '/v1/sessions/current', { 'x-csrf-token': csrf });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-carrel=; .*Secure.*; Max-Age=0$/);
    expect((await call('GET', '/v1/me')).status).toBe(401);
  });

  test('security: a new password gives the cookie another token and ends all other sessions', async () => {
    const { call, csrf, signIn, cookie } = await page();
    const elsewhere = cookieOf(await signIn());
    const body = { current: password, new: 'a fresh and long one' };
    const set = await call('PUT', '/v1/me/password', { 'x-csrf-token': csrf }, body);
    expect(set.status).toBe(204);
    const works = async (given: string) =>
      (await edge.call('GET', '/v1/me', { headers: { cookie: given } })).status;
    expect([await works(cookie), await works(elsewhere), await works(cookieOf(set))]).toEqual([
      401, 401, 200,
    ]);
  });

  test('security: bearer tokens need no CSRF token: no browser sends them by itself', async () => {
    const { token } = await edge.patron();
    const headers = { origin: 'https://portal.example', 'sec-fetch-site': 'cross-site' };
    expect((await edge.call('DELETE', cartLine, { token, headers })).status).not.toBe(403);
  });

  test('A13 staff may have their session in a cookie too, after the code', async () => {
    const { id, login } = await edge.staff(['desk']);
    await edge.setStaffPassword(id, password);
    const body = { library: 'demo', login, password, cookie: true };
    const opened = await edge.call('POST', '/v1/staff/sessions', { body, headers: ownPage, from: from() });
    expect(opened.status).toBe(201);
    const me = await edge.call('GET', '/v1/staff/me', { headers: { cookie: cookieOf(opened) } });
    expect(me.body.login).toBe(login);
  });
});
