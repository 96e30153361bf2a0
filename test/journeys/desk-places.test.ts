import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { pickupWindow } from '../../domain/holds.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';
import { codesOf } from '../support/readers.ts';

let carrel: Carrel;
/** Two branches that are always open. */
let demo: Desks;
let desk: Console;
/** One branch with opening days, and a mobile library. */
let town: Desks;
let counter: Console;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'chikushino', change: magazinesForHours });
  [demo, town] = [createDesks(carrel, 'demo'), createDesks(carrel, 'chikushino')];
  [desk, counter] = [await demo.staff('desk'), await town.staff('desk')];
});

afterAll(() => carrel?.stop());

/** Magazines go out for three hours. */
function magazinesForHours({ loans, ...policy }: LibraryPolicy): LibraryPolicy {
  return { ...policy, loans: { ...loans, periods: { ...loans.periods, magazine: 'PT3H' } } };
}

const dayOf = (at: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Tokyo').toPlainDate().toString();

const kindsOf = async (desks: Desks, holdId: string) =>
  (
    await desks.sql<{ kind: string }>('select kind from event where subject_id = ? order by seq', [holdId])
  ).map(({ kind }) => kind);

test('H5 taken back at another branch, a copy travels to the pickup place and is secured on arrival', async () => {
  const { title, item } = await demo.lentTitle(desk, { title: 'On the road' });
  const reader = await demo.build.patron();
  const hold = await demo.hold(desk, reader, title, { pickupPlace: 'north' });

  const sent = await demo.takeBack(desk, item, 'main');
  expect(sent).toMatchObject({
    do: 'send',
    text: `Send it to North Branch, for card ${reader.card}.`,
    sendTo: { code: 'north' },
    hold: { id: hold.id, state: 'in-transit', stateText: 'On its way to the pickup place' },
    item: { state: 'in-transit', at: { code: 'main' }, transitTo: { code: 'north' } },
    slip: { card: reader.card, pickupPlace: 'North Branch', keepUntil: null },
  });
  const listed = (await desk.get('/v1/staff/lists/in-transit?branch=north')).body.items;
  expect(listed.find((each: { item: { id: string } }) => each.item.id === item.id)).toMatchObject({
    hold: { id: hold.id, reader: { card: reader.card } },
  });

  const stranger = { card: (await demo.build.patron()).card, barcode: item.barcode, branch: 'main' };
  expect(codesOf((await desk.post('/v1/staff/check-outs', stranger)).body.reasons)).toEqual([
    'item-kept-for-other',
  ]);

  const arrived = await demo.takeBack(desk, item, 'north');
  expect(arrived).toMatchObject({ do: 'keep', hold: { state: 'secured' } });
  expect(arrived.text).toContain(`card ${reader.card}, until`);
  expect(await kindsOf(demo, hold.id)).toEqual(['hold-placed', 'hold-in-transit', 'hold-secured']);
  expect(await demo.lend(desk, reader, item, 'north')).toMatchObject({
    holdId: hold.id,
    branch: { code: 'north' },
  });
});

test('H5 a kept copy that turns up at the wrong branch goes on to the right one; nobody else gets it', async () => {
  const { title, item } = await demo.lentTitle(desk);
  const [reader, later] = [await demo.build.patron(), await demo.build.patron()];
  const hold = await demo.hold(desk, reader, title);
  await demo.hold(desk, later, title, { pickupPlace: 'north' });
  expect(await demo.takeBack(desk, item, 'main')).toMatchObject({ do: 'keep', hold: { id: hold.id } });

  const strayed = await demo.takeBack(desk, item, 'north');
  expect(strayed).toMatchObject({
    do: 'send',
    sendTo: { code: 'main' },
    hold: { id: hold.id, state: 'in-transit' },
  });
  expect(await demo.takeBack(desk, item, 'main')).toMatchObject({ do: 'keep', hold: { id: hold.id } });
});

test('H7 staff move a secured hold to another branch: the copy travels, and the reader is told anew on arrival', async () => {
  const { title, item } = await demo.lentTitle(desk);
  const reader = await demo.build.patron();
  const hold = await demo.hold(desk, reader, title);
  await demo.takeBack(desk, item);
  const moved = await desk.post(`/v1/staff/holds/${hold.id}/changes`, { pickupPlace: 'north' });
  expect(moved).toMatchObject({
    status: 200,
    body: { state: 'in-transit', keepUntil: null, pickupPlace: { code: 'north' } },
  });
  expect(await demo.takeBack(desk, item, 'main')).toMatchObject({ do: 'send', sendTo: { code: 'north' } });
  expect(await demo.takeBack(desk, item, 'north')).toMatchObject({ do: 'keep', hold: { state: 'secured' } });
  expect((await desk.post(`/v1/staff/holds/${hold.id}/changes`, {})).status).toBe(422);
});

test('H5 a hold cancelled while its copy travels: on arrival the copy is the next reader’s', async () => {
  const { title, item } = await demo.lentTitle(desk);
  const [reader, next] = [await demo.build.patron(), await demo.build.patron()];
  const hold = await demo.hold(desk, reader, title, { pickupPlace: 'north' });
  const heir = await demo.hold(desk, next, title, { pickupPlace: 'north' });
  await demo.takeBack(desk, item, 'main');
  await demo.expecting(200, desk.post(`/v1/staff/holds/${hold.id}/cancellation`, { reason: 'Not needed.' }));
  expect(await demo.takeBack(desk, item, 'north')).toMatchObject({ do: 'keep', hold: { id: heir.id } });
});

test('H4 for a stop of the mobile library the copy goes into its crate, and is kept until a visit', async () => {
  const { title, item } = await town.lentTitle(counter);
  const reader = await town.build.patron();
  const hold = await town.hold(counter, reader, title, { pickupPlace: 'BM01' });
  const back = await town.takeBack(counter, item);
  expect(back).toMatchObject({
    do: 'keep',
    text: `Put it in the crate for the stop BM01 North stop, for card ${reader.card}.`,
    hold: { id: hold.id, state: 'secured', pickupPlace: { code: 'BM01', kind: 'stop' } },
  });
  const until = Temporal.Instant.from(back.hold.keepUntil).toZonedDateTimeISO('Asia/Tokyo');
  expect({ weekday: until.dayOfWeek, time: until.toPlainTime().toString() }).toEqual({
    weekday: 3,
    time: '14:40:00',
  });
  expect(until.toInstant().epochMilliseconds).toBeGreaterThan(Date.now() + 6 * 86_400_000);

  const crate = (await counter.get('/v1/staff/lists/hold-shelf?place=BM01')).body.items;
  expect(crate.map(({ id }: { id: string }) => id)).toContain(hold.id);
  const lent = await town.lend(counter, reader, item, 'BM01');
  expect(lent).toMatchObject({ holdId: hold.id, branch: { code: 'library' } });
  expect(await town.takeBack(counter, item, 'BM01')).toMatchObject({
    do: 'shelve',
    item: { at: { code: 'library' } },
  });
});

test('H10 a closing day entered later moves what was to be collected until then to the next open day', async () => {
  const administrator = await town.staff('administrator');
  const { title, item } = await town.lentTitle(counter);
  const reader = await town.build.patron();
  const hold = await town.hold(counter, reader, title);
  await town.takeBack(counter, item);
  const { keepUntil, contactedAt } = (await counter.get(`/v1/staff/holds/${hold.id}`)).body;
  const day = dayOf(keepUntil);

  const closure = { place: 'library', day, reason: 'Heating has failed' };
  expect((await counter.post('/v1/staff/closures', closure)).status).toBe(403);
  const entered = await administrator.post('/v1/staff/closures', closure);
  expect(entered).toMatchObject({ status: 201, body: { moved: { holds: 1 } } });

  const expected = pickupWindow({
    policy: carrel.policy,
    closures: [{ place: 'library', day }],
    place: 'library',
    from: Temporal.Instant.from(contactedAt),
  });
  const moved = (await counter.get(`/v1/staff/holds/${hold.id}`)).body.keepUntil;
  expect(Date.parse(moved)).toBe(expected.epochMilliseconds);
  expect(Date.parse(moved)).toBeGreaterThan(Date.parse(keepUntil));

  const again = await administrator.post('/v1/staff/closures', closure);
  expect(codesOf(again.body.reasons)).toEqual(['closure-exists']);
  const listed = await administrator.get(`/v1/staff/closures?from=${day}`);
  expect(listed.body.items).toMatchObject([{ ...closure, opens: null, closes: null }]);
  const nowhere = await administrator.post('/v1/staff/closures', { ...closure, place: 'moon' });
  expect(nowhere).toMatchObject({ status: 422, body: { code: 'place-unknown' } });
  const backwards = { ...closure, opens: '17:00', closes: '09:00' };
  expect((await administrator.post('/v1/staff/closures', backwards)).status).toBe(422);
});

test('H10 a day entered as closed by mistake is taken out again; what it moved stays, and what comes after counts the day', async () => {
  const administrator = await town.staff('administrator');
  const { loan } = await town.lentTitle(counter);
  const dueDay = async (id: string) => dayOf((await counter.get(`/v1/staff/loans/${id}`)).body.dueAt);
  const day = await dueDay(loan.id);
  const mistake = { place: null, day, reason: 'The 3rd instead of the 13th' };
  const entered = await administrator.post('/v1/staff/closures', mistake);
  expect(entered.status).toBe(201);
  const moved = await dueDay(loan.id);
  expect(moved > day).toBe(true);

  const path = `/v1/staff/closures/${entered.body.closureId}`;
  expect((await counter.remove(path)).status).toBe(403);
  expect((await administrator.remove(path)).status).toBe(204);
  expect(await administrator.remove(path)).toMatchObject({ status: 404, body: { code: 'closure-unknown' } });
  const foreign = await demo.staff('administrator');
  const again = await administrator.post('/v1/staff/closures', { ...mistake, place: 'BM01' });
  expect((await foreign.remove(`/v1/staff/closures/${again.body.closureId}`)).status).toBe(404);
  const left = (await administrator.get(`/v1/staff/closures?from=${day}`)).body.items;
  expect(left).toMatchObject([{ place: 'BM01', day }]);

  expect(await dueDay(loan.id)).toBe(moved);
  const next = await town.lentTitle(counter);
  expect(await dueDay(next.loan.id)).toBe(day);
});

test('H10 a loan that is due at a time is not moved by a closing day', async () => {
  const administrator = await town.staff('administrator');
  const { loan } = await town.lentTitle(counter, { kind: 'magazine' });
  const closed = { place: 'library', day: dayOf(loan.dueAt), reason: 'Stocktaking' };
  expect(await administrator.post('/v1/staff/closures', closed)).toMatchObject({ status: 201 });
  expect((await counter.get(`/v1/staff/loans/${loan.id}`)).body.dueAt).toBe(loan.dueAt);
});
