import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openItemsOf, postingsOf, trialBalanceOf } from '../../../db/queries/books.ts';
import { balanceOf } from '../../../db/queries/charges.ts';
import { statementOf } from '../../../db/queries/statement.ts';
import { type ActivityBench, startActivities } from '../../support/activities.ts';

/** Many bookings of other readers, and one reader with two thousand; among a hundred thousand the page took no longer. */
let bench: ActivityBench;
let reader: string;
const others = 10_000;
const own = 2_000;
const begin = Date.parse('2026-01-01T00:00:00Z');

beforeAll(async () => {
  bench = await startActivities();
  const patron = await bench.build.patron();
  const crowd = await bench.build.patron();
  reader = patron.id;
  const pool = await bench.orm.em.getConnection().getNativeClient();
  const raise = async (patronId: string, count: number) => {
    await pool.query(
      `with journals as (
         insert into journal (id, library, operation, kind, patron_id, at, actor)
         select gen_random_uuid(), 'demo', 'charge:other:' || $1::text || n, 'charge-other', $1::uuid, $3::timestamptz + n * interval '1 minute', 'system'
         from generate_series(1, $2) n returning id, at
       ), postings as (
         insert into posting (id, journal_id, account, amount, currency)
         select gen_random_uuid(), journals.id, line.account, line.amount, 'EUR'
         from journals, lateral (values ('receivable:' || $1::text, 100), ('income:other', -100)) line (account, amount)
       )
       insert into charge (id, library, patron_id, journal_id, cause, subject_type, subject_id, amount, remaining, currency, raised_at)
       select gen_random_uuid(), 'demo', $1::uuid, id, 'other', 'desk', gen_random_uuid(), 100, 100, 'EUR', at from journals`,
      [patronId, count, new Date(begin)],
    );
  };
  await raise(crowd.id, others);
  await raise(reader, own);
  await pool.query('analyze');
}, 120_000);
afterAll(() => bench?.stop());

/** Milliseconds of the quickest of some tries: what the query costs, not what else the machine does. */
async function cost(ask: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 5; tries += 1) {
    const started = performance.now();
    await ask();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

test('P1 a page of a long statement is quick among many bookings, and adds up', async () => {
  const page = await statementOf(bench.orm, { patronId: reader, limit: 20 });
  expect(page).toHaveLength(21);
  expect(page[0]).toMatchObject({ amount: -100, balance: -100 * own, owed: 100 * own, credit: 0 });
  expect(page[0]?.parts).toMatchObject([{ cause: 'other', amount: 100 }]);
  expect((await balanceOf(bench.orm, reader)).open).toBe(100 * own);
  expect(await cost(() => statementOf(bench.orm, { patronId: reader, limit: 20 }))).toBeLessThan(1_500);
});

test('P10 the books of a period are read page by page, complete and in the order of time', async () => {
  const between = { from: new Date(begin), to: new Date(begin + 10_000 * 60_000) };
  let [count, sum, largest, last] = [0, 0n, 0, 0];
  for await (const page of postingsOf(bench.orm, 'demo', between)) {
    largest = Math.max(largest, page.length);
    for (const { amount, at } of page) {
      count += 1;
      sum += BigInt(amount);
      expect(at).toBeGreaterThanOrEqual(last);
      last = at;
    }
  }
  expect(count).toBe((9_999 + own) * 2);
  expect(sum).toBe(0n);
  expect(largest).toBeLessThanOrEqual(2_000);
});

test('P10 what is open item by item is what the trial balance says readers owe', async () => {
  const to = new Date(begin + 5_000 * 60_000);
  const accounts = await trialBalanceOf(bench.orm, 'demo', { from: new Date(begin), to });
  let open = 0n;
  for await (const page of openItemsOf(bench.orm, 'demo', to))
    for (const item of page) open += BigInt(item.open);
  expect(accounts.find(({ account }) => account === 'receivable')?.closing).toBe(String(open));
  expect(accounts.reduce((sum, { closing }) => sum + BigInt(closing), 0n)).toBe(0n);
});

test('P10 a table is of one moment: what is booked while it is read is in no page of it, and its connection is given back', async () => {
  const between = { from: new Date(begin), to: new Date(begin + 10_000 * 60_000) };
  const pool = await bench.orm.em.getConnection().getNativeClient();
  const pages = postingsOf(bench.orm, 'demo', between);
  const first = (await pages.next()).value as unknown[];
  await pool.query(
    `with booked as (insert into journal (id, library, operation, kind, at, actor)
       values (gen_random_uuid(), 'demo', 'late:' || gen_random_uuid(), 'charge-other', $1, 'system') returning id)
     insert into posting (id, journal_id, account, amount, currency)
     select gen_random_uuid(), id, line.account, line.amount, 'EUR'
     from booked, (values ('income:late', -100), ('safe:main', 100)) line (account, amount)`,
    [new Date(begin + 9_999 * 60_000 + 1)],
  );
  let count = first.length;
  for await (const page of pages) {
    expect(page.some(({ account }) => account === 'income:late')).toBe(false);
    count += page.length;
  }
  expect(count).toBe((9_999 + own) * 2);

  const abandoned = postingsOf(bench.orm, 'demo', between);
  await abandoned.next();
  await abandoned.return(undefined);
  expect(pool.totalCount - pool.idleCount).toBe(0);
});
