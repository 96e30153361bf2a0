import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { type LibrarySearch, requestsOfLibrary } from '../../../db/queries/librarys-requests.ts';
import { openOrm } from '../../../db/orm.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { storeRequests } from '../../support/many-requests.ts';

const count = 5_000;
const library = 'demo';

let database: TestDatabase;
let orm: MikroORM;

beforeAll(async () => {
  database = await createTestDatabase();
  // What a connection has read is told by itself, so that there is one only.
  orm = await openOrm({ databaseUrl: database.url, poolSize: 1 });
  await orm.em.fork().execute('insert into library (code, created_at) values (?, now())', [library]);
  await storeRequests(orm, { library, count });
}, 60_000);

afterAll(async () => {
  await orm?.close(true);
  await database?.drop();
});

/** How many rows of requests and their forms the database has looked at until now. */
async function looked(): Promise<number> {
  const em = orm.em.fork();
  await em.execute('select pg_stat_force_next_flush()');
  const [row] = await em.execute<{ rows: string }[]>(
    `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as rows from pg_stat_user_tables where relname in ('ill_form', 'ill_request')`,
  );
  return Number(row?.rows);
}

async function search(terms: string[], more: Partial<LibrarySearch> = {}) {
  const before = await looked();
  const rows = await requestsOfLibrary(orm, { library, terms, now: new Date(), limit: 20, ...more });
  return { numbers: rows.map(({ number }) => number), looked: (await looked()) - before };
}

const latest = Array.from({ length: 21 }, (_none, at) => `T${count - at}`);

describe('I11 librarians look for words', () => {
  test('I11 a word that stands in every request costs a page, not all of them', async () => {
    const found = await search(['common']);
    expect(found.numbers).toEqual(latest);
    expect(found.looked).toBeLessThan(1_200);
    const states = await search(['common', 'author'], { states: ['lent'] });
    expect(states.numbers).toEqual([]);
    expect(states.looked).toBeLessThan(1_200);
  });

  test('I11 its pages go on where the last one ended', async () => {
    const page = await requestsOfLibrary(orm, { library, terms: ['common'], now: new Date(), limit: 20 });
    const last = page[19];
    const before = { at: new Date(last?.submittedAt ?? 0), id: last?.id ?? '' };
    const next = await search(['common'], { before });
    expect(next.numbers.slice(0, 2)).toEqual([`T${count - 20}`, `T${count - 21}`]);
    expect(next.looked).toBeLessThan(1_200);
  });

  test('I11 a seldom word costs those that have it, wherever they stand in the list', async () => {
    const found = await search(['common', 'seldom']);
    expect(found.numbers).toEqual(['T4001', 'T3001', 'T2001', 'T1001', 'T1']);
    expect(found.looked).toBeLessThan(60);
    const nothing = await search(['nowhere']);
    expect(nothing.numbers).toEqual([]);
    expect(nothing.looked).toBeLessThan(20);
  });

  test('I11 a single letter, which the index does not know, is looked for in the order of the list', async () => {
    const found = await search(['o']);
    expect(found.numbers).toEqual(latest);
    expect(found.looked).toBeLessThan(200);
  });
});
