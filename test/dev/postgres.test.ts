import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ensureDatabase } from '../../dev/database.ts';
import { freePort } from '../../dev/ports.ts';
import { startPostgres, type Postgres } from '../../dev/postgres.ts';

let folder: string;
let dataDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carrel-postgres-'));
  dataDir = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function start(port?: number): Promise<Postgres> {
  return await startPostgres({ dataDir, port: port ?? (await freePort()), settings: { fsync: 'off' } });
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  test('goes on over its data after it was stopped, and after it was killed at work', async () => {
    const port = await freePort();
    const first = await start(port);
    await ensureDatabase(first.url('postgres'), 'carrel');
    await query(first.url('carrel'), `CREATE TABLE note AS SELECT '図書館' AS text`);
    await first.stop();
    const second = await start(port);
    await ensureDatabase(second.url('postgres'), 'carrel');
    const work = query(second.url('carrel'), 'SELECT sum(n) FROM generate_series(1, 8000000) AS n').catch(
      String,
    );
    await sleep(300);
    second.kill();
    await second.ended;
    const third = await start(port);
    await work;
    expect(await query(third.url('carrel'), 'SELECT text FROM note')).toEqual([{ text: '図書館' }]);
    await third.stop();
  });

  test('is not stopped from starting by a pid file whose number another program has now', async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n1795310115\n1\n`);
    const next = await start();
    expect(await query(next.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await next.stop();
  });

  test('takes over from one that a killed start left running', async () => {
    const left = await start();
    const next = await start();
    expect((await left.ended).ok).toBe(true);
    expect(await query(next.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await next.stop();
  });

  test('over a broken folder says so in one sentence', async () => {
    await (await start()).stop();
    await rename(join(dataDir, 'global'), join(folder, 'global'));
    await expect(start()).rejects.toThrow(
      /^PostgreSQL does not start over its data in .*pg_control.*: restore that folder/,
    );
  });

  test('over a folder that holds something else, or an older version, says so', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'holiday.jpg'), '');
    await expect(start()).rejects.toThrow('holds something that is not a PostgreSQL database');
    await writeFile(join(dataDir, 'PG_VERSION'), '16\n');
    await expect(start()).rejects.toThrow("is PostgreSQL 16's and this is 18");
    expect(await readFile(join(dataDir, 'holiday.jpg'), 'utf8')).toBe('');
  });
});
