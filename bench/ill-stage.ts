import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Client as Database } from 'pg';
import { stringify } from 'yaml';
import { migrate } from '../db/migrate.ts';
import { openOrm } from '../db/orm.ts';
import { findEngine } from '../dev/engine.ts';
import { openMailbox } from '../dev/mailbox.ts';
import { freePort } from '../dev/ports.ts';
import { startPostgres } from '../dev/postgres.ts';
import { type Child, startChild } from '../dev/process.ts';
import { startTemporal } from '../dev/temporal.ts';
import { dataConverter } from '../engine/connection.ts';
import { createBuilders } from '../test/support/builders.ts';
import { createNamespace } from '../test/support/namespace.ts';
import { sweepScheduleId } from '../workflows/sweep.ts';
import { illPolicyFile, peerKeysText } from '../test/support/ill-policy.ts';
import { cpuSeconds } from './cpu.ts';
import { say } from './stage.ts';

const sides = ['asker', 'owner'] as const;
type Side = (typeof sides)[number];

/** One of two agencies: its own database, namespace, worker and API. */
export type Agency = Awaited<ReturnType<typeof startAgency>>;

type Undo = (() => Promise<void> | void)[];

interface Ground {
  readonly folder: string;
  readonly databaseUrl: (name: string) => string;
  readonly address: string;
  readonly connection: Connection;
  readonly smtpUrl: string;
  readonly ports: Readonly<Record<Side, number>>;
  readonly undo: Undo;
}

/** Requests go out without a review, and are not acknowledged before somebody answers: the flow is the messages of a loan and no more. */
const illRules = { obtaining: { review: false }, lending: { acknowledge: false } };

async function startAgency(side: Side, ground: Ground) {
  const { folder, databaseUrl, address, connection, smtpUrl, ports, undo } = ground;
  const other = side === 'asker' ? 'owner' : 'asker';
  const neighbour = { name: other, url: `http://127.0.0.1:${ports[other]}`, edition: '1.2' as const };
  const policies = join(folder, side);
  mkdirSync(policies);
  writeFileSync(join(policies, 'demo.yaml'), stringify(illPolicyFile(side, [neighbour], illRules)));
  const url = databaseUrl(side);
  await migrate(url);
  const namespace = await createNamespace(connection);
  const key = { id: 'k1', key: randomBytes(32) };
  const env = {
    ...process.env,
    DATABASE_URL: url,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    SMTP_URL: smtpUrl,
    PUBLIC_URL: `http://127.0.0.1:${ports[side]}`,
    CARREL_SECRET: randomBytes(32).toString('hex'),
    CARREL_PAYLOAD_KEYS: `${key.id}:${key.key.toString('base64')}`,
    CARREL_PEERS: peerKeysText(side, [neighbour]),
    CARREL_POLICIES: policies,
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
  };
  const child = async (name: string, file: string, more: Record<string, string>, port: number) => {
    const ready = async () =>
      (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok ?? false;
    const args = [...(process.env.CARREL_PROFILE ? profileFlags(`${side}-${name}`) : []), file];
    const options = { name: `${side}'s ${name}`, command: process.execPath, args, env: { ...env, ...more } };
    const started = await startChild({ ...options, ready, readyWithinMs: 60_000, graceMs: 30_000 });
    undo.push(() => started.stop());
    return started;
  };
  const workerPort = await freePort();
  const worker = await child('worker', 'worker/main.ts', { METRICS_PORT: String(workerPort) }, workerPort);
  const figures = await freePort();
  const api = await child(
    'API',
    'api/main.ts',
    { PORT: String(ports[side]), METRICS_PORT: String(figures) },
    ports[side],
  );
  const orm = await openOrm({ databaseUrl: url, poolSize: 2 });
  undo.push(() => orm.close(true));
  const client = new Client({ connection, namespace, dataConverter: dataConverter({ payloadKeys: [key] }) });
  await client.schedule.getHandle(sweepScheduleId('carrel')).pause();
  const build = createBuilders(orm, 'demo');
  return { side, url: `http://127.0.0.1:${ports[side]}`, orm, client, build, worker, api, databaseUrl: url };
}

const profileFlags = (name: string) => [
  '--cpu-prof',
  `--cpu-prof-dir=${process.env.CARREL_PROFILE}`,
  `--cpu-prof-name=${name.replaceAll(/[^a-z]+/giu, '-')}.cpuprofile`,
];

export type IllStage = Awaited<ReturnType<typeof buildIllStage>>;

/** Two agencies beside each other on one PostgreSQL and one engine, talking over HTTP. With `CARREL_PROFILE` their programs write a profile into that folder. */
export async function buildIllStage() {
  const folder = mkdtempSync(join(tmpdir(), 'carrel-bench-ill-'));
  const undo: Undo = [() => rmSync(folder, { recursive: true, force: true })];
  const started = <T extends { stop: () => Promise<void> }>(part: T): T => {
    undo.push(() => part.stop());
    return part;
  };
  const postgres = started(
    await startPostgres({
      dataDir: join(folder, 'postgres'),
      port: await freePort(),
      settings: { shared_preload_libraries: 'pg_stat_statements' },
    }),
  );
  const admin = new Database({ connectionString: postgres.url('postgres') });
  await admin.connect();
  undo.push(() => admin.end());
  for (const side of sides) await admin.query(`create database ${side}`);
  await admin.query('create extension if not exists pg_stat_statements').catch(() => undefined);
  const cli = await findEngine('cli', { say });
  const temporal = started(
    await startTemporal({ cli, port: await freePort(), dbFile: join(folder, 'temporal.db') }),
  );
  const mailbox = started(await openMailbox());
  const connection = await Connection.connect({ address: temporal.address });
  undo.push(() => connection.close());
  const ports = { asker: await freePort(), owner: await freePort() };
  const { address } = temporal;
  const databaseUrl = (name: string) => postgres.url(name);
  const ground = { folder, databaseUrl, address, connection, smtpUrl: mailbox.url, ports, undo };
  const asker = await startAgency('asker', ground);
  const owner = await startAgency('owner', ground);
  const programs: Readonly<Record<string, Pick<Child, 'pid'>>> = {
    'asker worker': asker.worker,
    'asker API': asker.api,
    'owner worker': owner.worker,
    'owner API': owner.api,
    Temporal: temporal,
    PostgreSQL: postgres,
  };
  return {
    asker,
    owner,
    admin,
    /** Processor seconds so far, by program. */
    cpu: () => Object.fromEntries(Object.entries(programs).map(([name, { pid }]) => [name, cpuSeconds(pid)])),
    /** Commits of both databases so far. */
    commits: async (): Promise<number> => {
      const text = `select sum(xact_commit)::int as n from pg_stat_database where datname in ('asker', 'owner')`;
      return (await admin.query<{ n: number }>(text)).rows[0]?.n ?? Number.NaN;
    },
    dismantle: async () => {
      for (const step of undo.toReversed()) await step();
    },
  };
}
