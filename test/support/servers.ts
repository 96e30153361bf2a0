import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { Client } from 'pg';
import { migrate } from '../../db/migrate.ts';
import { findEngine } from '../../dev/engine.ts';
import { commandOf } from '../../dev/other-process.ts';
import { freePort } from '../../dev/ports.ts';
import { startPostgres } from '../../dev/postgres.ts';
import { stopStalePostmaster } from '../../dev/stale-postmaster.ts';
import { startTemporal } from '../../dev/temporal.ts';
import { workflowsPath } from '../../worker/worker.ts';
import type { Offers } from './broker.ts';

const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 300 };
/** A run follows the one before it at once, and not after a second: a sweep has a run for each page. */
const engineSettings = { 'history.workflowIdReuseMinimalInterval': '0s' };
const folderPrefix = 'carrel-test-';

export interface DatabaseServer {
  /** A database of the server from which others are created. */
  adminUrl: string;
  /** The migrated, empty database that each test's own is a copy of. */
  template: string;
}

export interface Servers {
  offers: Offers;
  stopAll(): Promise<void>;
}

/** The servers a test run may need. What a person has set (DATABASE_URL, TEMPORAL_ADDRESS) is used instead. */
export function testServers(): Servers {
  const undo: (() => Promise<void>)[] = [];
  return {
    offers: {
      database: () => offerDatabase(undo),
      temporal: () => offerTemporal(undo),
      cli: () => findEngine('cli', { say }),
      testServer: () => findEngine('testServer', { say }),
      workflows: () => offerWorkflows(undo),
    },
    async stopAll() {
      for (const step of undo.toReversed()) await step();
    },
  };
}

/** The workflows, bundled once for all test files. */
async function offerWorkflows(undo: Servers['stopAll'][]): Promise<{ codePath: string }> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const codePath = join(tmpdir(), `carrel-workflows-${process.pid}.js`);
  await writeFile(codePath, code);
  undo.push(() => rm(codePath, { force: true }));
  return { codePath };
}

async function offerDatabase(undo: Servers['stopAll'][]): Promise<DatabaseServer> {
  const adminUrl = process.env.DATABASE_URL ?? (await embeddedPostgres(undo));
  const template = `carrel_template_${process.pid}`;
  await runSql(adminUrl, `DROP DATABASE IF EXISTS ${template}`, `CREATE DATABASE ${template}`);
  undo.push(() => dropAll(adminUrl, template));
  await migrate(Object.assign(new URL(adminUrl), { pathname: `/${template}` }).href);
  await runSql(adminUrl, `ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
  return { adminUrl, template };
}

async function embeddedPostgres(undo: Servers['stopAll'][]): Promise<string> {
  await clearKilledRuns();
  const dataDir = join(tmpdir(), `${folderPrefix}${process.pid}`);
  const postgres = await startPostgres({ dataDir, port: await freePort(), settings });
  undo.push(async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return postgres.url('postgres');
}

/** A run ended by SIGKILL leaves its PostgreSQL running: the next one stops it and removes its data. */
async function clearKilledRuns(): Promise<void> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(folderPrefix));
  for (const name of folders) {
    const run = Number.parseInt(name.slice(folderPrefix.length), 10);
    if ((await commandOf(run)).includes('jest')) continue;
    await stopStalePostmaster(join(tmpdir(), name));
    await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function offerTemporal(undo: Servers['stopAll'][]): Promise<{ address: string }> {
  const given = process.env.TEMPORAL_ADDRESS;
  if (given !== undefined) return { address: given };
  const cli = await findEngine('cli', { say });
  const server = await startTemporal({ cli, port: await freePort(), settings: engineSettings });
  undo.push(() => server.stop());
  return { address: server.address };
}

/** The copies that a test file forgot to drop go too: on a server that was lent to us nothing may stay. */
async function dropAll(adminUrl: string, template: string): Promise<void> {
  const copies = await runSql(adminUrl, `SELECT datname FROM pg_database WHERE datname LIKE '${template}%'`);
  for (const { datname } of copies)
    await runSql(adminUrl, `DROP DATABASE IF EXISTS "${String(datname)}" WITH (FORCE)`);
}

async function runSql(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
