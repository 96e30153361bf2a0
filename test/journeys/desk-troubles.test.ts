import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, type Carrel, startCarrel } from '../support/carrel.ts';
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

const holdNow = (id: string): Promise<Answer['body']> =>
  library.expecting(200, desk.get(`/v1/staff/holds/${id}`));

const mark = (barcode: string, state: string, note?: string) =>
  desk.post(`/v1/staff/items/${barcode}/marks`, { state, ...(note && { note }) });

const ended = (workflowId: string) => carrel.client.workflow.getHandle(workflowId).result();

test('H11 a blocked reader is passed over, keeps the place, and is told; once the block is lifted it is their turn', async () => {
  const { title, item } = await library.lentTitle(desk, { title: 'Wanted by two' });
  const [first, second] = [await library.build.patron(), await library.build.patron()];
  const hold = await library.hold(desk, first, title);
  const next = await library.hold(desk, second, title);
  const given = { reason: 'house-rules', note: 'Shouted at the bus driver.' };
  const blocked = await desk.post(`/v1/staff/patrons/${first.id}/blocks`, given);
  expect(blocked).toMatchObject({
    status: 201,
    body: { reasonText: 'House rules not kept', note: given.note, placedBy: desk.name, liftedAt: null },
  });

  expect(await library.takeBack(desk, item)).toMatchObject({ do: 'keep', hold: { id: next.id } });
  expect(await holdNow(hold.id)).toMatchObject({ state: 'waiting', position: 1 });
  const told = await library.mailTo(first.email, /could not keep it for you: Wanted by two/);
  expect(told.text).toContain('blocked');
  const wish = { card: first.card, titleId: title.id, pickupPlace: 'main', contact: 'none' };
  expect(codesOf((await desk.post('/v1/staff/holds', wish)).body.reasons)).toContain('patron-blocked');

  const path = `/v1/staff/patrons/${first.id}/blocks/${blocked.body.id}`;
  expect(await desk.remove(path, { note: 'Apologised.' })).toMatchObject({
    status: 200,
    body: { liftedBy: desk.name },
  });
  expect((await desk.remove(path)).status).toBe(200);
  await library.lend(desk, second, item);
  expect(await library.takeBack(desk, item)).toMatchObject({ do: 'keep', hold: { id: hold.id } });

  const { body } = await desk.get(`/v1/staff/patrons/${first.id}`);
  expect(body).toMatchObject({
    standing: [],
    blocks: [{ id: blocked.body.id, liftedBy: desk.name }],
    counts: { secured: 1 },
  });
  const story = (await desk.get(`/v1/staff/patrons/${first.id}/events`)).body.items;
  expect(story.map(({ kind }: { kind: string }) => kind)).toEqual([
    'hold-secured',
    'block-lifted',
    'hold-passed-over',
    'blocked',
    'hold-placed',
  ]);
  expect(story[3]).toMatchObject({
    text: 'Card blocked. Reason: House rules not kept',
    remark: given.note,
    actor: { kind: 'staff', name: desk.name },
  });
});

test('H11 a reader whose card has expired, and one whose card is closed, hold nobody up', async () => {
  const { title, item } = await library.lentTitle(desk);
  const [expired, closed, last] = [
    await library.build.patron(),
    await library.build.patron(),
    await library.build.patron(),
  ];
  const holds = [];
  for (const reader of [expired, closed, last]) holds.push(await library.hold(desk, reader, title));
  await library.sql(`update patron set expires_on = '2020-01-01' where id = ?`, [expired.id]);
  await library.expecting(200, desk.post(`/v1/staff/patrons/${closed.id}/closure`, {}));
  expect((await holdNow(holds[1].id)).endText).toBe('The library card has been closed');
  expect(await library.takeBack(desk, item)).toMatchObject({ hold: { id: holds[2].id } });
});

test('H11 a kept copy is lost: the reader is told and comes first for the next one', async () => {
  const { title, item } = await library.lentTitle(desk, { title: 'Gone missing' });
  const [reader, later] = [await library.build.patron(), await library.build.patron()];
  const hold = await library.hold(desk, reader, title);
  await library.takeBack(desk, item);
  const other = await library.build.item(title.id, { state: 'on-loan' });
  await library.hold(desk, later, title);

  const marked = await mark(item.barcode, 'missing', 'Not on the hold shelf.');
  expect(marked).toMatchObject({ status: 200, body: { state: 'missing', hold: null } });
  expect(await holdNow(hold.id)).toMatchObject({ state: 'waiting', position: 1, keepUntil: null });
  await library.mailTo(reader.email, /no longer available: Gone missing/);
  expect(codesOf((await mark(item.barcode, 'missing')).body.reasons)).toEqual(['item-state-unchanged']);

  await library.sql(`update item set state = 'available' where id = ?`, [other.id]);
  expect(await library.takeBack(desk, other)).toMatchObject({ do: 'keep', hold: { id: hold.id } });
  const found = await library.takeBack(desk, item);
  expect(found).toMatchObject({ do: 'keep', hold: { reader: { id: later.id } } });
});

test('H11 the last copy is withdrawn: every hold on the title ends and every reader is told', async () => {
  const title = await library.build.title({ title: 'Out of the collection' });
  const item = await library.build.item(title.id);
  const borrower = await library.build.patron();
  await library.lend(desk, borrower, item);
  const readers = [await library.build.patron(), await library.build.patron()];
  const holds = [];
  for (const reader of readers) holds.push(await library.hold(desk, reader, title));

  expect(codesOf((await mark(item.barcode, 'withdrawn')).body.reasons)).toEqual(['item-on-loan']);
  await library.takeBack(desk, item);
  expect((await mark(item.barcode, 'withdrawn')).status).toBe(200);
  for (const [index, hold] of holds.entries()) {
    expect(await holdNow(hold.id)).toMatchObject({
      state: 'cancelled',
      endText: 'There is no copy left that could be lent',
    });
    await library.mailTo(readers[index]?.email, /cancelled: Out of the collection/);
    expect(await ended(`hold:${hold.id}`)).toEqual({ state: 'cancelled' });
  }
  const scanned = await desk.post('/v1/staff/check-ins', { barcode: item.barcode, branch: 'main' });
  expect(codesOf(scanned.body.reasons)).toEqual(['item-withdrawn']);
});

test('H11 a copy is lost on loan: the loan ends, the readers who wait are told, and a found copy is lent again', async () => {
  const { item, loan, title } = await library.lentTitle(desk, { title: 'Fell overboard' });
  const reader = await library.build.patron();
  const hold = await library.hold(desk, reader, title);
  expect((await mark(item.barcode, 'lost')).body).toMatchObject({ state: 'lost', loan: null });
  expect((await desk.get(`/v1/staff/loans/${loan.id}`)).body).toMatchObject({
    state: 'lost',
    stateText: 'Lost',
  });
  expect(await ended(`loan:${loan.id}`)).toEqual({ state: 'lost' });
  expect(await ended(`hold:${hold.id}`)).toEqual({ state: 'cancelled' });
  await library.mailTo(reader.email, /cancelled: Fell overboard/);
  expect(await library.takeBack(desk, item)).toMatchObject({ do: 'shelve', item: { state: 'available' } });
});

test('H11 a card with something on loan or owed is not closed; once it is, its copies go to the next readers', async () => {
  const { title, item } = await library.lentTitle(desk, { title: 'Passed on' });
  const [reader, next] = [await library.build.patron(), await library.build.patron()];
  const [hold, heir] = [await library.hold(desk, reader, title), await library.hold(desk, next, title)];
  await library.takeBack(desk, item);
  const other = await library.lentTitle(desk);
  const loan = await library.lend(desk, reader, await library.build.item(other.title.id));
  const close = () => desk.post(`/v1/staff/patrons/${reader.id}/closure`, { note: 'Moved away.' });
  expect(codesOf((await close()).body.reasons)).toEqual(['patron-has-loans']);

  await library.sql(`update loan set due_at = now() - interval '90 seconds' where id = ?`, [loan.id]);
  await library.takeBack(desk, loan.item);
  const owing = await close();
  expect(owing.body.reasons).toMatchObject([{ code: 'patron-owes', amountMinor: 50 }]);
  expect((await desk.get(`/v1/staff/patrons/${reader.id}`)).body.owed).toMatchObject({ text: '€0.50' });

  await library.sql('update charge set remaining = 0 where patron_id = ?', [reader.id]);
  const token = await library.build.sign('patron', reader.id);
  expect((await carrel.call(token, 'GET', '/v1/me')).status).toBe(200);
  expect((await close()).status).toBe(200);
  expect((await carrel.call(token, 'GET', '/v1/me')).status).toBe(401);
  expect(codesOf((await close()).body.reasons)).toEqual(['patron-closed']);
  expect(await holdNow(hold.id)).toMatchObject({ state: 'cancelled' });
  expect(await holdNow(heir.id)).toMatchObject({ state: 'secured', item: { barcode: item.barcode } });
  await library.mailTo(reader.email, /cancelled: Passed on/);
  const closed = await desk.get(`/v1/staff/patrons?card=${reader.card}`);
  expect(closed.body.items).toMatchObject([{ id: reader.id, closed: true }]);
});

test('A13 the desk finds readers by a part of the name, whatever the width and case of its letters', async () => {
  await library.build.patron({ name: 'Müller-Ｌüdenscheidt, Hans' });
  await library.build.patron({ name: '筑紫野 太郎' });
  const names = async (q: string) => {
    const { body } = await desk.get(`/v1/staff/patrons?q=${encodeURIComponent(q)}`);
    return body.items.map(({ name }: { name: string }) => name);
  };
  expect(await names('lüdens')).toEqual(['Müller-Ｌüdenscheidt, Hans']);
  expect(await names('紫野')).toEqual(['筑紫野 太郎']);
  expect(await names('100%')).toEqual([]);
  expect((await desk.get('/v1/staff/patrons')).status).toBe(422);
});
