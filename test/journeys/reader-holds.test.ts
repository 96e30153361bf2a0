import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { pickupWindow } from '../../domain/holds.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { codesOf, createReaders } from '../support/readers.ts';

let carrel: Carrel;
let library: ReturnType<typeof createReaders>;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'chikushino' });
  library = createReaders(carrel);
});

afterAll(() => carrel?.stop());

test('H1 a title on loan can be held, one that is free on the shelf cannot', async () => {
  const reader = await library.reader();
  const { title: lent } = await library.lentTitle({ title: 'Kokoro' });
  const free = await library.build.title();
  await library.build.item(free.id, { branch: library.branch });

  const placed = await reader.hold(lent.id);
  expect(placed.status).toBe(201);
  expect(placed.headers.get('location')).toBe(`/v1/holds/${placed.body.id}`);
  expect(placed.body).toMatchObject({
    state: 'waiting',
    position: 1,
    title: { id: lent.id, title: 'Kokoro' },
  });
  const refused = await reader.hold(free.id);
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'on-shelf', reasons: [{ code: 'on-shelf', copies: 1 }] },
  });
});

test('H1 the latest issue of a magazine can be held, on the shelf or not; an older one cannot', async () => {
  const reader = await library.reader();
  const magazine = await library.build.title({ kind: 'magazine' });
  const issue = (name: string, issuedOn: string) =>
    library.build.item(magazine.id, { issue: name, issuedOn, branch: library.branch });
  const [old, latest] = [await issue('10', '2026-10-01'), await issue('11', '2026-11-01')];

  expect(codesOf((await reader.hold(magazine.id, { itemId: old.id })).body.reasons)).toEqual([
    'not-latest-issue',
  ]);
  const placed = await reader.hold(magazine.id);
  expect(placed).toMatchObject({
    status: 201,
    body: { item: { id: latest.id, issue: '11', issuedOn: '2026-11-01' } },
  });
});

test('H4 a library or a stop of the mobile library; mail and telephone only where there is an address and a number', async () => {
  const [full, bare] = [
    await library.reader(),
    await library.reader({ email: null, emailState: 'none', phone: null }),
  ];
  const offered = await full.get('/v1/me/pickup-options');
  expect(offered.body.places).toContainEqual({ code: 'BM01', kind: 'stop', name: 'BM01 North stop' });
  expect(offered.body.contacts.map((each: { contact: string }) => each.contact)).toEqual([
    'phone',
    'none',
    'mail',
  ]);
  expect((await bare.get('/v1/me/pickup-options')).body.contacts).toEqual([
    { contact: 'none', text: 'No message' },
  ]);

  const { title } = await library.lentTitle();
  const refused = await bare.hold(title.id, { contact: 'mail', pickupPlace: 'BM99' });
  expect(refused.body.reasons).toMatchObject([
    { code: 'place-unknown', place: 'BM99' },
    { code: 'contact-mail-unavailable' },
  ]);
  expect((await bare.hold(title.id, { contact: 'phone' })).body.code).toBe('contact-phone-unavailable');
  const placed = await full.hold(title.id, { contact: 'mail', pickupPlace: 'BM01' });
  expect(placed.body).toMatchObject({ contact: 'mail', pickupPlace: { code: 'BM01', kind: 'stop' } });
});

test('H5 first come, first served: the copy goes to the longest waiting, and the others move up', async () => {
  const { title, item, loanId } = await library.lentTitle();
  const [first, second, third] = [await library.reader(), await library.reader(), await library.reader()];
  const places = [];
  for (const reader of [first, second, third]) places.push((await reader.hold(title.id)).body.position);
  expect(places).toEqual([1, 2, 3]);

  await library.giveBack(loanId, item.id);
  expect(await first.holds()).toMatchObject([
    { state: 'secured', position: null, item: { barcode: item.barcode } },
  ]);
  expect(await second.holds()).toMatchObject([{ position: 1 }]);
  expect(await third.holds()).toMatchObject([{ position: 2 }]);

  const [waiting] = await second.holds();
  await second.post('/v1/holds/cancellations', { holds: [waiting.id] });
  await library.giveBack(await library.lend(first.id, item.id), item.id);
  expect(await third.holds()).toMatchObject([{ state: 'secured' }]);
  expect((await first.get('/v1/me/holds?state=ended')).body.items).toMatchObject([
    { state: 'collected', endText: 'Collected' },
  ]);
});

test('H6 H8 the list tells since when, until when, where and how; the end of a day at the library, in the reader’s language', async () => {
  const reader = await library.reader({ language: 'ja' });
  const { title, item, loanId } = await library.lentTitle();
  await reader.hold(title.id, { pickupPlace: 'library' });
  await library.giveBack(loanId, item.id);
  const [hold] = await reader.holds();
  expect(hold).toMatchObject({
    state: 'secured',
    stateText: '予約確保',
    contactText: '連絡不要',
    pickupPlace: { code: 'library', kind: 'branch', name: '図書館' },
    endedAt: null,
    may: { cancel: { allowed: false, reasons: [{ code: 'hold-secured' }] } },
  });
  const window = { policy: carrel.policy, closures: [], place: 'library' };
  const from = Temporal.Instant.from(hold.contactedAt);
  expect(Date.parse(hold.keepUntil)).toBe(pickupWindow({ ...window, from }).epochMilliseconds);
  expect((await reader.get(`/v1/holds/${hold.id}`)).body).toEqual(hold);
});

test('H7 several at a time while waiting; each line for itself; a hold that is ready can be neither changed nor cancelled', async () => {
  const reader = await library.reader();
  const waiting = [];
  for (const { title } of [await library.lentTitle(), await library.lentTitle()])
    waiting.push((await reader.hold(title.id)).body.id);
  const { title, item, loanId } = await library.lentTitle();
  const secured = (await reader.hold(title.id)).body.id;
  await library.giveBack(loanId, item.id);
  const others = (await (await library.reader()).hold((await library.lentTitle()).title.id)).body.id;

  const wish = { holds: [secured, ...waiting, others], pickupPlace: 'BM02', contact: 'mail' };
  const changed = await reader.post('/v1/holds/changes', wish, 'change-1');
  expect(changed.body.lines).toMatchObject([
    {
      holdId: secured,
      outcome: 'refused',
      reasons: [{ code: 'hold-secured' }],
      hold: { pickupPlace: { code: 'library' } },
    },
    { holdId: waiting[0], outcome: 'done', hold: { pickupPlace: { code: 'BM02' }, contact: 'mail' } },
    { holdId: waiting[1], outcome: 'done', reasons: [], hold: { contactText: 'E-mail' } },
    { holdId: others, outcome: 'refused', reasons: [{ code: 'hold-unknown' }], hold: null },
  ]);
  expect((await reader.post('/v1/holds/changes', wish, 'change-1')).body).toEqual(changed.body);

  const ids = { holds: [...waiting, secured] };
  const cancelled = await reader.post('/v1/holds/cancellations', ids, 'cancel-1');
  expect(cancelled.body.lines.map((line: { outcome: string }) => line.outcome)).toEqual([
    'done',
    'done',
    'refused',
  ]);
  expect(cancelled.body.lines[0].hold).toMatchObject({
    state: 'cancelled',
    endText: 'Cancelled at your request',
  });
  expect((await reader.post('/v1/holds/cancellations', ids, 'cancel-1')).body).toEqual(cancelled.body);
  expect((await reader.post('/v1/holds/cancellations', ids)).body.lines[0].reasons).toMatchObject([
    { code: 'hold-ended' },
  ]);
  expect(await reader.holds()).toMatchObject([{ id: secured, state: 'secured' }]);
});

test('H7 a hold on its way can change its contact, but no longer its place', async () => {
  const other = createReaders(carrel, 'demo');
  const reader = await other.reader();
  const { title, item, loanId } = await other.lentTitle();
  const { id } = (await reader.hold(title.id, { pickupPlace: 'north' })).body;
  await other.giveBack(loanId, item.id);
  const may = {
    changePlace: { allowed: false },
    changeContact: { allowed: true },
    cancel: { allowed: true },
  };
  expect(await reader.holds()).toMatchObject([{ state: 'in-transit', may }]);
  const change = async (wish: object) =>
    (await reader.post('/v1/holds/changes', { holds: [id], ...wish })).body.lines[0];
  expect(await change({ pickupPlace: 'main' })).toMatchObject({
    outcome: 'refused',
    reasons: [{ code: 'hold-in-transit' }],
  });
  expect(await change({ contact: 'mail' })).toMatchObject({
    outcome: 'done',
    hold: { contact: 'mail', state: 'in-transit' },
  });
});

test('H8 what has ended comes in pages, the latest first', async () => {
  const reader = await library.reader();
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.push((await reader.hold((await library.lentTitle()).title.id)).body.id);
  for (const id of ids) await reader.post('/v1/holds/cancellations', { holds: [id] });
  const first = await reader.get('/v1/me/holds?state=ended&limit=2');
  expect(first.body.items.map((hold: { id: string }) => hold.id)).toEqual([ids[2], ids[1]]);
  expect(first.headers.get('link')).toBe(`<${first.body.next}>; rel="next"`);
  const second = await reader.get(first.body.next);
  expect(second.body).toMatchObject({ items: [{ id: ids[0] }], next: null });
  expect((await reader.get('/v1/me/holds?state=ended&cursor=x')).body.code).toBe('invalid-input');
});
