import { Client } from 'pg';
import { SetupError, reasonOf } from './setup-error.ts';

/** Makes the database when the server does not have it yet. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** Refuses with a SetupError when the database that was given cannot be reached. */
export async function requireDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
  } catch (error) {
    throw new SetupError(
      `The database in DATABASE_URL cannot be used: ${reasonOf(error) || 'no connection'}.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
