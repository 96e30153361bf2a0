import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';
import { codesOf } from '../support/readers.ts';

/*
 * The races of the steps themselves are in test/races. Here the requests meet on their way there: in the API, in the loan's workflow, and in that workflow's
 * last moments.
 */
let carrel: Carrel;
let library: Desks;
let desk: Console;
let colleague: Console;

beforeAll(async () => {
  carrel = await startCarrel({
    change: (policy) => ({ ...policy, holds: { ...policy.holds, window: 'PT1S' } }),
  });
  library = createDesks(carrel);
  desk = await library.staff('desk');
  colleague = await library.staff('desk');
});

afterAll(() => carrel?.stop());

test('L1 two desks scan the same copy at the same moment: both hear the same, the loan ends once', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { title, item, loan } = await library.lentTitle(desk);
    const hold = await library.hold(desk, await library.build.patron(), title, { contact: 'phone' });
    const scan = (who: Console) => who.post('/v1/staff/check-ins', { barcode: item.barcode, branch: 'main' });
    const answers = await Promise.all([scan(desk), scan(colleague)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    for (const { body } of answers) expect(body).toMatchObject({ do: 'keep', hold: { id: hold.id } });
    const returned = answers.flatMap(({ body }) => body.returned ?? []);
    expect(returned.map(({ id }: { id: string }) => id)).toEqual([loan.id]);
    const events = await library.sql<{ kind: string }>(
      `select kind from event where subject_id in (?, ?) and kind in ('returned', 'hold-secured')`,
      [loan.id, hold.id],
    );
    expect(events).toHaveLength(2);
  }
});

test('L1 the same request twice at once is one loan', async () => {
  for (let round = 0; round < 4; round += 1) {
    const item = await library.build.item((await library.build.title()).id);
    const { card } = await library.build.patron();
    const key = uuid();
    const lend = () =>
      desk.post('/v1/staff/check-outs', { card, barcode: item.barcode, branch: 'main' }, { key });
    const [one, two] = await Promise.all([lend(), lend()]);
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.id).toBe(two.body.id);
  }
});

test('L1 two desks lend the same copy to two readers at the same moment: one gets it, the other hears why', async () => {
  for (let round = 0; round < 4; round += 1) {
    const item = await library.build.item((await library.build.title()).id);
    const lend = async (who: Console) =>
      who.post('/v1/staff/check-outs', {
        card: (await library.build.patron()).card,
        barcode: item.barcode,
        branch: 'main',
      });
    const answers = await Promise.all([lend(desk), lend(colleague)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(codesOf(refused?.body.reasons)).toEqual(['item-on-loan']);
  }
});

test('H9 collected in the second in which it lapses: collected or lapsed, never both, and the next reader gets it only after a lapse', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, async (_, round) => {
      const { title, item } = await library.lentTitle(desk);
      const [reader, next] = [await library.build.patron(), await library.build.patron()];
      const hold = await library.hold(desk, reader, title);
      // Nobody phones, so that the next reader's own window does not begin and end meanwhile.
      const heir = await library.hold(desk, next, title, { contact: 'phone' });
      const { hold: kept } = await library.takeBack(desk, item);
      const wish = { card: reader.card, barcode: item.barcode, branch: 'main' };
      await pause(Math.max(Date.parse(kept.keepUntil) - Date.now() + (round - 6) * 15, 0));
      const tried = await desk.post('/v1/staff/check-outs', wish);
      const after = await library.holdWhen(desk, hold.id, ({ state }) => state !== 'secured');
      if (tried.status === 201) {
        expect({ state: after.state, holdId: tried.body.holdId }).toEqual({
          state: 'collected',
          holdId: hold.id,
        });
        expect((await desk.get(`/v1/staff/holds/${heir.id}`)).body.state).toBe('waiting');
        return 'collected';
      }
      expect(after.state).toBe('lapsed');
      expect(codesOf(tried.body.reasons)).toEqual(['item-kept-for-other']);
      await library.holdWhen(desk, heir.id, ({ securedAt }) => securedAt !== null);
      return 'lapsed';
    }),
  );
  expect(outcomes).toHaveLength(8);
});
