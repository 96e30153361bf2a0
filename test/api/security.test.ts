import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import type { Route } from '../../api/route.ts';
import { routesOf } from '../../api/routes/index.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
let routes: readonly Route[];
beforeAll(async () => {
  edge = await startEdge();
  routes = routesOf(edge.deps);
});
afterAll(() => edge.stop());

const password = 'correct horse battery';
let serial = 0;
const somewhere = () => `203.0.${Math.floor(serial / 250)}.${(serial += 1) % 250}`;
const label = (route: Route) => `${route.method} ${route.path}`;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Every schema within a JSON schema, with where it stands. */
function parts(schema: unknown, at = ''): [string, Json][] {
  if (!isObject(schema)) return [];
  const inside = Object.entries(schema).flatMap(([key, value]) => parts(value, `${at}/${key}`));
  return 'type' in schema && typeof schema.type === 'string' ? [[at, schema], ...inside] : inside;
}

const jsonOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

/** Texts whose rules are the library's or of their kind, and not a pattern: the next test proves them. Codes are looked up in the policy. */
const judgedByRules = [
  /applications(\/:id\/versions)? \/properties\/fields\/(propertyNames|additionalProperties)$/,
  /email-confirmations \/properties\/email$/,
  /AccountTerms\/properties\/(userGroup|permissions\/items)$/,
  /payments \/properties\/branch$/,
];

describe('security: what comes in', () => {
  test('security: every body and query refuses fields it does not know, also within (mass assignment)', () => {
    const open: string[] = [];
    for (const route of routes) {
      // A link of OpenURL carries whatever its catalogue knows; what is taken of it is read field by field.
      if (label(route) === 'get /v1/openurl/:library') continue;
      // A file is bytes, whose rules are those of `api/files.ts`.
      const body = route.file ? undefined : route.body;
      for (const schema of [body, route.query].filter((each) => each !== undefined)) {
        const issues = schema.safeParse({ 'a-field-of-nobody': 1 }).error?.issues ?? [];
        const seen = JSON.stringify(issues);
        // Of a choice of several shapes each is looked at below.
        const choice = seen.includes('invalid_union');
        if (!choice && !seen.includes('unrecognized_keys')) open.push(label(route));
        for (const [at, part] of parts(jsonOf(schema)))
          if (part.type === 'object' && part.additionalProperties === undefined)
            open.push(`${label(route)} ${at}`);
      }
    }
    expect(open).toEqual([]);
  });

  test('security: no text that reaches a mail can begin another header', () => {
    const hostile = 'A name\r\nBcc: everybody@evil.example';
    const loose: string[] = [];
    for (const route of routes) {
      if (route.body === undefined || route.file) continue;
      for (const [at, part] of parts(jsonOf(route.body))) {
        if (part.type !== 'string' || part.enum !== undefined || part.const !== undefined) continue;
        const patterns = [
          part.pattern,
          ...(Array.isArray(part.allOf) ? part.allOf.map((each) => (each as Json).pattern) : []),
        ];
        const refuses = patterns.some(
          (each) => typeof each === 'string' && !new RegExp(each, 'u').test(hostile),
        );
        if (!refuses && part.format === undefined) loose.push(`${label(route)} ${at}`);
      }
    }
    expect(loose.filter((each) => !judgedByRules.some((rule) => rule.test(each)))).toEqual([]);
  });

  test('security: forms and addresses that begin another header are refused by the rules for them', async () => {
    const email = 'reader@library.example\r\nBcc: everybody@evil.example';
    const { token } = await edge.patron();
    const asked = await edge.call('POST', '/v1/me/email-confirmations', { token, body: { email } });
    expect(asked.status).toBe(422);
    const desk = await edge.staff(['desk']);
    const { id } = await edge.build.patron();
    const path = `/v1/staff/patrons/${id}/email-confirmations`;
    expect((await edge.call('POST', path, { token: desk.token, body: { email } })).status).toBe(422);
    for (const field of [{ email }, { name: 'Ada\r\nBcc: everybody@evil.example' }]) {
      const fields = { name: 'Ada Example', email: 'ada@library.example', birthDate: '1990-05-05', ...field };
      const body = {
        library: 'demo',
        procedure: 'web',
        fields: { ...fields, password: 'lantern in the orchard' },
      };
      const headers = { 'idempotency-key': crypto.randomUUID() };
      const answered = await edge.call('POST', '/v1/applications', { body, headers, from: somewhere() });
      expect({ field, status: answered.status }).toEqual({ field, status: 422 });
    }
  });

  test('security: keys that reach for prototypes are refused like any other', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const raw = `{"library":"demo","card":"01234567","password":"x","${key}":{"polluted":true}}`;
      const answered = await edge.call('POST', '/v1/sessions', { raw, from: somewhere() });
      expect([422, 401]).toContain(answered.status);
      expect(({} as Json).polluted).toBeUndefined();
    }
    const { token } = await edge.patron();
    const query = await edge.call('GET', '/v1/me/holds?__proto__[polluted]=1', { token });
    expect(query.status).toBe(422);
  });

  test('security: deep and large JSON is refused without harm', async () => {
    const deep = (depth: number) => `{"library":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    for (const depth of [100, 5_000, 30_000]) {
      const answered = await edge.call('POST', '/v1/sessions', { raw: deep(depth), from: somewhere() });
      expect({ depth, status: answered.status }).toEqual({ depth, status: 422 });
    }
    const wide = JSON.stringify({ library: 'x'.repeat(70_000) });
    expect((await edge.call('POST', '/v1/sessions', { raw: wide })).status).toBe(413);
  });
});

describe('security: signing in as staff tells nothing', () => {
  const attempt = (login: string, given: string) =>
    edge.call('POST', '/v1/staff/sessions', {
      body: { library: 'demo', login, password: given },
      from: somewhere(),
    });

  test('A10 an unknown login is answered, locked and timed like a known one', async () => {
    const bare = ({ status, body }: { status: number; body: Json }) => ({ status, ...body, instance: '' });
    const known: unknown[] = [];
    const unknown: unknown[] = [];
    const times = { known: [] as number[], unknown: [] as number[] };
    const timed = async (login: string, into: number[]) => {
      const began = performance.now();
      const answered = await attempt(login, 'wrong');
      if (answered.status === 401) into.push(performance.now() - began);
      return bare(answered);
    };
    for (let round = 0; round < 3; round += 1) {
      const { id, login } = await edge.staff(['desk']);
      await edge.setStaffPassword(id, password);
      for (let each = 0; each < 6; each += 1) {
        known.push(await timed(login, times.known));
        unknown.push(await timed(`nobody${round}`, times.unknown));
      }
    }
    expect(unknown).toEqual(known);
    // The quickest tell what refusing takes; the others, what else the machine does.
    const ratio = Math.min(...times.unknown) / Math.min(...times.known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  test('A10 however a login is written, failures count against one account', async () => {
    const { id, login } = await edge.staff(['desk']);
    await edge.setStaffPassword(id, password);
    const wide = login.replaceAll(/[a-z0-9]/g, (each) =>
      String.fromCodePoint((each.codePointAt(0) ?? 0) + 0xfee0),
    );
    const forms = [login, login.toUpperCase(), ` ${login} `, wide, wide.toUpperCase()];
    for (const form of forms) await attempt(form, 'wrong');
    expect((await attempt(login, password)).status).toBe(429);
  });
});

describe('security: the log', () => {
  test('security: a whole journey leaves no password, token, secret, name or address in the log', async () => {
    const patron = await edge.build.patron({ name: 'Ottilie Beispiel', phone: '030-555-0147' });
    await edge.setPassword(patron.id, password);
    const member = await edge.staff(['administrator']);
    await edge.setStaffPassword(member.id, password);
    const address = '198.18.7.7';
    edge.logged.length = 0;
    const secrets: string[] = [
      password,
      address,
      patron.card,
      patron.name,
      '030-555-0147',
      patron.email ?? '',
    ];
    const remember = (body: unknown) => {
      for (const value of Object.values(isObject(body) ? body : {}))
        if (typeof value === 'string' && value.length > 20 && !/^\d{4}-|^[\da-f-]{36}$/.test(value))
          secrets.push(value);
      return body as Readonly<Record<string, string>>;
    };
    const call = async (method: string, path: string, body?: unknown, token?: string) =>
      remember(
        (await edge.call(method, path, { token, from: address, ...(body !== undefined && { body }) })).body,
      );
    const signIn = (given: string) =>
      call('POST', '/v1/sessions', { library: 'demo', card: patron.card, password: given });
    await signIn('a wrong password of nobody');
    secrets.push('a wrong password of nobody', 'a fresh and long one');
    const { token = '' } = await signIn(password);
    await call('GET', '/v1/me', undefined, token);
    await call('PUT', '/v1/me/password', { current: password, new: 'a fresh and long one' }, token);
    await call('POST', '/v1/password-links', { library: 'demo', card: patron.card });
    await call('GET', `/v1/staff/patrons?q=${encodeURIComponent(patron.name)}`, undefined, member.token);
    await call('POST', `/v1/staff/patrons/${patron.id}/one-time-password`, undefined, member.token);
    const login = { library: 'demo', login: member.login, password };
    const opened = await call('POST', '/v1/staff/sessions', login);
    const { secret = '' } = await call('POST', '/v1/staff/me/second-factor', { password }, opened.token);
    secrets.push(secret);
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: edge.clock.now });
    await call('POST', '/v1/staff/me/second-factor/confirmation', { code }, opened.token);
    const { challenge = '' } = await call('POST', '/v1/staff/sessions', login);
    await call('POST', '/v1/staff/sessions/code', { challenge, code });
    secrets.push(member.login, code, 'otpauth', '$argon2');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(edge.logged.length).toBeGreaterThan(10);
    const log = edge.logged.join('');
    expect(secrets.filter((each) => each !== '' && log.includes(each))).toEqual([]);
  });
});
