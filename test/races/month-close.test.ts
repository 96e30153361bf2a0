import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { book } from '../../activities/ledger.ts';
import { inTransaction } from '../../db/transaction.ts';
import { daysBetween, startOfDay } from '../../domain/months.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { contest, desk, rounds } from './race.ts';

let bench: ActivityBench;
beforeAll(async () => {
  bench = await startActivities();
  for (const day of daysBetween('2026-10-01', '2026-10-31'))
    await bench.rows(
      `insert into reconciliation (id, library, day, ends_at, first_run_at, run_at, actor, accounts)
       values (gen_random_uuid(), 'demo', ?, '2026-10-01', '2026-11-02', '2026-11-02', 'system', '[]')`,
      [day],
    );
});
afterAll(() => bench.stop());

const ends = () => new Date(startOfDay(bench.policy, '2026-11-01').epochMilliseconds);

async function putInto(at: Date): Promise<string> {
  return inTransaction(bench.orm, async (tx) => {
    const lines = [
      { account: 'cash:main', amount: 1n },
      { account: 'income:other', amount: -1n },
    ];
    const given = {
      library: 'demo',
      operation: uuid(),
      kind: 'other',
      currency: 'EUR',
      actor: desk,
    } as const;
    const id = await book(tx, { ...given, lines, at });
    await sleep(Math.random() * 6);
    return id;
  });
}

const close = () =>
  bench.perform((does) =>
    does.closeMonth({
      closingId: uuid(),
      library: 'demo',
      month: '2026-10',
      actor: desk,
      operation: uuid(),
      now: Date.UTC(2026, 10, 5),
    }),
  );

async function inside(): Promise<number> {
  const [row] = await bench.rows<{ n: number }>(
    `select count(*)::int as n from journal where library = 'demo' and at < ?`,
    [ends()],
  );
  return row?.n ?? 0;
}

test('P9 a booking and the closing of its month never cross: what is inside when it is closed stays all there is', async () => {
  const went = { inside: 0, moved: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const before = await inside();
    const [seen] = await contest(
      round,
      async () => {
        expect(await close()).toEqual({ month: '2026-10' });
        return inside();
      },
      () => Promise.all([0, 1, 2, 3].map(() => putInto(new Date(Date.UTC(2026, 9, 20))))),
    );
    expect(await inside()).toBe(seen);
    went.inside += seen - before;
    went.moved += 4 - (seen - before);
    await bench.rows(
      `update month_closing set reopened_at = now(), reopened_by = ? where reopened_at is null`,
      [desk],
    );
    await bench.rows(`update library set closed_until = null where code = 'demo'`);
  }
  expect(went.inside).toBeGreaterThan(0);
  expect(went.moved).toBeGreaterThan(0);
});

test('P9 of two who close a month at once one does, and the other is told', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const answers = await contest(round, close, close);
    expect(answers.filter((answer) => 'month' in answer)).toHaveLength(1);
    expect(answers).toContainEqual({ refused: [{ code: 'month-closed', latest: '2026-10' }] });
    await bench.rows(
      `update month_closing set reopened_at = now(), reopened_by = ? where reopened_at is null`,
      [desk],
    );
    await bench.rows(`update library set closed_until = null where code = 'demo'`);
  }
});
