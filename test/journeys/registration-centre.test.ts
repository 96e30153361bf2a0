import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Applicants, createApplicants } from '../support/applicants.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { createDesks, type Desks } from '../support/desk.ts';

let carrel: Carrel;
let library: Desks;
let applicants: Applicants;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'ccc-member' });
  library = createDesks(carrel);
  applicants = createApplicants(carrel);
});

afterAll(() => carrel?.stop());

const form = (email: string) => ({
  name: 'Chen San',
  email,
  phone: '+86 139 0000 0003',
  login: 'chensan',
  password: 'quite another horse',
  workUnit: 'Library',
});

const signIn = (name: string, password: string) =>
  carrel.call(undefined, 'POST', '/v1/sessions', { library: 'ccc-member', name, password });

test('I7 A6 an individual user registers; the member library confirms the account with overdraft, deposit and last day', async () => {
  const librarian = await library.staff('ill-librarian');
  const fields = form(applicants.address());
  const weak = await applicants.apply('self', { ...fields, password: 'passwort1234' });
  expect(weak).toMatchObject({ status: 422, body: { reasons: [{ field: 'password', code: 'common' }] } });

  const applicant = await applicants.confirmed('self', fields);
  expect((await signIn(fields.login, fields.password)).status).toBe(401);
  const [listed] = (await librarian.get('/v1/staff/applications')).body.items;
  expect(listed).toMatchObject({
    id: applicant.id,
    name: 'Chen San',
    overdue: false,
    procedure: { code: 'self' },
  });

  const approved = await librarian.post(`/v1/staff/applications/${applicant.id}/decisions`, {
    decision: 'approve',
    seen: { state: 'reviewing', version: 1 },
    terms: { overdraftLimitMinor: 20_000, depositMinor: 10_000, expiresOn: '2090-06-30' },
    reason: 'Known to the library.',
  });
  expect(approved.body).toMatchObject({
    state: 'approved',
    before: { userGroup: 'reader', permissions: ['ill'], expiresOn: '2090-06-30' },
    decided: { by: librarian.name, remark: 'Known to the library.' },
  });
  expect((await applicant.status()).body).toMatchObject({ state: 'approved', remark: null, card: 'chensan' });
  await applicants.mailTo(fields.email, /approved/u);

  const session = await signIn(fields.email, fields.password);
  expect(session).toMatchObject({ status: 201, body: { scope: 'full' } });
  const me = (await carrel.call(session.body.token, 'GET', '/v1/me')).body;
  expect(me).toMatchObject({ card: 'chensan', emailState: 'confirmed', expiresOn: '2090-06-30' });
  expect(me.permissions).toContainEqual(expect.objectContaining({ code: 'ill', granted: true }));
  const data = (await librarian.get(`/v1/staff/patrons/${me.id}/data`)).body;
  expect(data).toMatchObject({ overdraftLimit: 20_000, deposit: 10_000, details: { workUnit: 'Library' } });
});
