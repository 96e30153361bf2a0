import { pathToFileURL } from 'node:url';
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

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const url = process.env.DATABASE_URL;
  if (!url) {
    process.stderr.write('Set DATABASE_URL to the database to migrate.\n');
    process.exit(2);
  }
  await migrate(url);
}
