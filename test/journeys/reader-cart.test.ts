import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { codesOf, createReaders, type Reader } from '../support/readers.ts';

/** The demonstration library: three holds at most. */
let carrel: Carrel;
let library: ReturnType<typeof createReaders>;

beforeAll(async () => {
  carrel = await startCarrel();
  library = createReaders(carrel);
});

afterAll(() => carrel?.stop());

const collect = async (reader: Reader, n: number) => {
  const ids: string[] = [];
  for (let count = 0; count < n; count += 1) {
    const { title } = await library.lentTitle();
    expect((await reader.put(`/v1/me/cart/${title.id}`, {})).status).toBe(204);
    ids.push(title.id);
  }
  return ids;
};

const cartOf = async (reader: Reader): Promise<string[]> =>
  (await reader.get('/v1/me/cart')).body.items.map((line: { title: { id: string } }) => line.title.id);

const wish = { pickupPlace: 'main', contact: 'none' };
const confirm = (reader: Reader, key?: string) => reader.post('/v1/me/cart/confirmations', wish, key);

test('H3 only what can be held goes into the cart, and it comes out again', async () => {
  const reader = await library.reader();
  const free = await library.build.title();
  await library.build.item(free.id);
  expect((await reader.put(`/v1/me/cart/${free.id}`, {})).body.code).toBe('on-shelf');
  expect((await reader.put(`/v1/me/cart/${reader.id}`, {})).status).toBe(404);

  const magazine = await library.build.title({ kind: 'magazine' });
  const old = await library.build.item(magazine.id, { issue: '1', issuedOn: '2026-01-01' });
  const latest = await library.build.item(magazine.id, { issue: '2', issuedOn: '2026-02-01' });
  const put = (itemId: string) => reader.put(`/v1/me/cart/${magazine.id}`, { itemId });
  expect((await put(old.id)).body.code).toBe('not-latest-issue');
  expect((await put(free.id)).body.code).toBe('item-unknown');
  await collect(reader, 1);
  expect((await put(latest.id)).status).toBe(204);
  expect((await put(latest.id)).status).toBe(204);

  const [, line] = (await reader.get('/v1/me/cart')).body.items;
  expect(line).toMatchObject({
    title: { id: magazine.id },
    item: { issue: '2' },
    holdable: true,
    notHoldable: [],
  });
  expect((await reader.remove(`/v1/me/cart/${magazine.id}`)).status).toBe(204);
  expect((await reader.remove(`/v1/me/cart/${magazine.id}`)).status).toBe(404);
  expect(await cartOf(reader)).toHaveLength(1);
});

test('H3 the cart tells when a title can no longer be held', async () => {
  const reader = await library.reader();
  const { title, item, loanId } = await library.lentTitle();
  await reader.put(`/v1/me/cart/${title.id}`, {});
  await library.giveBack(loanId, item.id);
  expect((await reader.get('/v1/me/cart')).body.items).toMatchObject([
    { holdable: false, notHoldable: [{ code: 'on-shelf', detail: expect.stringContaining('shelf') }] },
  ]);
});

test('H3 one confirmation places all in their order; each line succeeds or fails on its own and what is placed leaves the cart', async () => {
  const reader = await library.reader();
  const ids = await collect(reader, 5);
  const { body } = await confirm(reader);
  expect(body.lines.map((line: { outcome: string }) => line.outcome)).toEqual([
    'done',
    'done',
    'done',
    'refused',
    'refused',
  ]);
  expect(body.lines.map((line: { titleId: string }) => line.titleId)).toEqual(ids);
  expect(body.lines[2].hold).toMatchObject({
    id: body.lines[2].holdId,
    state: 'waiting',
    title: { id: ids[2] },
  });
  expect(body.lines[3]).toMatchObject({ hold: null, reasons: [{ code: 'hold-limit', limit: 3, has: 3 }] });
  expect(await cartOf(reader)).toEqual(ids.slice(3));
});

test('H3 sent twice it places nothing twice and answers about the same lines, whatever is in the cart by then', async () => {
  const reader = await library.reader();
  await collect(reader, 4);
  const first = await confirm(reader, 'confirm');
  const [later] = await collect(reader, 1);
  const second = await confirm(reader, 'confirm');
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(second.body).toEqual(first.body);
  expect(await reader.holds()).toHaveLength(3);
  expect(await cartOf(reader)).toContain(later);

  const placed = first.body.lines[0];
  await reader.post('/v1/holds/cancellations', { holds: [placed.holdId] });
  await reader.put(`/v1/me/cart/${placed.titleId}`, {});
  const third = await confirm(reader, 'confirm');
  expect(third.body.lines[0]).toMatchObject({ outcome: 'done', hold: { state: 'cancelled' } });
  expect(await cartOf(reader)).toContain(placed.titleId);
});

test('H3 sent several times at once, or from two windows, it places each title once', async () => {
  const reader = await library.reader();
  await collect(reader, 3);
  const answers = await Promise.all([
    confirm(reader, 'same'),
    confirm(reader, 'same'),
    confirm(reader, 'other'),
  ]);
  expect(answers[0]?.body).toEqual(answers[1]?.body);
  const done = [answers[0], answers[2]]
    .flatMap((each) => each?.body.lines)
    .filter((line) => line.outcome === 'done');
  expect(done).toHaveLength(3);
  expect(await reader.holds()).toHaveLength(3);
  expect(await cartOf(reader)).toEqual([]);
});

test('F4 H3 while the usage fee is unpaid every line is refused with that reason, and the cart stays', async () => {
  const reader = await library.reader({ paidUntil: '2020-01-31' });
  const ids = await collect(reader, 2);
  const { lines } = (await confirm(reader)).body;
  for (const line of lines) expect(codesOf(line.reasons)).toEqual(['fee-unpaid']);
  expect(await cartOf(reader)).toEqual(ids);
});

test('H3 a cart takes fifty titles', async () => {
  const reader = await library.reader();
  const { title } = await library.lentTitle();
  await carrel.orm.em.fork().execute(
    `with made as (
       insert into title (id, library, control_number, kind, title, search_text, created_at)
       select gen_random_uuid(), 'demo', 'full' || n, 'book', 'Full', 'full', now() from generate_series(1, 50) n returning id)
     insert into cart_line (patron_id, title_id, added_at) select ?, id, now() from made`,
    [reader.id],
  );
  expect((await reader.put(`/v1/me/cart/${title.id}`, {})).body).toMatchObject({
    status: 409,
    code: 'cart-full',
    reasons: [{ limit: 50 }],
  });
});

test('H3 an empty cart is confirmed without lines', async () => {
  expect((await confirm(await library.reader())).body).toEqual({ lines: [] });
});
