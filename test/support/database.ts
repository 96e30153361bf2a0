import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { ask } from './broker.ts';
import type { DatabaseServer } from './servers.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A migrated, empty database of its own: one for a test file, dropped in `afterAll`. Takes about 50 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = await ask<DatabaseServer>('database');
  const name = `${template}_${randomBytes(5).toString('hex')}`;
  await withAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href,
    drop: () => withAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function withAdmin(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
