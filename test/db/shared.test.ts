import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { openOrm } from '../../db/orm.ts';
import { rowsOf } from '../../db/prepared.ts';
import { apart, inOneReading, inOneTransaction } from '../../db/shared.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
/** With a single connection: who keeps it keeps everybody else waiting. */
let orm: MikroORM;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url, poolSize: 1 });
});

afterAll(async () => {
  await orm.close();
  await database.drop();
});

const which = 'select pg_current_xact_id()::text as id';
const plain = async () =>
  (await rowsOf<{ id: string }>(orm, { name: 'which', text: which }, []))[0]?.id ?? '';
const mapped = async () => (await reader(orm).execute<{ id: string }[]>(which))[0]?.id ?? '';
const own = () => inTransaction(orm, async (tx) => (await tx.execute<{ id: string }[]>(which))[0]?.id ?? '');
const add = (code: string) => reader(orm).execute('insert into library values (?, now())', [code]);
const has = async (code: string) =>
  (await reader(orm).execute<unknown[]>('select from library where code = ?', [code])).length === 1;

describe('one transaction of whatever asks the database meanwhile', () => {
  test('all statements are in it, by whichever way and also at once; without it each is by itself', async () => {
    const ids = await inOneTransaction(async () => [
      await plain(),
      ...(await Promise.all([mapped(), plain(), mapped()])),
    ]);
    expect(new Set(ids).size).toBe(1);
    expect(new Set([await plain(), await mapped()]).size).toBe(2);
  });

  test('two at once have one each', async () => {
    const both = await Promise.all([inOneTransaction(plain), inOneTransaction(plain), plain()]);
    expect(new Set(both).size).toBe(3);
  });

  test('a transaction of one’s own ends it, finds what was written in it, and has the connection', async () => {
    await inOneTransaction(async () => {
      const first = await plain();
      await add('before');
      const [second, found] = [await own(), await has('before')];
      expect(second).not.toBe(first);
      expect(found).toBe(true);
      expect(await plain()).not.toBe(second);
    });
  });

  test('what was written is there once it has been ended, and also when the work fails', async () => {
    await inOneTransaction(async () => {
      await add('ended');
      await apart();
      expect(await inOneTransaction(() => has('ended'))).toBe(true);
    });
    const failing = inOneTransaction(async () => {
      await add('failed');
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(await has('failed')).toBe(true);
  });

  test('who waits for something else gives the connection to others', async () => {
    const [begun, others] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = inOneTransaction(async () => {
      const first = await plain();
      begun.resolve();
      await others.promise;
      return [first, await plain()];
    });
    await begun.promise;
    await plain();
    others.resolve();
    expect(new Set(await slow).size).toBe(2);
  });

  test('another database is asked as ever', async () => {
    const other = await openOrm({ databaseUrl: database.url, poolSize: 1 });
    const process = 'select pg_backend_pid() as id';
    const ids = await inOneTransaction(async () => [
      ...(await reader(orm).execute<object[]>(process)),
      ...(await reader(other).execute<object[]>(process)),
      ...(await reader(orm).execute<object[]>(process)),
    ]);
    await other.close();
    expect(ids[0]).toEqual(ids[2]);
    expect(ids[1]).not.toEqual(ids[0]);
  });

  test('a statement that fails fails for whoever made it, and the connection goes back, as good as before', async () => {
    const connection = () => reader(orm).execute('select pg_backend_pid() as id');
    const before = await connection();
    const failing = inOneTransaction(() => reader(orm).execute('select * from nothing'));
    await expect(failing).rejects.toThrow('nothing');
    expect(await connection()).toEqual(before);
  });

  test('what was written before a statement that failed is lost, and nobody is told that it was kept', async () => {
    const tolerant = inOneTransaction(async () => {
      await add('lost');
      await reader(orm)
        .execute('select * from nothing')
        .catch(() => undefined);
      return 'kept';
    });
    await expect(tolerant).rejects.toThrow('nothing of the transaction is kept');
    expect(await has('lost')).toBe(false);
  });

  test('what is read together was true at one moment, and nothing is written', async () => {
    const isolation = `select current_setting('transaction_isolation') as kept`;
    const seen = await inOneReading(() => reader(orm).execute(isolation));
    expect(seen).toEqual([{ kept: 'repeatable read' }]);
    await expect(inOneReading(() => add('reading'))).rejects.toThrow('read-only');
    await expect(inOneReading(own)).resolves.toMatch(/\d/u);
  });
});
