import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type Applicants, createApplicants, decide, externalForm } from '../support/applicants.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';
import { codesOf } from '../support/readers.ts';

let carrel: Carrel;
let library: Desks;
let librarian: Console;
let colleague: Console;
let applicants: Applicants;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'zju' });
  library = createDesks(carrel);
  librarian = await library.staff('ill-librarian');
  colleague = await library.staff('ill-librarian');
  applicants = createApplicants(carrel, 'zju', 'zh');
});

afterAll(() => carrel?.stop());

test('A5 rejected with a reason, the applicant corrects and submits the same application again', async () => {
  const fields = externalForm({ institution: '?' });
  const applicant = await applicants.confirmed('external', fields);
  expect((await decide(librarian, applicant.id, 1, { decision: 'reject' })).body.code).toBe('remark-missing');
  const reason = '请填写学校全称。';
  const rejected = await decide(librarian, applicant.id, 1, { decision: 'reject', reason });
  expect(rejected.body).toMatchObject({ state: 'correcting', decided: { remark: reason } });
  const mail = await applicants.mailTo(fields.email, /修改/u);
  expect(mail.text).toContain(reason);

  const standing = (await applicant.status()).body;
  expect(standing).toMatchObject({ state: 'correcting', remark: reason, mayCorrect: true, mayAnswer: false });
  expect(standing.form.map(({ code }: { code: string }) => code)).toContain('institution');
  expect(standing.fields).toContainEqual({ code: 'institution', label: '所属机构', value: '?', text: '?' });
  expect(JSON.stringify(standing)).not.toContain(librarian.name);

  const { password: _kept, ...corrected } = { ...fields, institution: '杭州电子科技大学' };
  expect((await applicant.post('versions', { fields: { ...corrected, login: 'a b' } })).status).toBe(422);
  const key = uuid();
  const again = await applicant.post('versions', { fields: corrected, text: '已改正' }, key);
  expect(again).toMatchObject({ status: 200, body: { id: applicant.id, state: 'reviewing', version: 2 } });
  expect((await applicant.post('versions', { fields: corrected, text: '已改正' }, key)).body).toMatchObject({
    version: 2,
  });
  expect((await applicant.post('versions', { fields: corrected })).body.code).toBe('application-not-awaited');

  const file = (await librarian.get(`/v1/staff/applications/${applicant.id}`)).body;
  expect(file.versions).toMatchObject([
    { version: 1, changes: [] },
    {
      version: 2,
      answer: '已改正',
      passwordSet: true,
      changes: [{ code: 'institution', before: '?', after: '杭州电子科技大学' }],
    },
  ]);
  expect((await decide(librarian, applicant.id, 1, { decision: 'approve' })).body.code).toBe(
    'application-changed',
  );
  expect((await decide(librarian, applicant.id, 2, { decision: 'approve' })).status).toBe(200);
  expect((await applicants.signIn(fields.login, fields.password)).status).toBe(201);
});

test('A5 the library asks, the applicant answers; withdrawn, nothing of it is left', async () => {
  const fields = externalForm();
  const applicant = await applicants.confirmed('external', fields);
  await decide(librarian, applicant.id, 1, { decision: 'ask', reason: '您是哪个学院的？' });
  expect((await applicant.status()).body).toMatchObject({
    state: 'questioned',
    remark: '您是哪个学院的？',
    mayAnswer: true,
  });
  const answered = await applicant.post('answers', { text: '计算机学院' });
  expect(answered).toMatchObject({ status: 200, body: { state: 'reviewing', version: 2, remark: null } });
  const file = (await librarian.get(`/v1/staff/applications/${applicant.id}`)).body;
  expect(file.versions[1]).toMatchObject({ answer: '计算机学院', changes: [] });

  const withdrawn = await applicant.post('withdrawal');
  expect(withdrawn).toMatchObject({ status: 200, body: { state: 'withdrawn', mayWithdraw: false } });
  await applicant.when(({ fields: left }) => left.length === 0);
  expect((await applicant.post('withdrawal')).body.code).toBe('application-ended');
  expect((await applicants.signIn(fields.login, fields.password)).status).toBe(401);
});

test('A5 answered and withdrawn at the same moment: nothing of what is withdrawn is left, whichever comes first', async () => {
  for (let round = 0; round < 4; round += 1) {
    const applicant = await applicants.confirmed('external', externalForm());
    await decide(librarian, applicant.id, 1, { decision: 'ask', reason: '?' });
    const [answered, withdrawn] = await Promise.all([
      applicant.post('answers', { text: '计算机学院' }),
      applicant.post('withdrawal'),
    ]);
    expect([200, 409]).toContain(answered.status);
    expect(withdrawn).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
    await applicant.when(({ fields: left }) => left.length === 0);
    const left = await library.sql('select version from application_form where application_id = ?', [
      applicant.id,
    ]);
    expect(left).toEqual([]);
  }
});

test('A5 two librarians decide at the same moment: one does, the other is told who and when', async () => {
  for (let round = 0; round < 3; round += 1) {
    const applicant = await applicants.confirmed('external', externalForm());
    const answers = await Promise.all([
      decide(librarian, applicant.id, 1, { decision: 'approve' }),
      decide(colleague, applicant.id, 1, { decision: 'reject-for-good', reason: '不符合条件' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.reasons).toMatchObject([{ code: 'application-decided', name: librarian.name }]);
    expect(Math.abs(Date.parse(refused?.body.reasons[0].at) - Date.now())).toBeLessThan(100_000);
    expect(refused?.body.detail).toContain(librarian.name);
  }
});

test('A5 past the deadline the review is marked overdue, and the applicant sees whom to phone', async () => {
  const applicant = await applicants.confirmed('external', externalForm());
  const past = new Date(Date.now() - 3_600_000);
  await library.sql('update application set review_since = ?, review_due_at = ? where id = ?', [
    past,
    past,
    applicant.id,
  ]);
  await library.sql(`update task set due_at = ? where subject_id = ?`, [past, applicant.id]);
  const { body } = await applicant.status();
  expect(body).toMatchObject({ state: 'reviewing', overdue: true, phone: '0571-88208468' });
  expect(body.next).toContain('0571-88208468');
  expect(body.next).toContain('抱歉');
  const [task] = (await librarian.get('/v1/staff/tasks?state=overdue')).body.items;
  expect(task).toMatchObject({ state: 'overdue', application: { id: applicant.id } });
  const listed = (await librarian.get('/v1/staff/applications?procedure=external')).body.items;
  expect(listed).toContainEqual(
    expect.objectContaining({ id: applicant.id, overdue: true, state: 'reviewing' }),
  );
});

test('A4 likely duplicates are shown with why they match, and the application can be merged with the card there is', async () => {
  const known = await library.build.patron({
    name: '陳一',
    email: 'Chen.Yi@hdu.example',
    card: 'old0001',
    login: 'chenyi',
    userGroup: 'external',
    language: 'zh',
  });
  const fields = externalForm({ email: 'chen.yi+lib@hdu.example' });
  const applicant = await applicants.confirmed('external', fields);
  const file = (await librarian.get(`/v1/staff/applications/${applicant.id}`, 'zh')).body;
  expect(file.likelyReaders).toMatchObject([
    { reader: { id: known.id, card: 'old0001' }, because: [{ code: 'email', text: '电子邮箱相同' }] },
  ]);
  expect(await decide(librarian, applicant.id, 1, { decision: 'merge' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/patronId', code: 'field-required' }] },
  });
  const merged = await decide(librarian, applicant.id, 1, { decision: 'merge', patronId: known.id });
  expect(merged).toMatchObject({ status: 200, body: { state: 'merged', reader: { id: known.id } } });
  expect((await applicant.status()).body).toMatchObject({ state: 'merged', card: null });
  expect((await applicants.signIn(fields.login, fields.password)).status).toBe(401);
  expect((await decide(librarian, applicant.id, 1, { decision: 'merge', patronId: uuid() })).body.code).toBe(
    'patron-unknown',
  );
});

test('A6 a librarian sets what is theirs to set, and nothing else', async () => {
  const fields = externalForm();
  const applicant = await applicants.confirmed('external', fields);
  const wrong = await decide(librarian, applicant.id, 1, {
    decision: 'approve',
    terms: { permissions: ['everything'] },
  });
  expect(wrong.status).toBe(422);
  const notTheirs = await decide(librarian, applicant.id, 1, {
    decision: 'approve',
    terms: { userGroup: 'campus' },
  });
  expect(notTheirs).toMatchObject({ status: 403, body: { errors: [{ pointer: '/terms/userGroup' }] } });
  const terms = {
    expiresOn: '2097-08-31',
    overdraftLimitMinor: 5000,
    depositMinor: 10_000,
    permissions: ['ill'],
  };
  const approved = await decide(librarian, applicant.id, 1, { decision: 'approve', terms });
  expect(approved.body).toMatchObject({ before: { permissions: ['ill'], expiresOn: '2097-08-31' } });
  const rows = await library.sql(
    'select overdraft_limit::int as overdraft, deposit::int as deposit from patron where card = ?',
    [fields.login],
  );
  expect(rows).toEqual([{ overdraft: 5000, deposit: 10_000 }]);
  expect(
    codesOf((await decide(colleague, applicant.id, 1, { decision: 'ask', reason: '?' })).body.reasons),
  ).toEqual(['application-decided']);
});
