import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { inOneTransaction } from '../../db/shared.ts';
import { openOrm } from '../../db/orm.ts';
import { inTransaction } from '../../db/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const places = 3;
let database: TestDatabase;
let orm: MikroORM;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url, poolSize: places });
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

const lost = /terminating connection|Connection terminated/i;
const suicide = 'select pg_terminate_backend(pg_backend_pid())';
const answers = async () =>
  Promise.all(
    Array.from({ length: places + 1 }, async () => {
      const [row] = await inTransaction(orm, (tx) => tx.execute<{ one: number }[]>('select 1 as one'));
      return row?.one;
    }),
  );

test('G1 a transaction whose connection is lost gives its place in the pool back, however many are lost', async () => {
  for (let time = 0; time < 2 * places; time += 1)
    await expect(inTransaction(orm, (tx) => tx.execute(suicide))).rejects.toThrow(lost);
  expect(await answers()).toEqual([1, 1, 1, 1]);
});

test('G1 so does what a request shares, and a statement by itself', async () => {
  const ask = (sql: string) => orm.em.getConnection().execute(sql);
  for (let time = 0; time < 2 * places; time += 1) {
    await expect(ask(suicide)).rejects.toThrow(lost);
    await expect(inOneTransaction(() => ask(suicide))).rejects.toThrow(lost);
  }
  expect(await answers()).toEqual([1, 1, 1, 1]);
});
