import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { VerifiedIdentity } from '../../db/entities/index.ts';
import { identitySecret } from '../../domain/identity-link.ts';
import { type Applicants, createApplicants, decide, externalForm, linksIn } from '../support/applicants.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';

let carrel: Carrel;
let library: Desks;
let librarian: Console;
let desk: Console;
let applicants: Applicants;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'zju' });
  library = createDesks(carrel);
  librarian = await library.staff('ill-librarian');
  desk = await library.staff('desk');
  applicants = createApplicants(carrel, 'zju', 'zh');
});

afterAll(() => carrel?.stop());

const hasHan = /[\u4e00-\u9fff]/u;

test('A2 a portal can draw the form: every field with its label, its rules and its limits, in the reader’s language', async () => {
  const { status, body } = await applicants.call('GET', '/v1/libraries/zju/procedures');
  expect(status).toBe(200);
  const external = body.items.find(({ code }: { code: string }) => code === 'external');
  expect(external).toMatchObject({ needsAccount: false, identity: null, phone: '0571-88208468' });
  expect(external.fields.map(({ code }: { code: string }) => code)).toEqual([
    'institution',
    'name',
    'email',
    'login',
    'password',
  ]);
  expect(external.fields.at(-1)).toMatchObject({
    input: 'password',
    minLength: 4,
    maxLength: 12,
    required: true,
  });
  for (const field of external.fields) expect(field.label).toMatch(hasHan);
  expect(external.steps.map(({ code }: { code: string }) => code)).toEqual(['confirm', 'review']);
  for (const { text } of external.steps) expect(text).toMatch(hasHan);
  expect((await applicants.call('GET', '/v1/libraries/nowhere/procedures')).status).toBe(404);
});

test('A3 everything that is wrong with the form is told at once, field by field, in the applicant’s language', async () => {
  const wrong = {
    institution: '',
    name: '陈 一_',
    email: 'abc',
    login: 'a@b.c',
    password: 'a_b',
    permissions: 'ill',
  };
  const { status, body } = await applicants.apply('external', wrong);
  expect(status).toBe(422);
  expect(body.reasons.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`)).toEqual([
    'institution field-required',
    'name name-blanks',
    'name name-characters',
    'email email-invalid',
    'login login-is-email',
    'password too-short',
    'password characters',
    'permissions field-unknown',
  ]);
  for (const { detail } of [...body.reasons, ...body.errors]) expect(detail).toMatch(hasHan);
  expect(body.errors[3]).toMatchObject({ in: 'body', pointer: '/fields/email', code: 'email-invalid' });
  const password = body.errors.find(({ code }: { code: string }) => code === 'too-short');
  expect(password.detail).toContain('4');
  const german = await applicants.call(
    'POST',
    '/v1/applications',
    { library: 'zju', procedure: 'external', fields: wrong },
    { 'idempotency-key': uuid(), 'accept-language': 'de' },
  );
  expect(german.body.detail).toBe('Dieses Feld muss ausgefüllt werden.');
});

test('A2 an external reader applies, confirms the address, waits for the library, and signs in only once it has approved', async () => {
  const fields = externalForm();
  const received = await applicants.apply('external', fields);
  expect(received).toMatchObject({ status: 202, body: { state: 'received' } });
  expect(received.body.text).toMatch(hasHan);

  const mail = await applicants.mailTo(fields.email, hasHan);
  const [toConfirm, toFollow] = linksIn(mail.text);
  if (!toConfirm || !toFollow) throw new Error('The mail has not both links.');
  const applicant = applicants.holding(toFollow);
  expect((await applicant.status()).body).toMatchObject({
    state: 'confirming',
    overdue: false,
    mayWithdraw: true,
  });
  expect((await librarian.get('/v1/staff/tasks')).body.items).toEqual([]);
  expect((await applicants.signIn(fields.login, fields.password)).status).toBe(401);

  const confirmed = await applicants.confirm(toConfirm);
  expect(confirmed).toMatchObject({ status: 200, body: { state: 'reviewing' } });
  expect(confirmed.body.next).toContain('0571-88208468');
  expect(Date.parse(confirmed.body.until)).toBeGreaterThan(Date.now());
  expect((await applicants.confirm(toConfirm)).status).toBe(200);
  expect((await applicants.signIn(fields.email, fields.password)).status).toBe(401);

  const { items } = (await librarian.get('/v1/staff/tasks', 'zh')).body;
  expect(items).toMatchObject([
    {
      kind: 'review-application',
      state: 'open',
      reader: null,
      holdId: null,
      application: { id: applicant.id, procedure: 'external', applicant: '陈一', version: 1 },
    },
  ]);
  expect(items[0].text).toMatch(hasHan);
  expect((await desk.get('/v1/staff/tasks')).body.items).toEqual([]);
  expect((await desk.get(`/v1/staff/tasks/${items[0].id}`)).status).toBe(404);
  expect((await desk.get(`/v1/staff/applications/${applicant.id}`)).body.code).toBe('application-unknown');

  const file = (await librarian.get(`/v1/staff/applications/${applicant.id}`)).body;
  expect(file).toMatchObject({
    name: '陈一',
    emailConfirmed: true,
    reader: null,
    before: null,
    after: { userGroup: 'external', permissions: [] },
    likelyReaders: [],
    decisions: ['approve', 'reject', 'reject-for-good', 'ask', 'merge'],
  });
  expect(file.versions).toMatchObject([{ version: 1, passwordSet: true, changes: [] }]);
  expect(JSON.stringify(file)).not.toContain(fields.password);

  const approved = await decide(librarian, applicant.id, 1, { decision: 'approve' });
  expect(approved).toMatchObject({
    status: 200,
    body: {
      state: 'approved',
      decisions: [],
      decided: { by: librarian.name },
      reader: { card: fields.login },
    },
  });
  await applicants.mailTo(fields.email, /通过/u);
  expect((await applicant.status()).body).toMatchObject({
    state: 'approved',
    card: fields.login,
    until: null,
  });
  expect((await applicants.signIn(fields.email, fields.password)).status).toBe(201);
  expect((await applicants.signIn(fields.login, fields.password)).status).toBe(201);
  expect((await librarian.get('/v1/staff/tasks')).body.items).toEqual([]);
  const [done] = (await librarian.get('/v1/staff/tasks?state=done')).body.items;
  expect(done.resolved).toMatchObject({ by: librarian.name, outcome: 'approve' });
});

test('A2 a reload, or the form sent again under another key, makes no second application, and nobody can tell', async () => {
  const fields = externalForm();
  const key = uuid();
  const first = await applicants.apply('external', fields, key);
  await applicants.mailTo(fields.email, /./u);
  const answers = await Promise.all([
    applicants.apply('external', fields, key),
    applicants.apply('external', fields),
    applicants.apply('external', { ...fields, email: fields.email.toUpperCase() }),
  ]);
  for (const { status, body } of answers)
    expect({ status, body }).toEqual({ status: first.status, body: first.body });
  const [{ count }] = (await library.sql<{ count: string }>(
    `select count(*) from application join application_form form on form.application_id = application.id where lower(form.email) = ?`,
    [fields.email],
  )) as [{ count: string }];
  expect(Number(count)).toBe(1);
  const ids = new Set(
    applicants.mailsTo(fields.email).flatMap(({ text }) => linksIn(text).map(({ id }) => id)),
  );
  expect(ids.size).toBe(1);
});

test('A2 nothing of an application is seen without its secret', async () => {
  const applicant = await applicants.confirmed('external', externalForm());
  const nobody = await applicants.call('GET', `/v1/applications/${uuid()}`);
  for (const secret of ['', 'wrong', 'A'.repeat(43)]) {
    const headers = secret ? { 'application-secret': secret } : {};
    const { status, body } = await applicants.call(
      'GET',
      `/v1/applications/${applicant.id}`,
      undefined,
      headers,
    );
    expect({ status, body: { ...body, instance: '' } }).toEqual({
      status: 404,
      body: { ...nobody.body, instance: '' },
    });
    const key = { 'idempotency-key': uuid() };
    const withdrawn = await applicants.call(
      'POST',
      `/v1/applications/${applicant.id}/withdrawal`,
      undefined,
      { ...headers, ...key },
    );
    expect(withdrawn.status).toBe(404);
  }
  const guessed = await applicants.confirm({ id: applicant.id, version: 1, secret: 'A'.repeat(43) });
  expect(guessed).toMatchObject({ status: 410, body: { code: 'link-expired' } });
});

test('A1 a member of the university, verified by the campus, has an account at once and signs in with number or address', async () => {
  const at = new Date();
  const number = `32${String(Date.now()).slice(-8)}`;
  const email = `${number}@zju.example`;
  const identity = {
    id: uuid(),
    library: 'zju',
    provider: 'campus',
    subject: `urn:campus:${number}`,
    number,
    name: '陈二',
  };
  const em = carrel.orm.em.fork();
  em.create(VerifiedIdentity, {
    ...identity,
    email: null,
    emailTrusted: false,
    createdAt: at,
    expiresAt: new Date(at.getTime() + 600_000),
  });
  await em.flush();
  const secret = identitySecret('a secret of more than thirty-two characters', identity.id);
  const apply = (held: object | undefined, key: string = uuid()) =>
    applicants.call(
      'POST',
      '/v1/applications',
      {
        library: 'zju',
        procedure: 'campus',
        fields: { email, password: 'a1b2c3' },
        ...(held && { identity: held }),
      },
      { 'idempotency-key': key },
    );
  expect((await apply(undefined)).body.code).toBe('identity-missing');
  expect((await apply({ id: identity.id, secret: 'A'.repeat(43) })).body.code).toBe('identity-missing');

  const key = uuid();
  const held = { id: identity.id, secret };
  const twice = await Promise.all([apply(held, key), apply(held, key)]);
  expect(twice.map(({ status }) => status)).toEqual([202, 202]);
  expect((await apply(held, key)).status).toBe(202);
  expect((await apply(held)).body.code).toBe('identity-missing');
  const signedIn = await applicants.signIn(number, 'a1b2c3');
  expect(signedIn.status).toBe(201);
  const me = (await carrel.call(signedIn.body.token, 'GET', '/v1/me')).body;
  expect(me).toMatchObject({ card: number, name: '陈二', userGroup: 'campus', email });
  expect((await librarian.get('/v1/staff/applications?procedure=campus')).body.items).toEqual([]);
});
