import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { ActivityDeps } from '../../activities/deps.ts';
import { createTidyActivities } from '../../activities/tidy.ts';
import { ensureLibraries } from '../../db/libraries.ts';
import { openOrm } from '../../db/orm.ts';
import { createBuilders } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { policies } from '../support/made-once.ts';

let database: TestDatabase;
let orm: MikroORM;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url });
  await ensureLibraries(orm, ['demo'], new Date());
});

afterAll(async () => {
  await orm?.close(true);
  await database?.drop();
});

test('what has expired goes, what has not stays, and a second run finds nothing', async () => {
  const build = createBuilders(orm, 'demo');
  const { id } = await build.patron();
  await build.sign('patron', id);
  const sql = orm.em.getConnection();
  const rows = (age: string) => [
    `insert into request values ('r${age}', 'f', now() - interval '${age}')`,
    `insert into operation values ('o${age}', '{}', now() - interval '${age}')`,
    `insert into sign_in_throttle values ('t${age}', 3, 0, now() - interval '${age}', null)`,
    `insert into known_address values ('${id}', 'a${age}', now() - interval '${age}')`,
    `insert into password_link values (gen_random_uuid(), '${id}', now(), now() - interval '${age}')`,
    `insert into email_confirmation values (gen_random_uuid(), 'demo', 'patron', '${id}', 'a@reader.example', 'set', 'system', now(), now() - interval '${age}')`,
    `insert into cart_confirmation values (gen_random_uuid(), '${id}', '[]', now() - interval '${age}')`,
  ];
  for (const statement of [...rows('1 hour'), ...rows('200 days')]) await sql.execute(statement);
  await sql.execute(
    `insert into sign_in_throttle values ('locked', 9, 3, now() - interval '9 days', now() + interval '1 hour')`,
  );

  const { tidy } = createTidyActivities({ orm, policies } as ActivityDeps);
  await sql.execute(
    `insert into email_confirmation values (gen_random_uuid(), 'demo', 'patron', '${id}', 'b@reader.example', 'set', 'system', now(), now() - interval '1 year', now() - interval '2 years')`,
  );

  expect(await tidy({ now: Date.now() })).toEqual({ deleted: 7, erased: 0 });
  expect(await tidy({ now: Date.now() })).toEqual({ deleted: 0, erased: 0 });
  expect(await sql.execute('select key from sign_in_throttle order by key')).toEqual([
    { key: 'locked' },
    { key: 't1 hour' },
  ]);
  expect(await tidy({ now: Date.now() + 91 * 86_400_000 })).toEqual({ deleted: 9, erased: 0 });
});
