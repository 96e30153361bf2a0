import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { contest, createActs, lentTitle, refusals, rounds, together } from './race.ts';

const now = Date.UTC(2026, 5, 1, 10);
const minute = 60_000;

let bench: ActivityBench;
let act: ReturnType<typeof createActs>;
beforeAll(async () => {
  bench = await startActivities();
  act = createActs(bench);
});
afterAll(() => bench.stop());

const eventsOf = async (subjectId: string) =>
  (
    await bench.rows<{ kind: string }>('select kind from event where subject_id = ? order by seq', [
      subjectId,
    ])
  ).map(({ kind }) => kind);

test('L4 a renewal and a hold that meet: exactly one wins, whichever was first', async () => {
  const seen = new Set<boolean>();
  for (let round = 0; round < rounds; round += 1) {
    const { titleId, loanId } = await lentTitle(bench, now);
    const reader = await bench.build.patron();
    const holdId = uuid();
    const [renewed, placed] = await contest(
      round,
      () => act.renew(loanId, now + minute),
      () => act.place(reader.id, titleId, now + minute, { holdId }),
    );
    expect(refusals(placed)).toEqual([]);
    const order = await bench.rows<{ kind: string }>(
      `select kind from event where kind in ('renewed', 'hold-placed') and subject_id in (?, ?) order by seq`,
      [loanId, holdId],
    );
    const won = refusals(renewed).length === 0;
    expect(refusals(renewed)).toEqual(won ? [] : ['renewal-title-held']);
    expect(order.map(({ kind }) => kind)).toEqual(won ? ['renewed', 'hold-placed'] : ['hold-placed']);
    seen.add(won);
  }
  expect(seen.size).toBe(2);
});

test('L1 two desks that check in the same item tell the same, and its loan ends once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { titleId, itemId, loanId } = await lentTitle(bench, now);
    const holdId = uuid();
    await act.place((await bench.build.patron()).id, titleId, now, { holdId });
    const scans = await contest(
      round,
      () => act.checkIn(itemId, now + minute),
      () => act.checkIn(itemId, now + minute),
    );
    expect(scans.map((scan) => 'instruction' in scan && scan.instruction)).toEqual([
      { do: 'keep', holdId },
      { do: 'keep', holdId },
    ]);
    expect(scans.filter((scan) => 'loanId' in scan)).toMatchObject([{ loanId }]);
    expect(await eventsOf(loanId)).toEqual(['checked-out', 'returned']);
    expect(await eventsOf(holdId)).toEqual(['hold-placed', 'hold-secured']);
  }
});

test('L1 two readers at two desks with the same copy in the record: one gets it', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const item = await bench.build.item((await bench.build.title()).id);
    const [one, other] = [await bench.build.patron(), await bench.build.patron()];
    const answers = await contest(
      round,
      () => act.checkOut(one.id, item.id, now),
      () => act.checkOut(other.id, item.id, now),
    );
    expect(answers.flatMap(refusals)).toEqual(['item-on-loan']);
  }
});

test('H11 an item marked lost while it is checked out: the loan ends as lost, or never begins', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const item = await bench.build.item((await bench.build.title()).id);
    const reader = await bench.build.patron();
    const loanId = uuid();
    const [lent, marked] = await contest(
      round,
      () => act.checkOut(reader.id, item.id, now, loanId),
      () => act.mark(item.id, 'lost', now),
    );
    expect(refusals(marked)).toEqual([]);
    const story = (await eventsOf(loanId)).join();
    expect(refusals(lent)).toEqual(story === '' ? ['item-lost'] : []);
    expect(['', 'checked-out,lost']).toContain(story);
    seen.add(story);
  }
  expect(seen.size).toBe(2);
});

test('H11 a card closed while its hold is being served: the item goes to the next reader', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { titleId, itemId } = await lentTitle(bench, now);
    const reader = await bench.build.patron();
    const [holdId, heir] = [uuid(), uuid()];
    await act.place(reader.id, titleId, now, { holdId });
    await act.place((await bench.build.patron()).id, titleId, now, { holdId: heir });
    const [, closed] = await contest(
      round,
      () => act.checkIn(itemId, now + minute),
      () => act.closeCard(reader.id, now + minute),
    );
    expect(refusals(closed)).toEqual([]);
    expect((await eventsOf(holdId)).at(-1)).toBe('hold-cancelled');
    expect(await eventsOf(heir)).toEqual(['hold-placed', 'hold-secured']);
  }
});

test('G1 the same step twice at once is done once and answered twice', async () => {
  for (let round = 0; round < rounds / 4; round += 1) {
    const { titleId, itemId, loanId } = await lentTitle(bench, now);
    const [reader, holdId, lentId] = [await bench.build.patron(), uuid(), uuid()];
    const twice = async (step: () => Promise<object>) => {
      const [first, second] = await together(step, step);
      expect(refusals(first)).toEqual([]);
      expect(second).toEqual(first);
    };
    const key = uuid();
    await twice(() => act.renew(loanId, now + minute, key));
    await twice(() => act.place(reader.id, titleId, now + minute, { holdId }));
    await twice(() => act.checkIn(itemId, now + minute, key));
    await twice(() => act.checkOut(reader.id, itemId, now + minute, lentId));
    expect(await eventsOf(loanId)).toEqual(['checked-out', 'renewed', 'returned']);
    expect(await eventsOf(holdId)).toEqual(['hold-placed', 'hold-secured', 'hold-collected']);
    expect(await eventsOf(lentId)).toEqual(['checked-out']);

    const [other, cancelled] = [await bench.build.patron(), uuid()];
    await act.place(other.id, titleId, now + minute, { holdId: cancelled });
    await twice(() => act.cancel(cancelled, other.id, now + minute, `hold:${cancelled}/${key}`));
    const block = uuid();
    const operation = uuid();
    await twice(() =>
      bench.perform((does) =>
        does.blockPatron({
          patronId: other.id,
          blockId: block,
          reason: 'manual',
          actor: 'system',
          now,
          operation,
        }),
      ),
    );
    expect(await eventsOf(cancelled)).toEqual(['hold-placed', 'hold-cancelled']);
  }
});

test('L1 after all these races no invariant is broken and no step met a deadlock', async () => {
  expect(await bench.audit(now + minute)).toEqual([]);
  expect([...bench.retries.keys()].filter((why) => !why.startsWith('MovedOn'))).toEqual([]);
});
