import { pathToFileURL } from 'node:url';
import { runMain } from '../config/main.ts';
import { openOrm } from './orm.ts';

/** Brings the database's schema up to date; running it again changes nothing. */
export async function migrate(databaseUrl: string): Promise<void> {
  const orm = await openOrm({ databaseUrl, poolSize: 2 });
  try {
    await orm.migrator.up();
  } finally {
    await orm.close(true);
  }
}

async function main(): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('Set DATABASE_URL to the database to migrate.');
  await migrate(url);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await runMain(main);
