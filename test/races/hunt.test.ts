import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { deliverNotice } from '../../activities/notices/deliver.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { hunt } from './hunt.ts';
import { createActs, lentTitle } from './race.ts';

const seconds = Number(process.env.RACE_SECONDS ?? 6);

let bench: ActivityBench;
beforeAll(async () => {
  bench = await startActivities({
    connections: 24,
    change: (policy) => ({ ...policy, holds: { ...policy.holds, onShelf: true } }),
  });
});
afterAll(() => bench.stop());

const notMovedOn = () => [...bench.retries].filter(([why]) => !/^MovedOn|MailDeferred/.test(why));

test(
  'G1 sixteen workers do everything at once: no deadlock, and no invariant is broken',
  async () => {
    bench.mailbox.behave((address) => refusal(address));
    const plan = { workers: 16, titles: 2, copies: 2, readers: 5, forMs: seconds * 1_000 };
    const { steps, refused } = await hunt(bench, plan);
    bench.mailbox.behave();
    expect(notMovedOn()).toEqual([]);
    expect(await bench.audit(Date.UTC(2026, 5, 1, 10), 'P1000D')).toEqual([]);
    expect(steps - refused).toBeGreaterThan(20);
  },
  60_000 + seconds * 1_000,
);

const refusal = (_address: string) => {
  if (Math.random() < 0.1) return { code: 550, message: 'no such user' };
  return undefined;
};

test('A11 an address that is refused for good is marked while the desk cancels the same hold', async () => {
  const now = Date.UTC(2026, 5, 1, 10);
  const act = createActs(bench);
  const { titleId, itemId } = await lentTitle(bench, now);
  const [reader, holdId] = [await bench.build.patron(), uuid()];
  await act.place(reader.id, titleId, now, { holdId, contact: 'mail' });
  await act.checkIn(itemId, now);
  const [secured] = await bench.rows<{ id: string }>(
    `select id from notice where subject_id = ? and kind = 'secured'`,
    [holdId],
  );
  bench.mailbox.behave(() => ({ code: 550, message: 'no such user' }));
  const outside = await holdTitle(titleId);
  const delivered = bench.perform(() =>
    deliverNotice(bench.deps, { noticeId: secured?.id ?? '' }, new Date(now)),
  );
  await untilWaiting(1);
  const cancelled = bench.perform((does) =>
    does.cancelHold({ holdId, actor: 'staff:1', reason: 'by-staff', now, operation: uuid() }),
  );
  await untilWaiting(2);
  await outside.release();
  await Promise.all([delivered, cancelled]);
  bench.mailbox.behave();
  expect(notMovedOn()).toEqual([]);
});

/** Locks a title from outside, so that steps queue up behind it in a known order. */
async function holdTitle(titleId: string) {
  const pool = await bench.orm.em.getConnection().getNativeClient();
  const connection = await pool.connect();
  await connection.query('begin');
  await connection.query('select id from title where id = $1 for no key update', [titleId]);
  return {
    release: async () => {
      await connection.query('rollback');
      connection.release();
    },
  };
}

async function untilWaiting(count: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const [row] = await bench.rows<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if ((row?.n ?? 0) >= count) return;
    await sleep(25);
  }
  throw new Error(`There were never ${count} steps waiting for a lock.`);
}
