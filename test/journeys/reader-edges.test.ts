import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Hold, Item, Notice } from '../../db/entities/index.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { codesOf, createReaders, type Reader } from '../support/readers.ts';

let carrel: Carrel;
let library: ReturnType<typeof createReaders>;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'chikushino' });
  library = createReaders(carrel);
});

afterAll(() => carrel?.stop());

const noticesOf = async (reader: Reader) => (await reader.get('/v1/me/notices')).body.items;

/** A reader who was mailed that a copy is ready. */
async function mailed() {
  const reader = await library.reader();
  const { title, item, loanId } = await library.lentTitle();
  await reader.hold(title.id, { contact: 'mail' });
  await library.giveBack(loanId, item.id);
  const notices = await until(
    () => noticesOf(reader),
    (all) =>
      all.some(
        (notice: { kind: string; state: string }) => notice.kind === 'secured' && notice.state === 'sent',
      ),
  );
  return { reader, notices, secured: notices.find((notice: { kind: string }) => notice.kind === 'secured') };
}

test('N3 a mail is sent again on request, once for each request', async () => {
  const { reader, notices, secured } = await mailed();
  const to = (await reader.get('/v1/me')).body.email;
  const mails = () => carrel.mailbox.messages.filter((mail) => mail.to.includes(to)).length;
  expect(mails()).toBe(1);
  const again = await reader.post(`/v1/me/notices/${secured.id}/resend`, undefined, 'again');
  expect(again.status).toBe(201);
  expect(again.headers.get('location')).toBe(`/v1/me/notices/${again.body.noticeId}`);
  expect((await reader.post(`/v1/me/notices/${secured.id}/resend`, undefined, 'again')).body).toEqual(
    again.body,
  );
  await until(
    async () => mails(),
    (count) => count === 2,
  );
  const sent = await until(
    async () => (await reader.get(`/v1/me/notices/${again.body.noticeId}`)).body,
    ({ state }) => state === 'sent',
  );
  expect(sent).toMatchObject({ kind: 'secured', subject: secured.subject });
  expect(await noticesOf(reader)).toHaveLength(notices.length + 1);

  const message = notices.find((notice: { channel: string }) => notice.channel === 'message');
  const refused = await reader.post(`/v1/me/notices/${message.id}/resend`, undefined);
  expect(refused).toMatchObject({ status: 409, body: { code: 'notice-not-resendable' } });
  const stranger = await library.reader();
  expect((await stranger.post(`/v1/me/notices/${secured.id}/resend`, undefined)).status).toBe(404);
  expect(await carrel.orm.em.fork().count(Notice, { patronId: reader.id, kind: 'secured' })).toBe(2);
});

test('N3 a mail that is out of date is not sent again: nobody comes for a copy that is kept for nobody, or brings a book that is here', async () => {
  const { reader, secured } = await mailed();
  const hold = await carrel.orm.em.fork().findOneOrFail(Hold, { patronId: reader.id });
  const resend = (id: string) => reader.post(`/v1/me/notices/${id}/resend`, undefined);
  await carrel.commands.cancelHold(hold.id, { actor: 'staff:1', reason: 'by-staff' }, uuid());
  expect((await resend(secured.id)).body.code).toBe('notice-not-resendable');

  const item = await library.build.item((await library.build.title()).id);
  const loanId = await library.lend(reader.id, item.id);
  const reminder = uuid();
  await carrel.orm.em.fork().insert(Notice, {
    id: reminder,
    library: 'chikushino',
    patronId: reader.id,
    audience: 'patron',
    kind: 'due-soon',
    subjectType: 'loan',
    subjectId: loanId,
    cause: 'due-soon',
    channel: 'mail',
    state: 'sent',
    language: 'ja',
    recipient: 'somebody@example.jp',
    subject: '返却期限',
    bodyText: '',
    bodyHtml: '',
    content: { step: 1 },
    attempts: 1,
    failures: 0,
    createdAt: new Date(),
    settledAt: new Date(),
  });
  expect((await resend(reminder)).status).toBe(201);
  await library.giveBack(loanId, item.id);
  expect((await resend(reminder)).body.code).toBe('notice-not-resendable');
});

test('H8 L2 what is another’s answers like what does not exist', async () => {
  const [owner, stranger] = [await library.reader(), await library.reader()];
  const { title } = await library.lentTitle();
  const hold = (await owner.hold(title.id)).body.id;
  const loanId = await library.lend(
    owner.id,
    (await library.build.item((await library.build.title()).id)).id,
  );
  for (const id of [hold, uuid()])
    expect((await stranger.get(`/v1/holds/${id}`)).body.code).toBe('hold-unknown');
  for (const id of [loanId, uuid()]) {
    expect((await stranger.get(`/v1/loans/${id}`)).body.code).toBe('loan-unknown');
    expect((await stranger.post(`/v1/loans/${id}/renewals`, undefined)).body.code).toBe('loan-unknown');
  }
  expect((await stranger.post('/v1/holds/cancellations', { holds: [hold] })).body.lines).toMatchObject([
    { reasons: [{ code: 'hold-unknown' }] },
  ]);
  expect(await owner.holds()).toMatchObject([{ id: hold, state: 'waiting' }]);
  const elsewhere = createReaders(carrel, 'demo');
  expect((await stranger.hold((await elsewhere.lentTitle()).title.id)).body).toMatchObject({
    status: 404,
    code: 'title-unknown',
  });
});

test('H2 a key with another request is refused, and the first one stands', async () => {
  const reader = await library.reader();
  const [first, second] = [await library.lentTitle(), await library.lentTitle()];
  const placed = await reader.hold(first.title.id, {}, 'a key');
  expect(placed.body.code).toBe('invalid-input');
  await reader.hold(first.title.id, {}, 'a-key');
  expect(await reader.hold(second.title.id, {}, 'a-key')).toMatchObject({
    status: 422,
    body: { code: 'idempotency-key-reused' },
  });
  expect(await reader.holds()).toMatchObject([{ title: { id: first.title.id } }]);
  const wish = { titleId: second.title.id, pickupPlace: 'library', contact: 'none' };
  const unkeyed = await carrel.call(reader.token, 'POST', '/v1/holds', wish);
  expect(unkeyed.body).toMatchObject({ status: 400, code: 'idempotency-key-missing' });
});

test('H1 a refusal sent again is the same refusal, even when it would be placed by now', async () => {
  const reader = await library.reader();
  const title = await library.build.title();
  const item = await library.build.item(title.id, { branch: library.branch });
  const refused = await reader.hold(title.id, {}, 'key');
  expect(refused.body.code).toBe('on-shelf');
  await library.lend((await library.build.patron()).id, item.id);
  const again = await reader.hold(title.id, {}, 'key');
  expect({ ...again.body, instance: '' }).toEqual({ ...refused.body, instance: '' });
  expect((await reader.hold(title.id)).status).toBe(201);
});

const badRequests: readonly (readonly [string, string, unknown])[] = [
  ['a title that is no id', '/v1/holds', { titleId: 'x', pickupPlace: 'library', contact: 'none' }],
  ['a contact there is not', '/v1/holds', { titleId: uuid(), pickupPlace: 'library', contact: 'pigeon' }],
  [
    'a field too many',
    '/v1/holds',
    { titleId: uuid(), pickupPlace: 'library', contact: 'none', state: 'secured' },
  ],
  ['no body', '/v1/holds', undefined],
  ['a list', '/v1/holds', []],
  ['no holds', '/v1/holds/cancellations', { holds: [] }],
  ['too many holds', '/v1/holds/cancellations', { holds: Array.from({ length: 51 }, () => uuid()) }],
  ['a change of nothing', '/v1/holds/changes', { holds: [uuid()] }],
  ['no loans', '/v1/renewals', { loans: [] }],
  [
    'a place of control characters',
    '/v1/me/cart/confirmations',
    { pickupPlace: 'li\u0000', contact: 'none' },
  ],
];

test.each(badRequests)('H7 %s is refused as invalid input and changes nothing', async (_what, path, body) => {
  const reader = await library.reader();
  expect(await reader.post(path, body)).toMatchObject({ status: 422, body: { code: 'invalid-input' } });
  expect(await reader.holds()).toEqual([]);
});

test('H11 a copy that is gone cannot be held, and its reasons are named', async () => {
  const reader = await library.reader();
  const title = await library.build.title();
  expect((await reader.hold(title.id)).body.code).toBe('title-without-items');
  const item = await library.build.item(title.id, { branch: library.branch, state: 'lost' });
  await library.build.item(title.id, { branch: library.branch, forLoan: false });
  expect(codesOf((await reader.hold(title.id)).body.reasons)).toEqual(['item-lost', 'not-for-loan']);
  await carrel.orm.em.fork().nativeUpdate(Item, { id: item.id }, { state: 'missing' });
  expect(codesOf((await reader.hold(title.id)).body.reasons)).toEqual(['item-missing', 'not-for-loan']);
});

test('H11 a reader who may get nothing is passed over and keeps the place; the next is served', async () => {
  const { title, item, loanId } = await library.lentTitle();
  const [blocked, next] = [await library.reader(), await library.reader()];
  for (const reader of [blocked, next]) await reader.hold(title.id);
  await library.build.block(blocked.id);
  await library.giveBack(loanId, item.id);
  expect(await blocked.holds()).toMatchObject([{ state: 'waiting', position: 1 }]);
  expect(await next.holds()).toMatchObject([{ state: 'secured' }]);
  const told = await until(
    () => noticesOf(blocked),
    (all) =>
      all.some(
        (notice: { kind: string; state: string }) => notice.kind === 'passed-over' && notice.state === 'sent',
      ),
  );
  expect(told.map((notice: { kind: string }) => notice.kind)).toContain('passed-over');
});
