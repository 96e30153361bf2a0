import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formRules } from '../../api/application-form.ts';
import { judgeForm } from '../../domain/application-fields.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';
import { policies } from '../support/made-once.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());

const hostile = {
  header: 'Ada\r\nBcc: everybody@evil.example',
  body: 'Ada\n.\nMAIL FROM:<evil@evil.example>',
  long: 'a'.repeat(10_000),
  override: 'Ada\u202Egnp.exe',
  isolate: 'Ada\u2066evil\u2069',
  mark: 'Ada\u200Fevil',
  separator: 'Ada\u2028Bcc: everybody@evil.example',
  nul: 'Ada\u0000',
};
const emoji = 'Ada 👩‍👩‍👧 🏳️‍🌈';

const fields = policies
  .all()
  .flatMap((policy) =>
    policy.registration.procedures.flatMap((procedure) =>
      procedure.fields.map(({ code }) => ({ policy, procedure, code })),
    ),
  );
const judging = { now: Date.UTC(2026, 10, 22) };

const reasonsFor = ({ policy, procedure, code }: (typeof fields)[number], text: string) =>
  judgeForm(formRules(policy, procedure, judging), { [code]: text }).problems.filter(
    ({ field }) => field === code,
  );

const nameOf = ({ policy, procedure, code }: (typeof fields)[number]) =>
  `${policy.code} ${procedure.code} ${code}`;

const apply = (given: object) =>
  edge.call('POST', '/v1/applications', {
    headers: { 'idempotency-key': crypto.randomUUID() },
    body: {
      library: 'demo',
      procedure: 'web',
      fields: {
        name: 'Ada Example',
        email: 'ada@library.example',
        birthDate: '1990-05-05',
        password: 'lantern in the orchard',
        ...given,
      },
    },
  });

describe('A3 hostile values in application forms', () => {
  test('A3 there are fields of every library to try', () => {
    expect(fields.length).toBeGreaterThan(15);
    expect(new Set(fields.map(({ code }) => code)).size).toBeGreaterThan(5);
  });

  test.each(Object.entries(hostile))('A3 %s is taken by no field of any library', (_what, text) => {
    expect(fields.filter((field) => reasonsFor(field, text).length === 0).map(nameOf)).toEqual([]);
  });

  test('A3 signs that are no letters are taken by no field that greets, addresses or signs in', () => {
    const strict = fields.filter(({ code }) =>
      ['name', 'email', 'login', 'phone', 'birthDate'].includes(code),
    );
    expect(strict.filter((field) => reasonsFor(field, emoji).length === 0).map(nameOf)).toEqual([]);
  });

  test('A3 over HTTP each is refused by the name of its field, and the mistake repeats nothing of it', async () => {
    for (const field of ['name', 'email', 'birthDate', 'password']) {
      for (const [what, text] of Object.entries(hostile)) {
        const { status, body } = await apply({ [field]: text });
        const pointers = (body.errors ?? []).map(({ pointer }: { pointer: string }) => pointer);
        expect({ field, what, status }).toEqual({ field, what, status: 422 });
        expect(pointers.every((each: string) => each.includes(`fields/${field}`))).toBe(true);
        expect(JSON.stringify(body)).not.toMatch(/evil|aaaa/u);
      }
    }
    expect(edge.engine.asked.filter(({ name }) => name === 'submitApplication')).toEqual([]);
  });
});

describe('A11 hostile values in the forms of an account', () => {
  const addresses = Object.entries({ ...hostile, emoji }).flatMap(([what, text]) => [
    [what, `${text}@library.example`] as const,
    [`${what} in the domain`, `ada@${text}.example`] as const,
  ]);

  test.each(addresses)('A11 %s is no address, for readers and at the desk', async (_what, email) => {
    const reader = await edge.patron();
    const desk = await edge.staff(['desk']);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const ask = (token: string, path: string, body: object) =>
      edge.call('POST', path, { token, headers, body });
    const own = await ask(reader.token, '/v1/me/email-confirmations', { email, password: 'x' });
    const theirs = await ask(desk.token, `/v1/staff/patrons/${reader.id}/email-confirmations`, { email });
    for (const { status, body } of [own, theirs]) {
      expect(status).toBe(422);
      const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer);
      expect(new Set(pointers)).toEqual(new Set(['/email']));
    }
    expect(edge.engine.asked.filter(({ name }) => name === 'run')).toEqual([]);
  });

  test('A12 a colleague’s name and address, and a reader’s telephone, take neither lines nor 10 kB', async () => {
    const { token } = await edge.staff(['administrator']);
    for (const text of [hostile.header, hostile.body, hostile.long, hostile.nul]) {
      for (const given of [{ name: text }, { email: `${text}@library.example` }, { login: text }]) {
        const headers = { 'idempotency-key': crypto.randomUUID() };
        const body = { login: 'somebody', name: 'Somebody', roles: [], ...given };
        const answered = await edge.call('POST', '/v1/staff/members', { token, headers, body });
        expect({ given, status: answered.status }).toEqual({ given, status: 422 });
      }
      const { id } = await edge.build.patron();
      const seen = await edge.call('GET', `/v1/staff/patrons/${id}/data`, { token });
      const headers = { 'if-match': seen.headers.get('etag') ?? '' };
      const asked = { token, headers, body: { phone: text } };
      const answered = await edge.call('PATCH', `/v1/staff/patrons/${id}/data`, asked);
      expect(answered.status).toBe(422);
    }
  });
});
