import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { contest, createActs, lentTitle, refusals, rounds, together } from './race.ts';

const now = Date.UTC(2026, 5, 1, 10);
const day = 24 * 60 * 60_000;

let bench: ActivityBench;
let act: ReturnType<typeof createActs>;
beforeAll(async () => {
  bench = await startActivities({
    change: (policy) => ({
      ...policy,
      holds: { ...policy.holds, window: 'P1W', limits: { total: 2, kinds: { audiovisual: 1 }, countAs: {} } },
    }),
  });
  act = createActs(bench);
});
afterAll(() => bench.stop());

const stateOf = async (holdId: string) =>
  (await bench.rows<{ state: string }>('select state from hold where id = ?', [holdId]))[0]?.state;

test('H2 several requests at once cannot pass the limit, whatever channel they come by', async () => {
  const titles = [];
  for (let n = 0; n < 5; n += 1) titles.push((await lentTitle(bench, now)).titleId);
  const [first = '', ...rest] = titles;
  for (let round = 0; round < rounds; round += 1) {
    const { id } = await bench.build.patron();
    await act.place(id, first, now);
    const answers = await together(
      ...rest.map((title, n) => () => act.place(id, title, now, { channel: n % 2 ? 'desk' : 'web' })),
    );
    const codes = answers.map(refusals).toSorted((a, b) => a.length - b.length);
    expect(codes).toEqual([[], ['hold-limit'], ['hold-limit'], ['hold-limit']]);
  }
});

test('H2 two audiovisuals at once: one, although there is room for another book', async () => {
  const discs = [
    await bench.build.title({ kind: 'audiovisual' }),
    await bench.build.title({ kind: 'audiovisual' }),
  ];
  for (const { id } of discs)
    await act.checkOut((await bench.build.patron()).id, (await bench.build.item(id)).id, now);
  for (let round = 0; round < rounds / 2; round += 1) {
    const reader = await bench.build.patron();
    const answers = await together(
      ...discs.map(
        ({ id }) =>
          () =>
            act.place(reader.id, id, now),
      ),
    );
    expect(answers.flatMap(refusals)).toEqual(['hold-limit-kind']);
  }
});

test('H5 many readers ask for one title at once and are served in the order of their places', async () => {
  for (let round = 0; round < rounds / 10; round += 1) {
    const { titleId, itemId } = await lentTitle(bench, now);
    const readers = await Promise.all(Array.from({ length: 8 }, () => bench.build.patron()));
    await together(
      ...readers.map(
        ({ id }) =>
          () =>
            act.place(id, titleId, now),
      ),
      () => act.checkIn(itemId, now),
    );
    const queue = await bench.rows<{ patron_id: string }>(
      'select patron_id from hold where title_id = ? order by queue_no',
      [titleId],
    );
    const served: string[] = [];
    for (let turn = 0; turn < queue.length; turn += 1) {
      await act.checkIn(itemId, now);
      const [kept] = await bench.rows<{ patron_id: string }>(
        `select patron_id from hold where item_id = ? and state = 'secured'`,
        [itemId],
      );
      served.push(kept?.patron_id ?? 'nobody');
      expect(refusals(await act.checkOut(kept?.patron_id ?? '', itemId, now))).toEqual([]);
    }
    expect(served).toEqual(queue.map(({ patron_id }) => patron_id));
  }
});

test('H7 a cancellation and a check-in that meet: cancelled, or secured and kept', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const { titleId, itemId } = await lentTitle(bench, now);
    const [reader, heir] = [await bench.build.patron(), await bench.build.patron()];
    const holdId = uuid();
    await act.place(reader.id, titleId, now, { holdId });
    await act.place(heir.id, titleId, now);
    const [cancelled] = await contest(
      round,
      () => act.cancel(holdId, reader.id, now + 1),
      () => act.checkIn(itemId, now + 1),
    );
    const [item] = await bench.rows<{ state: string; patron_id: string }>(
      'select item.state, patron_id from item join hold on hold.id = item.hold_id where item.id = ?',
      [itemId],
    );
    const refused = refusals(cancelled);
    expect(refused).toEqual((await stateOf(holdId)) === 'cancelled' ? [] : ['hold-secured']);
    expect(item).toEqual({ state: 'hold-shelf', patron_id: refused.length > 0 ? reader.id : heir.id });
    seen.add(refused.join());
  }
  expect([...seen]).toHaveProperty('length', 2);
});

test('H11 a block and a check-in that meet: served before it, or passed over and told', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const { titleId, itemId } = await lentTitle(bench, now);
    const [first, second] = [uuid(), uuid()];
    const reader = await bench.build.patron();
    await act.place(reader.id, titleId, now, { holdId: first });
    await act.place((await bench.build.patron()).id, titleId, now, { holdId: second });
    await contest(
      round,
      () => act.block(reader.id, now + 1),
      () => act.checkIn(itemId, now + 1),
    );
    const states = `${await stateOf(first)} ${await stateOf(second)}`;
    expect(['secured waiting', 'waiting secured']).toContain(states);
    seen.add(states);
  }
  expect([...seen]).toHaveProperty('length', 2);
});

test('H9 a collection and a lapse in the same second: one wins, and the next is served only after the lapse', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const { titleId, itemId } = await lentTitle(bench, now);
    const reader = await bench.build.patron();
    const [holdId, heir] = [uuid(), uuid()];
    await act.place(reader.id, titleId, now, { holdId });
    await act.place((await bench.build.patron()).id, titleId, now, { holdId: heir });
    await act.checkIn(itemId, now);
    bench.woken.length = 0;
    const [collected, looked] = await contest(
      round,
      () => act.checkOut(reader.id, itemId, now + 8 * day),
      () => act.look(holdId, now + 8 * day),
    );
    const won = refusals(collected).length === 0;
    expect(refusals(collected)).toEqual(won ? [] : ['item-kept-for-other']);
    expect(await stateOf(holdId)).toBe(won ? 'collected' : 'lapsed');
    expect(looked).toMatchObject({ state: won ? 'collected' : 'lapsed', ended: true });
    expect(await stateOf(heir)).toBe(won ? 'waiting' : 'secured');
    expect(bench.woken).toEqual([`hold:${won ? holdId : heir}`]);
    seen.add(String(won));
  }
  expect([...seen]).toHaveProperty('length', 2);
});

test('H10 a closing day entered while the window runs out: lapsed, or kept until the next open day', async () => {
  const seen = new Set<string>();
  const remark = uuid();
  await bench.orm.em
    .fork()
    .execute(`insert into remark values (?, 'demo', ?, 'Inventory', now())`, [remark, uuid()]);
  for (let round = 0; round < rounds; round += 1) {
    const { titleId, itemId } = await lentTitle(bench, now);
    const [reader, holdId] = [await bench.build.patron(), uuid()];
    await act.place(reader.id, titleId, now, { holdId });
    await act.checkIn(itemId, now);
    const closed = new Date(now + round * day).toISOString().slice(0, 10);
    const until = Date.parse(`${closed}T21:00:00Z`);
    await bench.orm.em
      .fork()
      .execute('update hold set keep_until = ? where id = ?', [new Date(until), holdId]);
    const [, added] = await contest(
      round,
      () => act.look(holdId, until),
      () => act.closeDay(closed, remark, until),
    );
    expect(refusals(added)).toEqual([]);
    const [hold] = await bench.rows<{ state: string; keep_until: Date }>(
      'select state, keep_until from hold where id = ?',
      [holdId],
    );
    const lapsed = hold?.state === 'lapsed';
    if (!lapsed) expect(hold?.state).toBe('secured');
    expect(new Date(hold?.keep_until ?? 0).getTime() > until).toBe(!lapsed);
    seen.add(hold?.state ?? '');
  }
  expect([...seen]).toHaveProperty('length', 2);
});

test('H5 after all these races no invariant is broken and no step met a deadlock', async () => {
  expect(await bench.audit(now)).toEqual([]);
  expect([...bench.retries.keys()].filter((why) => !why.startsWith('MovedOn'))).toEqual([]);
});
