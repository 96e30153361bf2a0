import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { EmailConfirmation, Event, Notice, Patron, PasswordLink, Task } from '../../db/entities/index.ts';
import { type Carrel, secret, startCarrel, until } from '../support/carrel.ts';
import { emailLinkSecret } from '../../domain/email-link.ts';
import { hashPassword } from '../../api/auth/passwords.ts';
import { createDesks, type Desks } from '../support/desk.ts';
import { createReaders, type Reader } from '../support/readers.ts';

let carrel: Carrel;
let readers: ReturnType<typeof createReaders>;
let desks: Desks;

beforeAll(async () => {
  carrel = await startCarrel();
  readers = createReaders(carrel);
  desks = createDesks(carrel);
}, 60_000);
afterAll(() => carrel?.stop());

const password = 'a password nobody guesses';
const row = (id: string) => carrel.orm.em.fork().findOneOrFail(Patron, { id });

async function reader(given: Parameters<typeof readers.reader>[0] = {}): Promise<Reader> {
  const made = await readers.reader(given);
  await desks.sql('insert into credential (patron_id, password_hash, changed_at) values (?, ?, now())', [
    made.id,
    await hashPassword(password),
  ]);
  return made;
}

const ask = (who: Reader, email: string, key = uuid()) =>
  who.post('/v1/me/email-confirmations', { email, password }, key);

/** Opens the link in the confirmation mail as the portal's page does. */
async function openLink(address: string) {
  const mail = await desks.mailTo(address, /confirm your e-mail/);
  const [, id, given] = /email-confirmations\/([0-9a-f-]{36})#([\w-]{43})/.exec(mail.text) ?? [];
  return { id: id ?? '', given: given ?? '', answer: await confirm(id ?? '', given ?? '') };
}

const confirm = (id: string, given: string) =>
  carrel.call(undefined, 'POST', `/v1/email-confirmations/${id}`, { secret: given });

test('A11 a new address counts only once its link is opened; the old one stays until then, and hears of it', async () => {
  const who = await reader({ email: 'old@reader.example' });
  await desks.sql(
    'insert into password_link (id, patron_id, created_at, expires_at) values (?, ?, now(), now())',
    [uuid(), who.id],
  );
  const asked = await ask(who, 'new@reader.example');
  expect(asked).toMatchObject({ status: 201, body: { address: 'new@reader.example' } });
  expect(await row(who.id)).toMatchObject({ email: 'old@reader.example', emailState: 'confirmed' });
  await desks.mailTo('new@reader.example', /confirm/);
  const pending = await until(
    () => who.get('/v1/me/email'),
    ({ body }) => body.pending?.mail === 'sent',
  );
  expect(pending.body).toMatchObject({
    address: 'old@reader.example',
    state: 'confirmed',
    pending: { address: 'new@reader.example' },
    lastMail: { to: 'new@reader.example' },
  });
  expect(carrel.mailbox.messages.filter(({ subject }) => /registered/.test(subject))).toEqual([]);

  expect((await openLink('new@reader.example')).answer).toMatchObject({ status: 200 });
  expect(await row(who.id)).toMatchObject({ email: 'new@reader.example', emailState: 'confirmed' });
  await desks.mailTo('new@reader.example', /is registered/);
  await desks.mailTo('old@reader.example', /has been changed/);
  const links = await carrel.orm.em.fork().find(PasswordLink, { patronId: who.id });
  expect(links.every(({ usedAt }) => usedAt)).toBe(true);
  expect((await who.get('/v1/me/email')).body).toMatchObject({
    address: 'new@reader.example',
    pending: null,
  });
  const told = await carrel.orm.em.fork().find(Event, { subjectId: who.id }, { orderBy: { at: 'asc' } });
  expect(told.map(({ kind }) => kind)).toEqual(['email-asked', 'email-confirmed']);
});

test('A11 a link works once, for its address only, until it expires or another address is given', async () => {
  const who = await reader({ email: null, emailState: 'none' });
  const first = await ask(who, 'first@reader.example');
  expect((await ask(who, 'second@reader.example')).status).toBe(201);
  const link = (id: string) => emailLinkSecret(secret, id);
  const over = { status: 409, body: { code: 'email-link-expired' } };
  expect(await confirm(first.body.id, link(first.body.id))).toMatchObject(over);

  const second = await openLink('second@reader.example');
  expect(second.answer.status).toBe(200);
  expect((await row(who.id)).email).toBe('second@reader.example');
  const third = await ask(who, 'third@reader.example');
  expect(await confirm(third.body.id, second.given)).toMatchObject(over);
  expect(await confirm(uuid(), link(third.body.id))).toMatchObject(over);
  await desks.sql('update email_confirmation set expires_at = created_at where id = ?', [third.body.id]);
  expect(await confirm(third.body.id, link(third.body.id))).toMatchObject(over);
  expect((await row(who.id)).email).toBe('second@reader.example');
  expect(await carrel.orm.em.fork().count(EmailConfirmation, { subjectId: who.id })).toBe(3);
});

test('A11 setting an address needs the password, an address that is one, and patience', async () => {
  const who = await reader({ email: 'sure@reader.example' });
  const wrong = await who.post('/v1/me/email-confirmations', {
    email: 'x@reader.example',
    password: 'wrong',
  });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/password' }] } });
  for (const email of [
    'not an address',
    'a@b@c',
    'a@reader.example, b@reader.example',
    '"x" <a@reader.example>',
  ])
    expect((await ask(who, email)).status).toBe(422);
  expect(await ask(who, 'sure@reader.example')).toMatchObject({ status: 409, body: { code: 'email-same' } });
  const answers = [];
  for (let n = 0; n < 6; n += 1) answers.push((await ask(who, `many${n}@reader.example`)).status);
  expect(answers.at(-1)).toBe(429);
});

test('A11 the same request sent twice is one mail', async () => {
  const who = await reader();
  const key = uuid();
  const [first, again] = [
    await ask(who, 'twice@reader.example', key),
    await ask(who, 'twice@reader.example', key),
  ];
  expect(again.body).toEqual(first.body);
  await desks.mailTo('twice@reader.example', /confirm/);
  const mails = carrel.mailbox.messages.filter(({ to }) => to.includes('twice@reader.example'));
  expect(mails).toHaveLength(1);
});

test('A11 the confirmation link is shown to nobody but whoever reads the mail', async () => {
  const who = await reader();
  const desk = await desks.staff('desk');
  await ask(who, 'secret@reader.example');
  await desks.mailTo('secret@reader.example', /confirm/);
  const sent = () => carrel.orm.em.fork().findOneOrFail(Notice, { patronId: who.id, kind: 'confirm-email' });
  const { id } = await until(sent, ({ state }) => state === 'sent');
  expect((await who.get(`/v1/me/notices/${id}`)).body).toMatchObject({ text: null, html: null });
  expect((await desk.get(`/v1/staff/notices/${id}`)).body).toMatchObject({ text: null });
});

test('A11 reader and staff send test mails, and see where the last mail went', async () => {
  const who = await reader({ email: 'test@reader.example' });
  const desk = await desks.staff('desk');
  const own = await who.post('/v1/me/test-mails', undefined);
  expect(own.status).toBe(201);
  await desks.mailTo('test@reader.example', /Test mail/);
  expect((await desk.post(`/v1/staff/patrons/${who.id}/test-mails`)).status).toBe(201);
  const path = `/v1/staff/patrons/${who.id}/email`;
  const seen = await until(
    () => desk.get(path),
    ({ body }) => body.lastMail !== null,
  );
  expect(seen.body).toMatchObject({
    address: 'test@reader.example',
    lastMail: { to: 'test@reader.example' },
    bounces: [],
  });
  const none = await reader({ email: null, emailState: 'none' });
  expect(await none.post('/v1/me/test-mails', undefined)).toMatchObject({
    status: 409,
    body: { code: 'email-none' },
  });
});

test('A11 a confirmation mail the server refuses is told to reader and staff; the old address stays', async () => {
  const who = await reader({ email: 'fine@reader.example' });
  const desk = await desks.staff('desk');
  carrel.mailbox.behave((to) =>
    to === 'typo@reader.example' ? { code: 550, message: '5.1.1 No such user' } : undefined,
  );
  const asked = await desk.post(`/v1/staff/patrons/${who.id}/email-confirmations`, {
    email: 'typo@reader.example',
  });
  expect(asked.status).toBe(201);
  const seen = await until(
    () => who.get('/v1/me/email'),
    ({ body }) => body.pending?.mail === 'failed',
  );
  carrel.mailbox.behave();
  expect(seen.body).toMatchObject({ address: 'fine@reader.example', state: 'confirmed' });
  const inbox = (await who.get('/v1/me/notices')).body.items;
  expect(inbox.find(({ kind }: { kind: string }) => kind === 'email-failing')).toMatchObject({
    state: 'shown',
  });
  const task = await carrel.orm.em.fork().findOneOrFail(Task, { kind: 'email-failing', subjectId: who.id });
  const listed = (await desk.get('/v1/staff/tasks?kind=email-failing')).body.items;
  expect(listed.map(({ id }: { id: string }) => id)).toContain(task.id);
  const wrong = await desk.post(`/v1/staff/tasks/${task.id}/resolution`, { outcome: 'reached' });
  expect(wrong.status).toBe(422);
  const settled = await desk.post(`/v1/staff/tasks/${task.id}/resolution`, {
    outcome: 'settled',
    note: 'asked by phone',
  });
  expect(settled.body).toMatchObject({
    state: 'done',
    resolved: { outcome: 'settled', note: 'asked by phone' },
  });
});
