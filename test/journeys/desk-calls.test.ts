import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { pickupWindow } from '../../domain/holds.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';

let carrel: Carrel;
let library: Desks;
let desk: Console;
let colleague: Console;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'chikushino' });
  library = createDesks(carrel);
  desk = await library.staff('desk');
  colleague = await library.staff('desk');
});

afterAll(() => carrel?.stop());

/** Closing time of the day a week after that instant, or of the next open day. */
const weekFrom = (at: number): number =>
  pickupWindow({
    policy: carrel.policy,
    closures: [],
    place: library.branch,
    from: Temporal.Instant.fromEpochMilliseconds(at),
  }).epochMilliseconds;

/** A copy kept for a reader who wants to be phoned. */
async function toPhone() {
  const { title, item } = await library.lentTitle(desk);
  const reader = await library.build.patron({ phone: '092-555-0101' });
  const hold = await library.hold(desk, reader, title, { contact: 'phone' });
  const back = await library.takeBack(desk, item);
  return { reader, title, item, hold, taskId: back.task.id, back };
}

const resolve = (who: Console, taskId: string, body: object, key = uuid()) =>
  who.post(`/v1/staff/tasks/${taskId}/resolution`, body, { key });

const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000);

/** As if the copy had been kept for so long: the test cannot wait for days. */
async function keptSince(holdId: string, at: Date) {
  await library.sql('update hold set secured_at = ? where id = ?', [at, holdId]);
  await library.sql('update task set created_at = ?, due_at = ? where subject_id = ?', [at, at, holdId]);
}

test('H6 a reader who wants a call has a week from the call that staff record', async () => {
  const { reader, hold, taskId, back } = await toPhone();
  expect(back).toMatchObject({ do: 'keep', hold: { state: 'secured', keepUntil: null } });
  expect(back.text).toContain('The last day follows');
  expect(back.task.text).toContain('Phone the reader');
  const waiting = await desk.get(`/v1/staff/tasks/${taskId}`);
  expect(waiting.body).toMatchObject({
    state: 'open',
    phone: '092-555-0101',
    keepUntil: null,
    earlierCalls: 0,
  });

  const called = await resolve(desk, taskId, { outcome: 'reached', note: 'Comes on Saturday.' });
  expect(called.status).toBe(200);
  expect(called.body).toMatchObject({
    state: 'done',
    reader: { id: reader.id },
    resolved: { by: desk.name, outcome: 'reached', note: 'Comes on Saturday.' },
  });
  const kept = await desk.get(`/v1/staff/holds/${hold.id}`);
  const contactedAt = Date.parse(kept.body.contactedAt);
  expect(Math.abs(contactedAt - Date.now())).toBeLessThan(60_000);
  expect(Date.parse(kept.body.keepUntil)).toBe(weekFrom(contactedAt));
});

test('H6 a late call still gives the reader the whole week', async () => {
  const { hold, taskId } = await toPhone();
  await keptSince(hold.id, secondsAgo(4 * 86_400));
  expect((await desk.get(`/v1/staff/tasks/${taskId}`)).body.state).toBe('overdue');
  await resolve(desk, taskId, { outcome: 'reached' });
  const { body } = await desk.get(`/v1/staff/holds/${hold.id}`);
  expect(Date.parse(body.keepUntil)).toBe(weekFrom(Date.parse(body.contactedAt)));
  expect(Date.parse(body.keepUntil)).toBeGreaterThan(Date.now() + 6 * 86_400_000);
});

test('H6 a call recorded later counts from when it was made, but not from before the copy was kept', async () => {
  const made = secondsAgo(2 * 86_400);
  const late = await toPhone();
  await keptSince(late.hold.id, secondsAgo(3 * 86_400));
  await resolve(desk, late.taskId, { outcome: 'reached', calledAt: made.toISOString() });
  const { body } = await desk.get(`/v1/staff/holds/${late.hold.id}`);
  expect(body.contactedAt).toBe(made.toISOString());
  expect(Date.parse(body.keepUntil)).toBe(weekFrom(made.getTime()));

  const early = await toPhone();
  await resolve(desk, early.taskId, { outcome: 'reached', calledAt: made.toISOString() });
  const kept = (await desk.get(`/v1/staff/holds/${early.hold.id}`)).body;
  expect(kept.contactedAt).toBe(kept.securedAt);
});

test('H6 a reader who was not reached is called again: the task comes back, and no week has begun', async () => {
  const { hold, taskId } = await toPhone();
  const first = await resolve(desk, taskId, { outcome: 'not-reached', note: 'Engaged.' });
  expect(first.body).toMatchObject({ state: 'done', resolved: { outcome: 'not-reached', note: 'Engaged.' } });
  expect((await desk.get(`/v1/staff/holds/${hold.id}`)).body.keepUntil).toBeNull();

  const list = await desk.get(`/v1/staff/lists/to-phone?limit=100`);
  const again = list.body.items.find(({ holdId }: { holdId: string }) => holdId === hold.id);
  expect(again).toMatchObject({ state: 'open', earlierCalls: 1 });
  expect(again.id).not.toBe(taskId);
  expect((await resolve(desk, again.id, { outcome: 'reached' })).status).toBe(200);
  expect((await desk.get(`/v1/staff/holds/${hold.id}`)).body.keepUntil).not.toBeNull();
});

test('H6 a call recorded twice counts once: the same request is the same call, a colleague hears who was first', async () => {
  const { hold, taskId } = await toPhone();
  const key = uuid();
  const first = await resolve(desk, taskId, { outcome: 'reached' }, key);
  const repeated = await resolve(desk, taskId, { outcome: 'reached' }, key);
  expect(repeated).toMatchObject({ status: 200, body: first.body });
  expect(repeated.headers.get('idempotency-replayed')).toBe('true');

  const second = await resolve(colleague, taskId, { outcome: 'not-reached' });
  expect(second).toMatchObject({ status: 409, body: { code: 'task-resolved' } });
  expect(second.body.reasons).toMatchObject([
    { by: desk.name, at: first.body.resolved.at, outcome: 'reached' },
  ]);
  expect(second.body.detail).toContain(desk.name);

  const calls = await library.sql(`select kind from event where subject_id = ? and kind like 'call-%'`, [
    hold.id,
  ]);
  expect(calls).toEqual([{ kind: 'call-reached' }]);
});

test('H6 two colleagues record the call at the same moment: one counts, the other hears of it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { hold, taskId } = await toPhone();
    const answers = await Promise.all([
      resolve(desk, taskId, { outcome: 'reached' }),
      resolve(colleague, taskId, { outcome: 'reached' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('task-resolved');
    const calls = await library.sql(`select kind from event where subject_id = ? and kind like 'call-%'`, [
      hold.id,
    ]);
    expect(calls).toHaveLength(1);
  }
});

test('H6 the call comes too late when the hold has ended meanwhile', async () => {
  const { hold, taskId } = await toPhone();
  await desk.post(`/v1/staff/holds/${hold.id}/cancellation`, { reason: 'Asked for by letter.' });
  const late = await resolve(colleague, taskId, { outcome: 'reached' });
  expect(late).toMatchObject({ status: 409, body: { code: 'task-resolved' } });
  expect(late.body.reasons).toMatchObject([{ outcome: 'dropped' }]);
});

test('H6 a reader without a usable address is phoned although they asked for mail', async () => {
  const { title, item } = await library.lentTitle(desk);
  const reader = await library.build.patron();
  const hold = await library.hold(desk, reader, title, { contact: 'mail' });
  await library.sql(`update patron set email_state = 'failing' where id = ?`, [reader.id]);
  const back = await library.takeBack(desk, item);
  expect(back.task).not.toBeNull();
  await resolve(desk, back.task.id, { outcome: 'reached' });
  expect((await desk.get(`/v1/staff/holds/${hold.id}`)).body.keepUntil).not.toBeNull();
});
