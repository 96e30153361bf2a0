import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type Applicants, createApplicants } from '../support/applicants.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';
import { createReaders, type Reader } from '../support/readers.ts';

let carrel: Carrel;
let library: Desks;
let librarian: Console;
let readers: ReturnType<typeof createReaders>;
let mails: Applicants;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'zju' });
  library = createDesks(carrel);
  librarian = await library.staff('ill-librarian');
  readers = createReaders(carrel);
  mails = createApplicants(carrel, 'zju');
});

afterAll(() => carrel?.stop());

const form = (email: string, given: object = {}) => ({
  institution: '浙江大学',
  name: '陈二',
  gender: 'female',
  email,
  phone: '13800000001',
  workUnit: '物理学院',
  ...given,
});

const student = async (given: object = {}) => {
  const email = mails.address();
  const reader = await readers.reader({ name: '陈二', email, userGroup: 'campus', ...given });
  return { reader, email };
};

const apply = (reader: Reader, fields: object, key: string = uuid()) =>
  reader.post('/v1/me/applications', { procedure: 'ill', fields }, key);

const decide = (id: string, version: number, body: object) =>
  librarian.post(`/v1/staff/applications/${id}/decisions`, {
    seen: { state: 'reviewing', version },
    ...body,
  });

const mayUseIll = async (reader: Reader) => {
  const { permissions } = (await reader.get('/v1/me')).body;
  return permissions.find(({ code }: { code: string }) => code === 'ill');
};

test('A4 what stage 2 needs is asked for by name, and refused with everything that is missing', async () => {
  const { reader } = await student();
  const { status, body } = await apply(reader, { name: '陈 二', gender: 'x' });
  expect(status).toBe(422);
  expect(body.reasons.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`)).toEqual([
    'institution field-required',
    'name name-blanks',
    'gender choice-unknown',
    'email field-required',
    'phone field-required',
  ]);
  expect((await reader.post('/v1/me/applications', { procedure: 'external', fields: {} })).body.code).toBe(
    'procedure-unknown',
  );
});

test('A4 A5 A7 a service account is submitted, rejected, corrected and approved; before, the missing permission names whom to ask', async () => {
  const { reader, email } = await student();
  expect(await mayUseIll(reader)).toMatchObject({ granted: false, phone: expect.any(String) });

  const key = uuid();
  const submitted = await apply(reader, form(email, { workUnit: '' }), key);
  expect(submitted.status).toBe(201);
  const { id } = submitted.body;
  expect(submitted.body).toMatchObject({
    state: 'reviewing',
    procedure: { code: 'ill' },
    phone: '0571-88208470',
  });
  expect(submitted.body.next).toContain('0571-88208470');
  await mails.mailTo(email, /submitted/u);
  expect((await apply(reader, form(email, { workUnit: '' }), key)).body.id).toBe(id);
  expect(await apply(reader, form(email))).toMatchObject({ status: 200, body: { id } });
  expect((await reader.get('/v1/me/applications')).body.items).toMatchObject([{ id, state: 'reviewing' }]);

  const file = (await librarian.get(`/v1/staff/applications/${id}`)).body;
  expect(file).toMatchObject({
    reader: { id: reader.id },
    before: { permissions: [], userGroup: 'campus' },
    after: { permissions: ['ill'], userGroup: 'campus' },
    likelyReaders: [],
  });
  expect(file.decisions).not.toContain('merge');

  await decide(id, 1, { decision: 'reject', reason: 'Please state your department.' });
  const mail = await mails.mailTo(email, /correct/u);
  expect(mail.text).toContain('Please state your department.');
  expect((await reader.get(`/v1/me/applications/${id}`)).body).toMatchObject({
    state: 'correcting',
    remark: 'Please state your department.',
    mayCorrect: true,
  });
  const corrected = await reader.post(`/v1/me/applications/${id}/versions`, { fields: form(email) });
  expect(corrected).toMatchObject({ status: 200, body: { id, state: 'reviewing', version: 2 } });
  expect((await librarian.get(`/v1/staff/applications/${id}`)).body.versions[1].changes).toEqual([
    { code: 'workUnit', label: 'Department or employer', before: '', after: '物理学院' },
  ]);

  expect((await decide(id, 2, { decision: 'approve' })).body).toMatchObject({ state: 'approved' });
  await mails.mailTo(email, /approved/u);
  expect(await mayUseIll(reader)).toMatchObject({ granted: true });
  const story = (await librarian.get(`/v1/staff/applications/${id}`)).body.story;
  const told = story.map(
    ({ kind, actor }: { kind: string; actor: { name: string } }) => `${kind} ${actor.name}`,
  );
  expect(told).toContain(`application-sent-back ${librarian.name}`);
  expect(told).toContain(`application-approved ${librarian.name}`);
  expect((await apply(reader, form(email))).body.code).toBe('permission-held');
});

test('A5 past the deadline the reader sees whom to phone', async () => {
  const { reader, email } = await student();
  const { id } = (await apply(reader, form(email))).body;
  const past = new Date(Date.now() - 3_600_000);
  await library.sql('update application set review_since = ?, review_due_at = ? where id = ?', [
    past,
    past,
    id,
  ]);
  const { body } = await reader.get(`/v1/me/applications/${id}`);
  expect(body).toMatchObject({ overdue: true, phone: '0571-88208470' });
  expect(body.next).toMatch(/sorry.*0571-88208470/u);
});

test('A4 another reader’s application does not exist', async () => {
  const mine = await student();
  const theirs = await student();
  const { id } = (await apply(mine.reader, form(mine.email))).body;
  expect((await theirs.reader.get(`/v1/me/applications/${id}`)).body.code).toBe('application-unknown');
  expect((await theirs.reader.post(`/v1/me/applications/${id}/withdrawal`, undefined)).status).toBe(404);
  expect((await mine.reader.post(`/v1/me/applications/${id}/withdrawal`, undefined)).body.state).toBe(
    'withdrawn',
  );
});

test('A4 somebody else’s account with the same telephone number is shown as a likely duplicate; the own one is not', async () => {
  const twin = await readers.reader({ phone: '+86 138-0000-0009', email: null, emailState: 'none' });
  const { reader, email } = await student();
  const { id } = (await apply(reader, form(email, { phone: '13800000009' }))).body;
  const { likelyReaders } = (await librarian.get(`/v1/staff/applications/${id}`)).body;
  expect(likelyReaders).toMatchObject([{ reader: { id: twin.id }, because: [{ code: 'phone' }] }]);
});
