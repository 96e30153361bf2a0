import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { EngineUnavailable } from '../../api/commands-port.ts';
import { Application, ApplicationForm, VerifiedIdentity } from '../../db/entities/index.ts';
import { applicationSecret } from '../../domain/application-link.ts';
import { identitySecret } from '../../domain/identity-link.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());
beforeEach(() => {
  edge.engine.asked.length = 0;
  edge.engine.answer = () => ({
    outcome: 'done',
    result: { standing: { state: 'confirming', deliver: [], ended: false } },
  });
});

let serial = 0;
const somewhere = () => `203.0.113.${(serial += 1) % 250}`;

const form = (given: object = {}) => {
  serial += 1;
  const email = `applicant${serial}@example.org`;
  return { name: 'Anna Müller', birthDate: '1990-01-31', email, password: 'lantern orchard 7', ...given };
};

const apply = (
  fields: object,
  { key = uuid(), from = somewhere(), library = 'demo', procedure = 'web' } = {},
) =>
  edge.call('POST', '/v1/applications', {
    body: { library, procedure, fields },
    headers: { 'idempotency-key': key },
    from,
  });

const forms = (email: string) => edge.orm.em.fork().find(ApplicationForm, { email });
const submitted = () => edge.engine.asked.filter(({ name }) => name === 'submitApplication');

describe('A2 what is kept of an application', () => {
  test('A2 the password only as its hash, nowhere else', async () => {
    const fields = form();
    expect((await apply(fields)).status).toBe(202);
    const [kept] = await forms(fields.email);
    expect(kept).toMatchObject({ version: 1, name: 'Anna Müller', phone: null, details: {} });
    expect(kept?.passwordHash).toMatch(/^\$argon2id\$/u);
    expect(JSON.stringify(kept)).not.toContain(fields.password);
    expect(edge.logged.join('\n')).not.toContain(fields.password);
    expect(edge.logged.join('\n')).not.toContain(fields.email);
  });

  test('A2 what is remembered of a request could not be used to guess the password', async () => {
    const fields = form();
    const key = uuid();
    await apply(fields, { key });
    const other = await apply({ ...fields, password: 'another long password' }, { key });
    expect(other).toMatchObject({ status: 202 });
    expect((await apply({ ...fields, name: 'Somebody Else' }, { key })).body.code).toBe(
      'idempotency-key-reused',
    );
    expect(await forms(fields.email)).toHaveLength(1);
    const text = JSON.stringify([{}, {}, { fields, library: 'demo', procedure: 'web' }]);
    const rows = await edge.orm.em
      .fork()
      .execute<{ fingerprint: string }[]>('select fingerprint from request');
    expect(rows.map(({ fingerprint }) => fingerprint)).not.toContain(
      createHash('sha256').update(text).digest('base64url'),
    );
  });

  test('A2 the same request again starts the same process again, and is one form', async () => {
    const fields = form();
    const key = uuid();
    await Promise.all([apply(fields, { key }), apply(fields, { key })]);
    expect(new Set(submitted().map(({ given }) => JSON.stringify(given))).size).toBe(1);
    expect(await forms(fields.email)).toHaveLength(1);
  });

  test('A2 with the engine down nothing is begun, and everybody hears the same', async () => {
    const fields = form();
    edge.engine.answer = () => {
      throw new EngineUnavailable(new Error('down'));
    };
    const answered = await apply(fields);
    expect(answered).toMatchObject({ status: 503, body: { code: 'engine-unavailable' } });
    expect(await forms(fields.email)).toHaveLength(0);
  });

  test('A2 what the library does not offer to strangers is no procedure', async () => {
    for (const wish of [{ procedure: 'ill' }, { procedure: 'nothing' }, { library: 'nowhere' }])
      expect((await apply(form(), wish)).body.code).toBe('procedure-unknown');
    expect(submitted()).toEqual([]);
  });
});

describe('A2 nobody learns who is known, and nobody floods the library', () => {
  test('A2 the answer and its time are the same however it goes on', async () => {
    const known = await edge.build.patron();
    const timed = async (fields: object) => {
      const began = performance.now();
      const { status, body } = await apply(fields);
      return { status, body, ms: performance.now() - began };
    };
    const one = await timed(form());
    const two = await timed(form({ email: known.email }));
    expect([two.status, two.body]).toEqual([one.status, one.body]);
    expect(Math.min(one.ms, two.ms)).toBeGreaterThan(590);
  });

  test('A2 an address takes a few forms an hour; those beyond are answered alike and kept nowhere', async () => {
    const { email } = form();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_each, number) =>
        apply(form({ email, name: `Anna ${'ABCDEFGHIJKL'[number]}` })),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await forms(email)).toHaveLength(10);
  });

  test('A2 a network may send many forms, but not any number', async () => {
    const from = '198.51.100.7';
    await edge.orm.em
      .fork()
      .execute(
        `insert into sign_in_throttle (key, failures, strikes, window_started_at) values (?, 119, 0, ?)`,
        [`application-network:demo:${from}`, new Date(edge.clock.now)],
      );
    expect((await apply(form(), { from })).status).toBe(202);
    const refused = await apply(form(), { from });
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
    expect((await apply(form())).status).toBe(202);
  });
});

describe('A5 an applicant sees how it stands', () => {
  const standing = async (given: Partial<Application>) => {
    const em = edge.orm.em.fork();
    const at = new Date(edge.clock.now);
    const application = em.create(Application, {
      id: uuid(),
      library: 'demo',
      procedure: 'web',
      state: 'reviewing',
      version: 1,
      language: 'en',
      submittedAt: at,
      ...given,
    } as Application);
    em.create(ApplicationForm, {
      applicationId: application.id,
      version: 1,
      library: 'demo',
      procedure: 'web',
      language: 'en',
      name: 'Anna Müller',
      email: 'anna@example.org',
      submittedAt: at,
    });
    await em.flush();
    const { id } = application;
    const secret = applicationSecret(edge.deps.config.secret, { to: 'access', applicationId: id });
    return (language: string) =>
      edge.call('GET', `/v1/applications/${id}`, {
        headers: { 'application-secret': secret, 'accept-language': language },
      });
  };

  const hour = 3_600_000;
  const at = (hours: number) => new Date(edge.clock.now + hours * hour);
  const states: readonly [string, () => Partial<Application>][] = [
    ['confirming', () => ({ state: 'confirming', lapsesAt: at(1) })],
    ['reviewing', () => ({ state: 'reviewing', reviewSince: at(-1), reviewDueAt: at(1) })],
    ['overdue', () => ({ state: 'reviewing', reviewSince: at(-3), reviewDueAt: at(-1) })],
    ['questioned', () => ({ state: 'questioned', lapsesAt: at(1) })],
    ['correcting', () => ({ state: 'correcting', lapsesAt: at(1) })],
    ['rejected', () => ({ state: 'rejected', endedAt: at(0), eraseAt: at(1) })],
    ['lapsed', () => ({ state: 'lapsed', endedAt: at(0), eraseAt: at(0) })],
    ['withdrawn', () => ({ state: 'withdrawn', endedAt: at(0), eraseAt: at(0) })],
  ];

  test.each(states)('A5 %s: what happens next, in plain words and every language', async (name, given) => {
    const ask = await standing(given());
    for (const language of ['ja', 'zh', 'de', 'en']) {
      const { status, body } = await ask(language);
      expect(status).toBe(200);
      expect(body.next).not.toMatch(/\{\{|undefined|null|Invalid/u);
      expect(body.next.length).toBeGreaterThan(10);
      if (['overdue', 'questioned', 'correcting', 'rejected'].includes(name))
        expect(body.next).toContain(body.phone);
      expect(body.overdue).toBe(name === 'overdue');
    }
  });
});

describe('A1 who a provider has verified', () => {
  /** Verified by the campus, which has told this much. */
  async function verified(told: { name: string | null; number: string | null }) {
    const [id, now] = [uuid(), edge.clock.now];
    const times = { createdAt: new Date(now), expiresAt: new Date(now + 60_000) };
    const who = { provider: 'campus', subject: id, email: null, emailTrusted: false, ...told, ...times };
    await edge.orm.em.fork().insert(VerifiedIdentity, { id, library: 'demo', ...who });
    return { id, secret: identitySecret('a secret of more than thirty-two characters', id) };
  }

  const applyAs = (identity: object, fields: object) =>
    edge.call('POST', '/v1/applications', {
      body: { library: 'demo', procedure: 'campus', fields, identity },
      headers: { 'idempotency-key': uuid() },
      from: somewhere(),
    });

  test.each([null, ' '])(
    'A1 without a name (%p) says which; the form asks for it, and no account is without',
    async (name) => {
      const identity = await verified({ name, number: null });
      const { email, password } = form();
      const refused = await applyAs(identity, { email, password });
      expect(refused).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/fields/name', code: 'field-required' }] },
      });
      expect(await forms(email)).toEqual([]);
      expect((await applyAs(identity, { email, password, name: 'Anna Müller' })).status).toBe(202);
      expect(await forms(email)).toMatchObject([{ name: 'Anna Müller', identitySubject: identity.id }]);
    },
  );

  test('A1 with a name keeps it: the form has none to write another into', async () => {
    const { email, password, name } = form();
    const identity = await verified({ name: '李雷', number: null });
    expect(await applyAs(identity, { email, password, name })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/fields/name', code: 'field-unknown' }] },
    });
    expect((await applyAs(identity, { email, password })).status).toBe(202);
    expect(await forms(email)).toMatchObject([{ name: '李雷' }]);
  });
});
