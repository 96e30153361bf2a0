import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';
import { codesOf } from '../support/readers.ts';

let carrel: Carrel;
let library: Desks;
let desk: Console;

beforeAll(async () => {
  carrel = await startCarrel();
  library = createDesks(carrel);
  desk = await library.staff('desk');
});

afterAll(() => carrel?.stop());

test('L1 the desk lends a copy and takes it back', async () => {
  const title = await library.build.title({ title: 'Momo', author: 'Michael Ende' });
  const item = await library.build.item(title.id);
  const reader = await library.build.patron({ name: 'Gigi Fremdenführer' });

  const key = uuid();
  const wish = { card: reader.card, barcode: item.barcode, branch: 'main' };
  const lent = await desk.post('/v1/staff/check-outs', wish, { key });
  expect(lent.status).toBe(201);
  expect(lent.headers.get('location')).toBe(`/v1/staff/loans/${lent.body.id}`);
  expect(lent.body).toMatchObject({
    state: 'on-loan',
    reader: { id: reader.id, card: reader.card, name: 'Gigi Fremdenführer' },
    title: { title: 'Momo', author: 'Michael Ende' },
    item: { barcode: item.barcode },
    branch: { code: 'main', name: 'Main Library' },
    holdId: null,
    fee: null,
  });
  const threeMinutes = Date.parse(lent.body.dueAt) - Date.parse(lent.body.checkedOutAt);
  expect(threeMinutes).toBe(180_000);

  const again = await desk.post('/v1/staff/check-outs', wish, { key });
  expect(again).toMatchObject({ status: 201, body: { id: lent.body.id } });
  const seen = await desk.get(`/v1/staff/items?barcode=${item.barcode}`);
  expect(seen.body).toMatchObject({ state: 'on-loan', loan: { id: lent.body.id }, hold: null });

  const back = await library.takeBack(desk, item);
  expect(back).toMatchObject({
    do: 'shelve',
    text: 'Put it back on the shelf.',
    item: { state: 'available', loan: null },
    returned: { id: lent.body.id, state: 'returned', reader: { card: reader.card }, fee: null },
    hold: null,
    slip: null,
  });
});

test('L1 a refused check-out names every reason, in the language of the staff', async () => {
  const title = await library.build.title();
  const item = await library.build.item(title.id, { forLoan: false });
  const reader = await library.build.patron({ expiresOn: '2020-01-31' });
  await library.build.block(reader.id);
  const wish = { card: reader.card, barcode: item.barcode, branch: 'main' };
  const refused = await desk.post('/v1/staff/check-outs', wish, { language: 'ja' });
  expect(refused.status).toBe(409);
  expect(refused.headers.get('content-language')).toBe('ja');
  expect(codesOf(refused.body.reasons)).toEqual(['patron-blocked', 'patron-expired', 'not-for-loan']);
  expect(refused.body.title).toMatch(/[\u3040-\u30ff]/);

  const unknown = await desk.post('/v1/staff/check-outs', {
    card: '09999999',
    barcode: 'nope',
    branch: 'main',
  });
  expect(unknown.status).toBe(404);
  expect(codesOf(unknown.body.reasons)).toEqual(['patron-unknown', 'item-unknown']);
  const nowhere = await desk.post('/v1/staff/check-outs', { ...wish, branch: 'attic' });
  expect(nowhere).toMatchObject({ status: 422, body: { code: 'place-unknown' } });
});

test('L1 what is brought back late costs what the policy says, once', async () => {
  const { item, loan } = await library.lentTitle(desk);
  await library.sql(`update loan set due_at = now() - interval '90 seconds' where id = ?`, [loan.id]);
  const back = await library.takeBack(desk, item);
  expect(back.returned.fee).toEqual({ amountMinor: 50, currency: 'EUR', text: '€0.50' });
  const twice = await library.takeBack(desk, item);
  expect(twice).toMatchObject({ do: 'shelve', returned: null });
  const charges = await library.sql('select amount from charge where subject_id = ?', [loan.id]);
  expect(charges).toEqual([{ amount: '50' }]);
});

test('L1 a scan sent again after the copy was lent anew does not end the new loan', async () => {
  const { item } = await library.lentTitle(desk);
  const key = uuid();
  const scan = { barcode: item.barcode, branch: 'main' };
  const first = await desk.post('/v1/staff/check-ins', scan, { key });
  const loan = await library.lend(desk, await library.build.patron(), item);
  const replayed = await desk.post('/v1/staff/check-ins', scan, { key });
  expect(replayed).toMatchObject({ status: 200, body: { returned: { id: first.body.returned.id } } });
  expect((await desk.get(`/v1/staff/loans/${loan.id}`)).body.state).toBe('on-loan');
  const described = await carrel.client.workflow.getHandle(`loan:${loan.id}`).describe();
  expect(described.status.name).toBe('RUNNING');
});

test('L2 the desk renews for a reader by the same rules, but for a usage fee that is due', async () => {
  const { title, loan, borrower } = await library.lentTitle(desk);
  await library.sql(`update patron set paid_until = '2020-01-01' where id = ?`, [borrower.id]);
  await library.sql(`update loan set due_at = due_at - interval '1 minute' where id = ?`, [loan.id]);
  const renew = () => desk.post(`/v1/staff/loans/${loan.id}/renewals`);
  const renewed = await renew();
  expect(renewed).toMatchObject({ status: 201, body: { renewals: 1, state: 'on-loan' } });
  expect(Math.abs(Date.parse(renewed.body.dueAt) - Date.now() - 180_000)).toBeLessThan(50_000);

  await library.hold(desk, await library.build.patron(), title);
  expect(codesOf((await renew()).body.reasons)).toEqual(['renewal-limit', 'renewal-title-held']);
});

test('H9 a hold is collected with the card: it ends, and a loan begins, in one step', async () => {
  const { title, item } = await library.lentTitle(desk, { title: 'Kokoro' });
  const reader = await library.build.patron();
  const hold = await library.hold(desk, reader, title);
  expect(hold).toMatchObject({ state: 'waiting', position: 1, channel: 'desk' });

  const back = await library.takeBack(desk, item);
  expect(back).toMatchObject({ do: 'keep', hold: { id: hold.id, state: 'secured' } });
  expect(back.text).toContain(`card ${reader.card}`);
  expect(back.slip).toMatchObject({ card: reader.card, title: 'Kokoro', barcode: item.barcode });
  expect(Date.parse(back.slip.keepUntil)).toBeGreaterThan(Date.now());

  const stranger = await library.build.patron();
  const wish = { card: stranger.card, barcode: item.barcode, branch: 'main' };
  expect(codesOf((await desk.post('/v1/staff/check-outs', wish)).body.reasons)).toEqual([
    'item-kept-for-other',
  ]);

  const loan = await library.lend(desk, reader, item);
  expect(loan).toMatchObject({ state: 'on-loan', holdId: hold.id });
  expect((await desk.get(`/v1/staff/holds/${hold.id}`)).body).toMatchObject({ state: 'collected' });
  const end = await carrel.client.workflow.getHandle(`hold:${hold.id}`).result();
  expect(end).toEqual({ state: 'collected' });
});

test('H9 collected at the counter before it reached the hold shelf: the copy in hand fulfils the hold', async () => {
  const { title, item } = await library.lentTitle(desk);
  const reader = await library.build.patron();
  const hold = await library.hold(desk, reader, title);
  const other = await library.build.item(title.id);
  const loan = await library.lend(desk, reader, other);
  expect(loan.holdId).toBe(hold.id);
  expect(await library.takeBack(desk, item)).toMatchObject({ do: 'shelve' });
});

test('H9 who waits longer comes first at the counter too', async () => {
  const { title } = await library.lentTitle(desk);
  const [first, second] = [await library.build.patron(), await library.build.patron()];
  await library.hold(desk, first, title);
  const found = await library.build.item(title.id);
  const wish = { card: second.card, barcode: found.barcode, branch: 'main' };
  const refused = await desk.post('/v1/staff/check-outs', wish);
  expect(refused.body.reasons).toMatchObject([{ code: 'title-has-queue', waiting: 1 }]);
});

test('H7 staff cancel a secured hold with a reason, which the reader is told; the next reader is served', async () => {
  const { title, item } = await library.lentTitle(desk);
  const [reader, next] = [await library.build.patron(), await library.build.patron()];
  const hold = await library.hold(desk, reader, title);
  const heir = await library.hold(desk, next, title);
  await library.takeBack(desk, item);

  const silent = await desk.post(`/v1/staff/holds/${hold.id}/cancellation`, { reason: '  ' });
  expect(silent).toMatchObject({ status: 422, body: { errors: [{ pointer: '/reason' }] } });
  const key = uuid();
  const wish = { reason: 'The reader rang: no longer needed.' };
  const cancelled = await desk.post(`/v1/staff/holds/${hold.id}/cancellation`, wish, { key });
  expect(cancelled).toMatchObject({
    status: 200,
    body: { state: 'cancelled', endText: 'Cancelled by the library' },
  });
  expect(await desk.post(`/v1/staff/holds/${hold.id}/cancellation`, wish, { key })).toMatchObject({
    status: 200,
  });
  expect((await desk.get(`/v1/staff/holds/${heir.id}`)).body).toMatchObject({
    state: 'secured',
    item: { barcode: item.barcode },
  });

  const late = await desk.post(`/v1/staff/holds/${hold.id}/cancellation`, wish);
  expect(late).toMatchObject({ status: 409, body: { code: 'hold-ended' } });
  const mail = await library.mailTo(reader.email, /cancelled/i);
  expect(mail.text).toContain('The reader rang: no longer needed.');
});
