import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Event, Notice, Patron, PatronChange } from '../../db/entities/index.ts';
import { languages } from '../../domain/languages.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { createReaders } from '../support/readers.ts';

let carrel: Carrel;
let readers: ReturnType<typeof createReaders>;
let staff: Record<'desk' | 'ill' | 'admin', string>;
beforeAll(async () => {
  carrel = await startCarrel({
    change: (policy) => ({ ...policy, notices: { ...policy.notices, placed: 'mail', lapsed: 'mail' } }),
  });
  readers = createReaders(carrel);
  const { build } = carrel;
  staff = {
    desk: (await build.staff('desk')).token,
    ill: (await build.staff('ill-librarian')).token,
    admin: (await build.staff('administrator')).token,
  };
}, 60_000);
afterAll(() => carrel.stop());

const dataPath = (id: string) => `/v1/staff/patrons/${id}/data`;
const row = (id: string) => carrel.orm.em.fork().findOneOrFail(Patron, { id });

async function change(token: string, path: string, body: object, given: Record<string, string> = {}) {
  const { headers } = await carrel.call(token, 'GET', path);
  const version = { 'if-match': headers.get('etag') ?? '', 'idempotency-key': uuid() };
  return carrel.call(token, 'PATCH', path, body, { ...version, ...given });
}

describe('staff edits', () => {
  test('A6 an interlibrary loan librarian sets overdraft, deposit, validity and permissions of an account; the desk may not', async () => {
    const { id } = await readers.reader();
    const terms = { overdraftLimit: 5000, deposit: 20_000, expiresOn: '2097-12-31', permissions: ['ill'] };
    const refused = await change(staff.desk, dataPath(id), { ...terms, phone: '1' });
    expect(refused.status).toBe(403);
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      '/deposit',
      '/expiresOn',
      '/overdraftLimit',
      '/permissions',
    ]);
    expect((await change(staff.ill, dataPath(id), { name: 'Another' })).status).toBe(403);
    const changed = await change(staff.ill, dataPath(id), terms);
    expect(changed).toMatchObject({ status: 200, body: terms });
    expect(await row(id)).toMatchObject({ overdraftLimit: 5000n, deposit: 20_000n, permissions: ['ill'] });
  });

  test('A12 every change is on record: who, when, why, before and after – and in the story without the values', async () => {
    const { id } = await readers.reader({ name: 'Old Name' });
    const path = dataPath(id);
    expect((await change(staff.admin, path, { name: 'New Name', note: 'married' })).status).toBe(200);
    const { body } = await carrel.call(staff.admin, 'GET', `/v1/staff/patrons/${id}/changes`);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      role: 'staff',
      fields: ['name'],
      before: { name: 'Old Name' },
      after: { name: 'New Name' },
      note: 'married',
    });
    expect((await carrel.call(staff.desk, 'GET', `/v1/staff/patrons/${id}/changes`)).status).toBe(403);
    const event = await carrel.orm.em.fork().findOneOrFail(Event, { patronId: id, kind: 'patron-changed' });
    expect(JSON.stringify(event.detail)).not.toContain('Name');
    const story = await carrel.call(staff.desk, 'GET', `/v1/staff/patrons/${id}/events`);
    expect(story.body.items[0].text).toBe('Details changed: Name');
  });

  test('A12 a change needs the version it is about: 428 without, 412 when somebody was quicker', async () => {
    const { id } = await readers.reader();
    const path = dataPath(id);
    const key = { 'idempotency-key': uuid() };
    expect((await carrel.call(staff.desk, 'PATCH', path, { phone: '1' }, key)).status).toBe(428);
    const { headers } = await carrel.call(staff.desk, 'GET', path);
    const seen = { 'if-match': headers.get('etag') ?? '' };
    const [one, other] = await Promise.all(
      ['111', '222'].map((phone) =>
        carrel.call(staff.desk, 'PATCH', path, { phone }, { ...seen, 'idempotency-key': uuid() }),
      ),
    );
    expect([one?.status, other?.status].toSorted((a, b) => Number(a) - Number(b))).toEqual([200, 412]);
    const winner = one?.status === 200 ? '111' : '222';
    expect((await row(id)).phone).toBe(winner);
  });

  test('A12 the same change sent twice is made once and answered alike', async () => {
    const { id } = await readers.reader();
    const key = { 'idempotency-key': uuid() };
    const { headers } = await carrel.call(staff.desk, 'GET', dataPath(id));
    const given = { ...key, 'if-match': headers.get('etag') ?? '' };
    const first = await carrel.call(staff.desk, 'PATCH', dataPath(id), { phone: '333' }, given);
    const again = await carrel.call(staff.desk, 'PATCH', dataPath(id), { phone: '333' }, given);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(await carrel.orm.em.fork().count(PatronChange, { patronId: id })).toBe(1);
    expect(await carrel.orm.em.fork().count(Event, { patronId: id, kind: 'patron-changed' })).toBe(1);
  });

  test('A6 what the library does not have cannot be given: groups, permissions, choices; a closed card stays as it is', async () => {
    const { id } = await readers.reader();
    const wrong = { userGroup: 'nobles', permissions: ['fly'], noticePreferences: { overdue: 'message' } };
    const answer = await change(staff.admin, dataPath(id), wrong);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/userGroup',
      '/permissions/0',
      '/noticePreferences/overdue',
    ]);
    const closed = await readers.reader({ closedAt: new Date() });
    const refused = await change(staff.admin, dataPath(closed.id), { name: 'X' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'patron-closed' } });
  });

  test('A12 a sign-in name leads to one reader only, whatever its case, and is never another’s card', async () => {
    const { id } = await readers.reader();
    const other = await readers.reader({ login: 'Somebody' });
    const { card } = await row(other.id);
    for (const login of ['someBODY', card]) {
      const refused = await change(staff.admin, dataPath(id), { login });
      expect(refused).toMatchObject({ status: 409, body: { code: 'login-taken' } });
    }
    expect((await change(staff.admin, dataPath(id), { login: 'nobody-else' })).status).toBe(200);
  });
});

describe('opening a card', () => {
  const open = (body: object, key: string = uuid()) =>
    carrel.call(staff.desk, 'POST', '/v1/staff/patrons', body, { 'idempotency-key': key });
  const card = () => `09${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`;

  test('A8 the desk opens a card; its first password leads to setting an own one', async () => {
    const given = { card: card(), name: 'New Reader', userGroup: 'adult', birthDate: '1990-04-01' };
    const key = uuid();
    const opened = await open(given, key);
    expect(opened).toMatchObject({ status: 201, body: { card: given.card } });
    const { password } = opened.body.oneTimePassword;
    const again = await open(given, key);
    expect(again).toMatchObject({ status: 201, body: { id: opened.body.id, oneTimePassword: null } });
    const session = await carrel.call(undefined, 'POST', '/v1/sessions', {
      library: 'demo',
      card: given.card,
      password,
    });
    expect(session).toMatchObject({ status: 201, body: { scope: 'new-password' } });
  });

  test('A8 a number of another form, or one that is taken, opens nothing; two desks at once open one card', async () => {
    expect(await open({ card: 'ABC', name: 'X', userGroup: 'adult' })).toMatchObject({
      status: 409,
      body: { code: 'card-number-wrong' },
    });
    const given = { card: card(), name: 'Twin', userGroup: 'adult' };
    const answers = await Promise.all([open(given), open(given)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('card-taken');
    expect(await carrel.orm.em.fork().count(Patron, { card: given.card })).toBe(1);
  });
});

describe('the reader’s own page', () => {
  test('A7 the profile lists every permission of the library, whether it is there, and whom to ask, in the reader’s language', async () => {
    for (const language of languages) {
      const { get } = await readers.reader({ language });
      const { body } = await get('/v1/me');
      const [ill] = carrel.policy.permissions;
      expect(body.permissions).toEqual([
        {
          code: 'ill',
          name: ill?.name[language],
          granted: false,
          contact: ill?.contact[language],
          phone: carrel.policy.phone,
        },
      ]);
    }
    const { get } = await readers.reader({ permissions: ['ill'] });
    expect((await get('/v1/me')).body.permissions[0].granted).toBe(true);
  });

  test('A12 readers change what the policy leaves to them, and nothing else', async () => {
    const { id, token } = await readers.reader({ name: 'Own Name' });
    const wanted = { phone: '0800 123', language: 'de' };
    expect(await change(token, '/v1/me/details', wanted)).toMatchObject({ status: 200, body: wanted });
    expect(await row(id)).toMatchObject(wanted);
    expect(await change(token, '/v1/me/details', { name: 'Other' })).toMatchObject({
      status: 403,
      body: { errors: [{ pointer: '/name' }] },
    });
    for (const more of [
      { userGroup: 'adult' },
      { permissions: ['ill'] },
      { deposit: 0 },
      { email: 'a@b.de' },
    ])
      expect((await change(token, '/v1/me/details', more)).status).toBe(422);
    expect((await row(id)).name).toBe('Own Name');
  });

  test('A12 a reader chooses the account instead of mail where the library leaves the choice, and the notice follows', async () => {
    const reader = await readers.reader();
    const choose = (noticePreferences: object) =>
      change(reader.token, '/v1/me/details', { noticePreferences });
    expect((await choose({ secured: 'message' })).status).toBe(403);
    expect((await choose({ overdue: 'message' })).status).toBe(403);
    const { title } = await readers.lentTitle();
    const other = await readers.lentTitle();
    expect((await choose({ placed: 'message' })).status).toBe(200);
    await reader.hold(title.id);
    expect((await choose({})).status).toBe(200);
    await reader.hold(other.title.id);
    const settled = await until(
      () => carrel.orm.em.fork().find(Notice, { patronId: reader.id }, { orderBy: { createdAt: 'asc' } }),
      (found) => found.length === 2 && found.every(({ state }) => state !== 'queued'),
    );
    expect(settled.map(({ channel, state }) => [channel, state])).toEqual([
      ['message', 'shown'],
      ['mail', 'sent'],
    ]);
  });
});
