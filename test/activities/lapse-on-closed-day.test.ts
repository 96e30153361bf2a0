import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { Closure, Hold } from '../../db/entities/index.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';

/** Chikushino: a week, to closing time, on open days only. Thursday 10 December 2026, noon. */
let bench: ActivityBench;
const library = 'chikushino';
const now = Date.parse('2026-12-10T03:00:00Z');
const actor = 'staff:00000000-0000-7000-8000-000000000001';

beforeAll(async () => {
  bench = await startActivities({ library });
});
afterAll(() => bench?.stop());

const look = (holdId: string, at: number) => bench.activities.lookAtHold({ holdId, now: at });
const find = (id: string) => bench.orm.em.fork().findOneOrFail(Hold, { id });
const inTokyo = (wall: string) =>
  Temporal.PlainDateTime.from(wall).toZonedDateTime('Asia/Tokyo').epochMilliseconds;

async function secured() {
  const { build, activities } = bench;
  const title = await build.title();
  const item = await build.item(title.id, { branch: 'library' });
  const desk = { library, branch: 'library', actor, now } as const;
  const [loanId, holdId] = [uuid(), uuid()];
  await activities.checkOut({ ...desk, loanId, patronId: (await build.patron()).id, itemId: item.id });
  await activities.placeHold({
    ...desk,
    holdId,
    patronId: (await build.patron()).id,
    titleId: title.id,
    pickupPlace: 'library',
    contact: 'none',
    channel: 'web',
  });
  await activities.checkIn({ ...desk, itemId: item.id, scanId: uuid(), operation: uuid() });
  return holdId;
}

test('H10 a pickup period whose last day has been closed since, without moving it, ends on the next open day', async () => {
  const holdId = await secured();
  const end = inTokyo('2026-12-17T18:00');
  expect((await find(holdId)).keepUntil?.getTime()).toBe(end);
  // As after a new version of the policy, or where the day was entered in the same second as the contact.
  const closed = {
    library,
    place: 'library',
    reason: '停電',
    createdBy: actor,
    createdAt: new Date(now),
  } as const;
  await bench.orm.em.fork().insert(Closure, { id: uuid(), day: '2026-12-17', ...closed });

  const later = inTokyo('2026-12-18T20:00');
  expect(await look(holdId, end)).toMatchObject({ state: 'secured', ended: false, wakeAt: later });
  expect((await find(holdId)).keepUntil?.getTime()).toBe(later);
  expect(await look(holdId, later)).toMatchObject({ state: 'lapsed', ended: true });
});
