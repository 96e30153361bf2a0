import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { devServer, timeSkipping } from '../support/temporal.ts';
import type { setsSearchAttributes } from '../support/workflows/search-attributes.ts';

const workflowsPath = fileURLToPath(new URL('../support/workflows/search-attributes.ts', import.meta.url));
const week = 7 * 24 * 3600 * 1000;

describe('the test database', () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  test('is migrated and in UTF-8', async () => {
    const tables = await client.query(`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`);
    const encoding = await client.query<{ server_encoding: string }>('SHOW server_encoding');
    expect(tables.rows.length).toBeGreaterThan(3);
    expect(encoding.rows[0]?.server_encoding).toBe('UTF8');
  });

  test('has trigrams that see Japanese and Chinese letters', async () => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    const { rows } = await client.query<{ t: string[] }>(`SELECT show_trgm('銀河鉄道') AS t`);
    expect(rows[0]?.t.length).toBeGreaterThan(3);
  });
});

describe('search attributes can be set', () => {
  test('on the time-skipping server, where a week passes at once', async () => {
    const env = await timeSkipping();
    const before = await env.currentTimeMs();
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: 'queue',
      workflowsPath,
    });
    const run = { taskQueue: 'queue', workflowId: 'probe', args: [week] as [number] };
    const seen = await worker.runUntil(
      env.client.workflow.execute<typeof setsSearchAttributes>('setsSearchAttributes', run),
    );
    expect(seen).toEqual({ state: 'secured', deadline: expect.any(Number) });
    expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(week);
    await env.teardown();
  });

  test('on the development server, where workflows are listed by them', async () => {
    const { address, taskQueue } = await devServer();
    const connection = await NativeConnection.connect({ address });
    const client = new TemporalClient({ connection: await Connection.connect({ address }) });
    const worker = await Worker.create({ connection, taskQueue, workflowsPath });
    const run = { taskQueue, workflowId: taskQueue, args: [10] as [number] };
    const seen = await worker.runUntil(
      client.workflow.execute<typeof setsSearchAttributes>('setsSearchAttributes', run),
    );
    const described = await client.workflow.getHandle(taskQueue).describe();
    expect(seen.state).toBe('secured');
    expect(described.searchAttributes.CarrelState).toEqual(['secured']);
    await client.connection.close();
    await connection.close();
  });
});
