import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { openOrm } from '../../db/orm.ts';
import { bind, personalTables } from '../../db/personal-data/index.ts';
import { createTestDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let orm: MikroORM;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url });
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

const names = async (sql: string): Promise<string[]> =>
  (await orm.em.fork().execute<{ name: string }[]>(sql)).map(({ name }) => name);

test('A12 every table that refers to a reader says how it is handed out and erased', async () => {
  const referring = await names(`
    select distinct table_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE' and column_name in ('patron_id', 'holder_id', 'main_id', 'sub_id', 'subject_id')
    union
    select conrelid::regclass::text from pg_constraint where contype = 'f' and confrelid = 'patron'::regclass
    order by 1`);
  expect(referring.length).toBeGreaterThan(20);
  const known = personalTables.map(({ table }) => table);
  expect(referring.filter((table) => !known.includes(table))).toEqual([]);
  expect(new Set(known).size).toBe(known.length);
});

test('A12 every column of a reader’s row is emptied by the erasure, or stays for a reason', async () => {
  const staying = ['id', 'library', 'language', 'user_group', 'created_at', 'deposit'];
  const [erase = ''] = personalTables.find(({ table }) => table === 'patron')?.erase ?? [];
  const columns = await names(
    `select column_name as name from information_schema.columns where table_name = 'patron' and table_schema = 'public'`,
  );
  const [set = ''] = erase.split('where');
  const kept = columns.filter((column) => !new RegExp(`\\b${column} = `).test(set));
  expect(new Set(kept)).toEqual(new Set(staying));
});

test('A12 every statement runs as it stands', async () => {
  const nobody = '0190b0a4-0000-7000-8000-000000000000';
  const values = { patron: nobody, anonymous: nobody, at: new Date() };
  for (const { rows, erase } of personalTables)
    for (const statement of [...(rows === undefined ? [] : [rows]), ...erase]) {
      const { text, values: given } = bind(statement, values);
      await expect(orm.em.fork().execute(text, given)).resolves.toBeDefined();
    }
  expect(() => bind('select :nothing', values)).toThrow('Nothing is given for :nothing.');
});
