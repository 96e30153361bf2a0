import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { hashPassword } from '../../api/auth/passwords.ts';
import { raiseCharge } from '../../activities/charges/money.ts';
import { inTransaction } from '../../db/transaction.ts';
import { checkInvariants, isBroken } from '../../db/invariants/check.ts';
import { Erasure, Hold, Loan, Notice, Patron } from '../../db/entities/index.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { historiesOf, rowsWith } from '../support/marker.ts';
import { createReaders, type Reader } from '../support/readers.ts';

let carrel: Carrel;
let readers: ReturnType<typeof createReaders>;
let admin: string;
beforeAll(async () => {
  carrel = await startCarrel({
    change: (policy) => ({ ...policy, loans: { ...policy.loans, overdueFee: 'none' } }),
  });
  readers = createReaders(carrel);
  admin = (await carrel.build.staff('administrator')).token;
}, 60_000);
afterAll(() => carrel.stop());

const post = (path: string, body: object, key: string = uuid()) =>
  carrel.call(admin, 'POST', path, body, { 'idempotency-key': key });
const row = (id: string) => carrel.orm.em.fork().findOneOrFail(Patron, { id });
const erase = async (id: string, key?: string) =>
  post(`/v1/staff/patrons/${id}/erasure`, { card: (await row(id)).card }, key);
const sql = (text: string, values: unknown[] = []) => carrel.orm.em.fork().execute(text, values);

/** Nothing is queued any more: what runs would otherwise write between two looks. */
const settled = (patronId: string) =>
  until(
    () => carrel.orm.em.fork().count(Notice, { patronId, state: 'queued' }),
    (open) => open === 0,
  );

const dayBefore = (day: string, days = 1): string =>
  new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);

const word = 'Quittenbaum';
const address = `${word}@example.org`;

/** Puts the word wherever a reader, or staff about the reader, can write text, over HTTP where there is a way. */
async function plant(reader: Reader, other: Reader) {
  const { id, token } = reader;
  const path = `/v1/staff/patrons/${id}/data`;
  const etag = async (who: string, at: string) => ({
    'if-match': (await carrel.call(who, 'GET', at)).headers.get('etag') ?? '',
    'idempotency-key': uuid(),
  });
  const details = { address: `${word} 1` };
  const changed = await carrel.call(
    admin,
    'PATCH',
    path,
    { name: `${word} A`, login: `${word}1`, details, note: `${word} came by` },
    await etag(admin, path),
  );
  expect(changed.status).toBe(200);
  const own = await carrel.call(
    token,
    'PATCH',
    '/v1/me/details',
    { phone: `${word} 2` },
    await etag(token, '/v1/me/details'),
  );
  expect(own.status).toBe(200);
  expect(
    (await post(`/v1/staff/patrons/${id}/blocks`, { reason: 'manual', note: `${word} shouted` })).status,
  ).toBe(201);
  const { body } = await carrel.call(admin, 'GET', `/v1/staff/patrons/${id}`);
  const lifted = await carrel.call(admin, 'DELETE', `/v1/staff/patrons/${id}/blocks/${body.blocks[0].id}`, {
    note: `${word} is sorry`,
  });
  expect(lifted.status).toBe(200);
  const { title } = await readers.lentTitle();
  const hold = await reader.hold(title.id, { contact: 'mail' });
  expect(hold.status).toBe(201);
  const cancelled = await post(`/v1/staff/holds/${hold.body.id}/cancellation`, { reason: `${word} rang` });
  expect(cancelled.status).toBe(200);
  const copy = await readers.build.item((await readers.build.title()).id, { branch: readers.branch });
  await readers.giveBack(await readers.lend(id, copy.id), copy.id);
  await settled(id);
  await plantRows(id, other.id);
}

/** What only comes from outside, or takes long to come about, is written as it would stand. */
async function plantRows(id: string, otherId: string) {
  const [at, later, application] = [new Date(), new Date(Date.now() + 3_600_000), uuid()];
  const { library } = await row(id);
  await sql(
    `insert into application (id, library, procedure, state, version, language, patron_id, submitted_at, ended_at, decided_by, decided_at)
     values (?, ?, 'external', 'approved', 1, 'en', ?, ?, ?, 'staff:x', ?)`,
    [application, library, id, at, at, at],
  );
  for (const kind of ['application-submitted', 'application-approved'])
    await sql(
      `insert into event (id, library, subject_type, subject_id, kind, actor, at) values (?, ?, 'application', ?, ?, 'system', ?)`,
      [uuid(), library, application, kind, at],
    );
  await sql(
    `insert into application_form (application_id, version, library, procedure, language, name, email, phone, details, answer, name_keys, submitted_at)
     values (?, 1, ?, 'external', 'en', ?, ?, ?, ?, ?, array[?], ?)`,
    [application, library, word, address, word, JSON.stringify({ workUnit: word }), word, word, at],
  );
  await sql(
    `insert into notice (id, library, audience, address, addressee, kind, subject_type, subject_id, cause, channel, state, language,
       recipient, subject, body_text, body_html, content, last_error, attempts, created_at, settled_at)
     values (?, ?, 'applicant', ?, ?, 'confirm-email', 'application', ?, 'x', 'mail', 'sent', 'en', ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
    [
      uuid(),
      library,
      address,
      word,
      application,
      address,
      word,
      word,
      word,
      JSON.stringify({ word }),
      word,
      at,
      at,
    ],
  );
  await sql(
    `insert into notice (id, library, patron_id, kind, subject_type, subject_id, cause, channel, state, language, subject, body_text, content, created_at, settled_at)
     values (?, ?, ?, 'family-linked', 'patron', ?, 'y', 'message', 'shown', 'en', ?, ?, ?, ?, ?)`,
    [uuid(), library, otherId, otherId, word, word, JSON.stringify({ mainId: otherId, subId: id }), at, at],
  );
  await sql(
    `insert into bounce (id, library, notice_id, message_key, outcome, diagnostic, format, via, received_at)
     select gen_random_uuid(), library, id, id::text, 'delayed', ?, 'dsn', 'lmtp', ? from notice where patron_id = ? and channel = 'mail' limit 1`,
    [`550 <${address}>`, at, id],
  );
  await sql(
    `insert into email_confirmation (id, library, subject_type, subject_id, address, purpose, requested_by, created_at, expires_at, replaces)
     values (?, ?, 'patron', ?, ?, 'set', 'system', ?, ?, ?)`,
    [uuid(), library, id, address, at, later, address],
  );
  await sql(
    `insert into patron_identity (id, library, patron_id, provider, subject, bound_at) values (?, ?, ?, 'campus', ?, ?)`,
    [uuid(), library, id, word, at],
  );
  await sql(
    `insert into verified_identity (id, library, provider, subject, name, email, created_at, expires_at) values (?, ?, 'campus', ?, ?, ?, ?, ?)`,
    [uuid(), library, word, word, address, at, later],
  );
  await sql(`insert into known_address (holder_id, address, last_used_at) values (?, ?, ?)`, [id, word, at]);
  await sql(`insert into cart_confirmation (id, patron_id, lines, confirmed_at) values (?, ?, ?, ?)`, [
    uuid(),
    id,
    JSON.stringify([word]),
    at,
  ]);
}

test('A12 an erased reader is nowhere: not in the database, not in the engine, not in the API', async () => {
  const [reader, other] = [await readers.reader({ email: address }), await readers.reader()];
  const { card } = await row(reader.id);
  await plant(reader, other);
  const before = await rowsWith(carrel.orm, [word]);
  const tables = new Set(before.map((found) => found.split(':')[0]));
  expect(tables.size).toBe(11);
  const copy = await reader.post('/v1/me/data-exports', {});
  expect(copy.status).toBe(201);

  const erased = await erase(reader.id);
  expect(erased).toMatchObject({ status: 200, body: { patronId: reader.id } });
  expect(await rowsWith(carrel.orm, [word, card])).toEqual([]);
  // The engine lists a workflow a moment after it has begun.
  const histories = await until(
    () => historiesOf(carrel.client, reader.id),
    ({ length }) => length > 3,
  );
  for (const history of histories) {
    expect(history).not.toContain(word);
    expect(history).not.toContain(card);
  }
  expect((await reader.get('/v1/me')).status).toBe(401);
  for (const path of ['', '/data', '/holds', '/notices', '/events', '/changes'])
    expect((await carrel.call(admin, 'GET', `/v1/staff/patrons/${reader.id}${path}`)).status).toBe(404);
});

test('A12 what an erased reader did is still counted, as anybody’s of the user group, and told to nobody', async () => {
  const reader = await readers.reader({ userGroup: 'child' });
  const copy = await readers.build.item((await readers.build.title()).id, { branch: readers.branch });
  const loanId = await readers.lend(reader.id, copy.id);
  await readers.giveBack(loanId, copy.id);
  const { title } = await readers.lentTitle();
  const { body } = await reader.hold(title.id);
  await reader.post('/v1/holds/cancellations', { holds: [body.id] });
  await settled(reader.id);
  const today = new Date().toISOString().slice(0, 10);
  const counted = async () => {
    const path = `/v1/staff/statistics/groups?from=${dayBefore(today)}&to=${dayBefore(today, -1)}`;
    const { body: groups } = await carrel.call(admin, 'GET', path);
    const child = groups.items.filter(({ group }: { group: string }) => group === 'child');
    const sum = (what: string) =>
      child.reduce((all: number, line: Record<string, number>) => all + (line[what] ?? 0), 0);
    return { loans: sum('loans'), holds: sum('holds'), cards: sum('cards'), opened: sum('opened') };
  };
  const { loans, holds, cards, opened } = await counted();
  expect((await erase(reader.id)).status).toBe(200);
  expect(await counted()).toEqual({ loans, holds, cards: cards - 1, opened });
  const em = carrel.orm.em.fork();
  const loan = await em.findOneOrFail(Loan, { id: loanId });
  const hold = await em.findOneOrFail(Hold, { id: body.id });
  expect(loan.patronId).not.toBe(reader.id);
  expect(hold.patronId).toBe(loan.patronId);
  expect(await row(loan.patronId)).toMatchObject({ name: '', userGroup: 'child', card: 'anonymous:child' });
  const told = await rowsWith(carrel.orm, [reader.id]);
  const where = told.filter((found) => found.includes(loanId) || found.includes(body.id));
  expect(where.filter((found) => !/^(operation|request):/.test(found))).toEqual([]);
});

test('A12 an erasure is refused while anything is open, with all of it, and says so without having changed anything', async () => {
  const reader = await readers.reader({ deposit: 500n });
  const copy = await readers.build.item((await readers.build.title()).id, { branch: readers.branch });
  await readers.lend(reader.id, copy.id);
  const { title } = await readers.lentTitle();
  await reader.hold(title.id);
  const sub = await readers.reader({ mainId: reader.id, linkedAt: new Date() });
  const refused = await erase(reader.id);
  await sql('update patron set main_id = null, linked_at = null where id = ?', [sub.id]);
  expect(refused.status).toBe(409);
  expect(refused.body.reasons.map(({ code }: { code: string }) => code)).toEqual([
    'patron-has-loans',
    'patron-has-holds',
    'patron-has-deposit',
    'patron-has-subs',
  ]);
  expect(await row(reader.id)).toMatchObject({ erasedAt: null, closedAt: null });
});

test('A12 an erasure is refused while the reader owes something or has an application open', async () => {
  const reader = await readers.reader();
  const owing = { type: 'loan', id: uuid(), library: 'demo', patronId: reader.id };
  const charge = {
    cause: 'overdue',
    at: new Date(),
    actor: 'system',
    amountMinor: 250,
  } as const;
  await inTransaction(carrel.orm, (tx) => raiseCharge(tx, carrel.policy, owing, charge));
  const fields = { name: 'Anna Meier', email: 'anna@demo.example', phone: '0571-1234567' };
  const applied = await reader.post('/v1/me/applications', { procedure: 'ill', fields });
  expect(applied.status).toBe(201);
  const refused = await erase(reader.id);
  expect(refused).toMatchObject({
    status: 409,
    body: {
      reasons: [
        { code: 'patron-owes', amountMinor: 250 },
        { code: 'patron-has-application', applications: 1 },
      ],
    },
  });
  expect(await row(reader.id)).toMatchObject({ erasedAt: null, closedAt: null });
});

test('A12 whoever signs in while being erased is not let in: no session is left', async () => {
  const password = 'the tea is getting cold';
  const patron = await readers.build.patron();
  await sql('insert into credential (patron_id, password_hash, changed_at) values (?, ?, now())', [
    patron.id,
    await hashPassword(password),
  ]);
  const name = { library: 'demo', name: patron.card, password };
  const signIn = () => carrel.call(undefined, 'POST', '/v1/sessions', name, { 'idempotency-key': uuid() });
  expect((await signIn()).status).toBe(201);
  await sql(`create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(2); return new; end $$;
    create trigger slowly before insert on erasure for each row execute function slowly()`);
  const erasing = erase(patron.id);
  await until(
    () => sql(`select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`),
    (found) => found.length > 0,
  );
  const signingIn = await signIn();
  expect((await erasing).status).toBe(200);
  await sql('drop function slowly cascade');
  expect(signingIn).toMatchObject({ status: 401, body: { code: 'sign-in-failed' } });
  expect(await sql('select 1 from session where holder_id = ?', [patron.id])).toEqual([]);
});

test('A12 F8 of an erased sub card the main card’s holder is told, by mail and on record, without its number', async () => {
  const main = await readers.reader({ email: 'main@demo.example' });
  const sub = await readers.build.patron({
    mainId: main.id,
    linkedAt: new Date(),
    email: 'sub@demo.example',
  });
  expect((await erase(sub.id)).status).toBe(200);
  const { card } = await row(main.id);
  const told = await until(
    () => carrel.orm.em.fork().find(Notice, { patronId: main.id, kind: 'family-unlinked' }),
    (found) => found.some(({ state }) => state !== 'queued'),
  );
  expect(told).toHaveLength(1);
  const text = `${told[0]?.subject} ${told[0]?.bodyText}`;
  expect(text).toContain(card);
  expect(text).not.toMatch(new RegExp(`${sub.card}|${sub.id}|erased|null`));
  const story = await carrel.call(admin, 'GET', `/v1/staff/patrons/${main.id}/events`);
  expect(story.body.items.map(({ kind }: { kind: string }) => kind)).toContain('sub-card-left');
});

test('A12 another card’s number erases nobody, nor does the desk; the same erasure again is answered alike, another finds nobody', async () => {
  const reader = await readers.reader();
  const wrong = await post(`/v1/staff/patrons/${reader.id}/erasure`, { card: '09999999' });
  expect(wrong).toMatchObject({ status: 422, body: { code: 'card-differs' } });
  const desk = (await carrel.build.staff('desk')).token;
  const { card } = await row(reader.id);
  const path = `/v1/staff/patrons/${reader.id}/erasure`;
  expect((await carrel.call(desk, 'POST', path, { card }, { 'idempotency-key': uuid() })).status).toBe(403);
  const key = uuid();
  const answers = await Promise.all([post(path, { card }, key), post(path, { card }, key)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect((await post(path, { card }, key)).body).toEqual(answers[0]?.body);
  expect((await post(path, { card })).status).toBe(404);
  expect(await carrel.orm.em.fork().count(Erasure, { patronId: reader.id })).toBe(1);
});

test('A12 an erasure and a hold at the same moment: the hold stands in the way, or finds no card', async () => {
  for (let round = 0; round < 4; round += 1) {
    const reader = await readers.reader();
    const { title } = await readers.lentTitle();
    const [erased, held] = await Promise.all([erase(reader.id), reader.hold(title.id)]);
    const holds = await carrel.orm.em.fork().count(Hold, { patronId: reader.id });
    expect([erased.status === 200, holds]).toEqual(erased.status === 200 ? [true, 0] : [false, 1]);
    expect(held.status === 201).toBe(holds === 1);
  }
});

test('A12 the books refuse any other change of what has happened, and an erasure that leaves the person', async () => {
  const reader = await readers.reader();
  const { title } = await readers.lentTitle();
  await reader.hold(title.id);
  await expect(sql(`update event set detail = '{}' where patron_id = ?`, [reader.id])).rejects.toThrow(
    'append-only',
  );
  await expect(sql(`delete from event where patron_id = ?`, [reader.id])).rejects.toThrow('append-only');
  const { library } = await row(reader.id);
  const insert = `insert into erasure (id, library, patron_id, actor, at) values (?, ?, ?, 'system', now())`;
  await expect(sql(insert, [uuid(), library, reader.id])).rejects.toThrow('leaves its reader');
});

test('A12 the audit finds nothing wrong after erasures, and what is readable of somebody erased', async () => {
  const audit = async () => {
    const checked = await checkInvariants(carrel.orm, {
      policies: carrel.policies.all(),
      now: Date.now(),
      grace: 'PT1H',
    });
    return checked.filter(isBroken).map(({ name }) => name);
  };
  const reader = await readers.reader();
  await reader.hold((await readers.lentTitle()).title.id);
  expect(await audit()).toEqual([]);
  const gone = await carrel.orm.em
    .fork()
    .findOneOrFail(Erasure, { library: 'demo' }, { orderBy: { at: 'desc' } });
  await sql(`update patron set phone = null, login = 'back' where id = ?`, [gone.patronId]);
  await sql(
    `insert into email_confirmation (id, library, subject_type, subject_id, address, purpose, requested_by, created_at, expires_at)
     values (?, ?, 'patron', ?, ?, 'set', 'system', now(), now())`,
    [uuid(), gone.library, gone.patronId, address],
  );
  expect(await audit()).toEqual(['erased-reader-is-empty', 'erased-reader-unreadable']);
  await sql(`update patron set login = null where id = ?`, [gone.patronId]);
  await sql(`delete from email_confirmation where subject_id = ?`, [gone.patronId]);
});

test('A12 a reader gets everything held about them, and no secret; staff hand it out on record', async () => {
  const reader = await readers.reader({ name: 'Copy Reader' });
  const { title } = await readers.lentTitle({ title: 'A title to remember' });
  await reader.hold(title.id);
  const { status, body, headers } = await reader.post('/v1/me/data-exports', {});
  expect(status).toBe(201);
  expect(headers.get('content-disposition')).toContain('attachment');
  expect(body.data.patron).toMatchObject([{ id: reader.id, name: 'Copy Reader' }]);
  expect(body.data.hold).toMatchObject([{ title: 'A title to remember' }]);
  expect(body.data.session).toHaveLength(1);
  expect(JSON.stringify(body)).not.toMatch(/password_hash|token_hash|argon2/);
  expect(body.incomplete).toEqual([]);
  const other = await readers.reader();
  expect(JSON.stringify((await other.post('/v1/me/data-exports', {})).body)).not.toContain(reader.id);
  expect((await post(`/v1/staff/patrons/${reader.id}/data-exports`, {})).status).toBe(201);
  const story = await carrel.call(admin, 'GET', `/v1/staff/patrons/${reader.id}/events`);
  const handed = story.body.items.filter(({ kind }: { kind: string }) => kind === 'data-exported');
  expect(handed.map(({ actor }: { actor: { kind: string } }) => actor.kind)).toEqual(['staff', 'patron']);
});

test('A12 A10 the links of mails are not in what is handed out: staff could set a reader’s password with one', async () => {
  const reader = await readers.reader({ email: 'links@example.net' });
  const { card, library } = await row(reader.id);
  expect((await carrel.call('', 'POST', '/v1/password-links', { library, card })).status).toBe(202);
  const mailed = { patronId: reader.id, kind: 'password-link', state: 'sent' } as const;
  await until(
    () => carrel.orm.em.fork().find(Notice, mailed),
    ([link]) => Boolean(link?.bodyText?.includes('#')),
  );
  const { body } = await post(`/v1/staff/patrons/${reader.id}/data-exports`, {});
  expect(body.data.notice).toMatchObject([{ kind: 'password-link', body_text: null, body_html: null }]);
});
