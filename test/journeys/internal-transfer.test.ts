import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { createTransferors, withTransfers } from '../support/transfers.ts';
import {
  html,
  largePhoto,
  movingPng,
  pdf,
  photo,
  picture,
  pngBomb,
  scriptedPdf,
  svg,
} from '../uploads/samples.ts';

const way = { means: 'transfer', way: 'internal' };
let carrel: Carrel;
let at: ReturnType<typeof createTransferors>;
beforeAll(async () => {
  carrel = await startCarrel({
    change: withTransfers({
      transfer: { userGroups: ['adult'] },
      uploads: { maxBytes: 3_000_000, perPayment: 3, perDay: 15 },
    }),
  });
  at = createTransferors(carrel);
}, 60_000);
afterAll(() => carrel?.stop());

const idsOf = (vouchers: { items: { id: string }[] }): string[] => vouchers.items.map(({ id }) => id);

test('P4 a reader takes the form to the finance office, uploads the stamped voucher, and what waits is released when staff accept it', async () => {
  const reader = await at.reader();
  const cashier = await at.staff('cashier');
  const paymentId = await reader.begin(140_950, way);
  const told = (await reader.get(`/v1/me/payments/${paymentId}/instructions`)).body;
  expect(told).toMatchObject({
    means: 'transfer',
    bank: null,
    vouchers: 'checked',
    transfer: { departmentCode: '4711', projectCode: '0815' },
  });
  expect(told.reference).toMatch(/^\w{3}-\w{3}-\w{3}$/u);
  const [mail] = await at.mailed(reader.id, 'payment-instructions');
  expect(mail?.body_text).toContain(told.reference);

  const stated = { unit: 'Chemistry', departmentCode: '99', projectCode: '7', name: null };
  const payer = await carrel.call(reader.token, 'PUT', `/v1/me/payments/${paymentId}/payer`, stated);
  expect(payer).toMatchObject({ status: 200, body: stated });
  const form = await fetch(`${carrel.url}${told.transfer.form}`, {
    headers: { authorization: `Bearer ${reader.token}` },
  });
  expect(form.headers.get('content-type')).toBe('application/pdf');

  const given = await reader.upload(paymentId, await photo());
  expect(given).toMatchObject({
    status: 201,
    body: { state: 'submitted', items: [{ state: 'waiting', pages: 1 }] },
  });
  const tasks = (await cashier.get('/v1/staff/tasks?kind=check-voucher')).body.items;
  expect(tasks).toContainEqual(expect.objectContaining({ subjectId: paymentId }));

  const waiting = `payment:${await (await at.reader()).begin(100, way)}`;
  await at.sql(
    'update charge set waits = ? where id = (select charge_id from payment_line where payment_id = ?)',
    [waiting, paymentId],
  );
  const decided = await cashier.decide(paymentId, 'accept', idsOf(given.body));
  expect(decided).toMatchObject({ status: 200, body: { state: 'settled', items: [{ state: 'accepted' }] } });
  expect(await at.postings(paymentId)).toEqual([
    { account: 'transfer:internal', amount: 140_950 },
    { account: `receivable:${reader.id}`, amount: -140_950 },
  ]);
  expect(await at.sql('select id from charge where patron_id = ? and remaining > 0', [reader.id])).toEqual(
    [],
  );
  const { events } = await carrel.client.workflow.getHandle(waiting).fetchHistory();
  const signals = events?.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
  expect(signals).toContain('wake');
  expect(await carrel.client.workflow.getHandle(`payment:${paymentId}`).result()).toEqual({
    state: 'settled',
  });
});

test('P4 a voucher handed in at the desk is recorded by staff, and decided on like a file', async () => {
  const reader = await at.reader();
  const [desk, cashier] = [await at.staff('desk'), await at.staff('cashier')];
  const paymentId = await reader.begin(500, way);
  const path = `/v1/staff/payments/${paymentId}/vouchers`;
  const recorded = await desk.post(path);
  expect(recorded).toMatchObject({
    status: 201,
    body: { state: 'submitted', items: [{ givenAs: 'paper' }] },
  });
  expect(await desk.decide(paymentId, 'accept', idsOf(recorded.body))).toMatchObject({ status: 403 });
  const accepted = await cashier.decide(paymentId, 'accept', idsOf(recorded.body));
  expect(accepted).toMatchObject({ status: 200, body: { state: 'settled' } });
  expect(await desk.post(path)).toMatchObject({ status: 409, body: { code: 'payment-ended' } });
});

test('P4 a refused voucher is told with its reason; another may be sent, the same may not; or the payment ends', async () => {
  const reader = await at.reader();
  const cashier = await at.staff('cashier');
  const paymentId = await reader.begin(700, way);
  const first = await picture('jpeg', 20);
  const given = await reader.upload(paymentId, first);
  const silent = await cashier.decide(paymentId, 'refuse', idsOf(given.body));
  expect(silent).toMatchObject({ status: 422, body: { code: 'remark-missing' } });
  const reason = 'The stamp cannot be read <b>';
  const refused = await cashier.decide(paymentId, 'refuse', idsOf(given.body), reason);
  expect(refused).toMatchObject({
    status: 200,
    body: { state: 'open', items: [{ state: 'refused', reason }] },
  });
  const [mail] = await at.mailed(reader.id, 'voucher-refused');
  expect(mail?.body_text).toContain('The stamp cannot be read');
  expect(await reader.upload(paymentId, first)).toMatchObject({
    status: 409,
    body: { code: 'voucher-refused-before' },
  });

  const again = await reader.upload(paymentId, await picture('jpeg', 220));
  expect(again.body).toMatchObject({
    state: 'submitted',
    items: [{ state: 'refused' }, { state: 'waiting' }],
  });
  const shown = idsOf(again.body);
  expect(shown).toHaveLength(2);
  const ended = await cashier.decide(paymentId, 'refuse-for-good', shown, 'Not ours');
  expect(ended).toMatchObject({ status: 200, body: { state: 'refused' } });
  const lines = await at.sql('select open from payment_line where payment_id = ?', [paymentId]);
  expect(lines).toEqual([{ open: false }]);
});

test('P4 several pages wait together; the same file twice is one; a page that comes while staff look is not overlooked', async () => {
  const reader = await at.reader();
  const cashier = await at.staff('cashier');
  const paymentId = await reader.begin(800, way);
  const page = await pdf({ pages: 2 });
  const [one, two] = await Promise.all([reader.upload(paymentId, page), reader.upload(paymentId, page)]);
  expect([one.status, two.status]).toEqual([201, 201]);
  const seen = idsOf(await reader.vouchers(paymentId));
  expect(seen).toHaveLength(1);
  await reader.upload(paymentId, await picture('png'));
  expect(await cashier.decide(paymentId, 'accept', seen)).toMatchObject({
    status: 409,
    body: { code: 'voucher-changed' },
  });
  await reader.upload(paymentId, await picture('webp', 33));
  expect(await reader.upload(paymentId, await picture('png', 9))).toMatchObject({
    status: 409,
    body: { code: 'voucher-limit' },
  });
  const all = idsOf(await reader.vouchers(paymentId));
  expect(all).toHaveLength(3);
  const files = await at.sql('select id from voucher_file where payment_id = ?', [paymentId]);
  expect(files).toHaveLength(3);
  expect(await cashier.decide(paymentId, 'accept', all)).toMatchObject({ status: 200 });
});

test('P4 of two librarians who decide at once one does, and the other hears who', async () => {
  const cashiers = await Promise.all([at.staff('cashier'), at.staff('cashier')]);
  for (let round = 0; round < 6; round++) {
    const reader = await at.reader();
    const paymentId = await reader.begin(300, way);
    const { body } = await reader.upload(paymentId, await picture('jpeg', round * 30));
    const decisions = ['accept', round % 2 === 0 ? 'accept' : 'refuse-for-good'] as const;
    const answers = await Promise.all(
      cashiers.map((each, index) => each.decide(paymentId, decisions[index] ?? '', idsOf(body), 'No')),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 409]);
    const loser = answers.find(({ status }) => status === 409);
    expect(loser?.body.code).toBe('voucher-decided');
    expect(loser?.body.detail).toMatch(/decided on this voucher on/u);
    expect((await at.postings(paymentId)).length).toBeLessThanOrEqual(2);
  }
});

test('P4 a decision sent twice is one, and is answered the same', async () => {
  const reader = await at.reader();
  const cashier = await at.staff('cashier');
  const paymentId = await reader.begin(300, way);
  const { body } = await reader.upload(paymentId, await picture('jpeg', 77));
  const key = uuid();
  const first = await cashier.decide(paymentId, 'accept', idsOf(body), undefined, key);
  const second = await cashier.decide(paymentId, 'accept', idsOf(body), undefined, key);
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(await at.postings(paymentId)).toHaveLength(2);
});

test('P4 hostile files are refused in words, and nothing of them is kept', async () => {
  const reader = await at.reader();
  const paymentId = await reader.begin(300, way);
  const jpeg = await picture('jpeg');
  const refused: [string, Buffer, string][] = [
    ['upload-kind-unknown', html(), 'image/jpeg'],
    ['upload-kind-unknown', svg(), 'image/png'],
    ['upload-kind-unknown', Buffer.from('PK\u0003\u0004'), 'application/pdf'],
    ['upload-kind-unknown', Buffer.concat([html(), jpeg]), 'image/jpeg'],
    ['upload-too-many-pixels', pngBomb(30_000, 30_000), 'image/png'],
    ['upload-animated', movingPng(), 'image/png'],
    ['upload-unreadable', jpeg.subarray(0, 100), 'image/jpeg'],
    ['upload-encrypted', await pdf({ password: 'secret' }), 'application/pdf'],
    ['upload-too-many-pages', await pdf({ pages: 6 }), 'application/pdf'],
  ];
  for (const [code, bytes, type] of refused)
    expect(await reader.upload(paymentId, bytes, type)).toMatchObject({ status: 422, body: { code } });
  expect(await reader.upload(paymentId, jpeg, 'text/html')).toMatchObject({ status: 415 });
  expect(await reader.upload(paymentId, Buffer.alloc(3_000_001), 'image/jpeg')).toMatchObject({
    status: 413,
  });
  const stored = await at.sql('select id from voucher_file where payment_id = ?', [paymentId]);
  expect(stored).toEqual([]);
  expect((await reader.vouchers(paymentId)).state).toBe('open');
});

test('P4 what is served is the picture only, as a file to save, to its reader and to staff', async () => {
  const [reader, stranger, desk] = [await at.reader(), await at.reader(), await at.staff('desk')];
  const paymentId = await reader.begin(300, way);
  const polyglot = Buffer.concat([await photo(), html()]);
  await reader.upload(paymentId, polyglot);
  const given = await reader.upload(paymentId, scriptedPdf(), 'application/octet-stream');
  const types = ['image/jpeg', 'application/pdf'];
  for (const [index, voucherId] of idsOf(given.body).entries()) {
    const path = `payments/${paymentId}/vouchers/${voucherId}/file`;
    const fetchAs = (token: string, prefix: string) =>
      fetch(`${carrel.url}/v1/${prefix}/${path}`, { headers: { authorization: `Bearer ${token}` } });
    const [mine, theirs, others] = await Promise.all([
      fetchAs(reader.token, 'me'),
      fetchAs(desk.token, 'staff'),
      fetchAs(stranger.token, 'me'),
    ]);
    expect([mine.status, theirs.status, others.status]).toEqual([200, 200, 404]);
    expect(mine.headers.get('content-type')).toBe(types[index]);
    expect(mine.headers.get('content-disposition')).toMatch(/^attachment; /u);
    expect(mine.headers.get('content-security-policy')).toContain('sandbox');
    expect(mine.headers.get('x-content-type-options')).toBe('nosniff');
    expect(mine.headers.get('cache-control')).toBe('no-store');
    const bytes = Buffer.from(await mine.arrayBuffer());
    for (const trace of ['<script>', 'Telephone', 'JavaScript', 'evil'])
      expect({ trace, found: bytes.includes(trace) }).toEqual({ trace, found: false });
  }
});

test('P4 the same picture given for another payment is pointed out to staff', async () => {
  const [one, two] = [await at.reader(), await at.reader()];
  const desk = await at.staff('desk');
  const same = await picture('png', 199);
  const first = await one.begin(300, way);
  await one.upload(first, same);
  const second = await two.begin(300, way);
  await two.upload(second, Buffer.concat([same, Buffer.from('changed')]));
  const { reference } = (await one.get(`/v1/me/payments/${first}/instructions`)).body;
  const { body } = await desk.get(`/v1/staff/payments/${second}/vouchers`);
  expect(body.items).toMatchObject([{ alsoFor: [reference] }]);
});

test('P4 nobody sends more than so many files a day, readable or not', async () => {
  const reader = await at.reader();
  const paymentId = await reader.begin(300, way);
  const statuses: number[] = [];
  for (let n = 0; n < 17; n++) statuses.push((await reader.upload(paymentId, html())).status);
  expect(statuses.filter((status) => status === 422)).toHaveLength(15);
  expect(statuses.slice(15)).toEqual([429, 429]);
  const large = await reader.upload(paymentId, await largePhoto(100));
  expect(large).toMatchObject({ status: 429, body: { code: 'too-many-uploads' } });
  expect(Number(large.headers.get('retry-after'))).toBeGreaterThan(80_000);
});

test('P3 a way that is for some readers only is neither offered to others nor taken from them', async () => {
  const [adult, child] = [await at.reader(), await at.reader({ userGroup: 'child' })];
  const waysOf = async (reader: typeof adult) =>
    (await reader.get('/v1/me/ways-to-pay')).body.items.map((each: { way: string }) => each.way);
  expect(await waysOf(adult)).toEqual(expect.arrayContaining(['bank', 'internal']));
  expect(await waysOf(child)).not.toContain('internal');
  const given = { chargeIds: [await child.charge(300)], totalMinor: 300, ...way };
  expect(await child.post('/v1/me/payments', given)).toMatchObject({
    status: 422,
    body: { code: 'way-unknown' },
  });
});

test('P1 G3 a fee that is chosen twice for one payment is told in words', async () => {
  const reader = await at.reader();
  const charge = await reader.charge(300);
  const given = { chargeIds: [charge, charge], totalMinor: 600, ...way };
  expect(await reader.post('/v1/me/payments', given)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/chargeIds', code: 'stated-twice' }] },
  });
  expect(await reader.post('/v1/me/payments', { chargeIds: [], totalMinor: 1, ...way })).toMatchObject({
    status: 422,
    body: {
      errors: [
        { pointer: '/chargeIds', code: 'nothing-selected', detail: expect.stringContaining('balance') },
      ],
    },
  });
});
