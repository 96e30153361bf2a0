import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { parse, stringify } from 'yaml';
import { migrate } from '../db/migrate.ts';
import { openOrm } from '../db/orm.ts';
import { findEngine } from '../dev/engine.ts';
import { openGatewayDouble } from '../dev/gateway-double/server.ts';
import { openMailbox } from '../dev/mailbox.ts';
import { freePort } from '../dev/ports.ts';
import { startPostgres } from '../dev/postgres.ts';
import { startChild } from '../dev/process.ts';
import { startTemporal } from '../dev/temporal.ts';
import { dataConverter } from '../engine/connection.ts';
import { sweepScheduleId } from '../workflows/sweep.ts';

export const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** The demo library's policy with generous limits and weeks instead of seconds, so that nothing but the work itself is measured. */
function benchPolicy(): string {
  const policy = parse(readFileSync('policies/demo.yaml', 'utf8')) as {
    readonly holds: object;
    readonly loans: { readonly renewals: object };
    readonly money: { readonly ways: { readonly online: readonly object[] } };
  };
  const { holds, loans, money } = policy;
  // One that is never told of is asked for after a sixth of this.
  const online = money.ways.online.map((way) => ({ ...way, expires: 'PT6M' }));
  const unlimited = { total: 1_000_000 };
  const periods = { book: 'P14D', magazine: 'P14D', audiovisual: 'P14D' };
  const renewals = { ...loans.renewals, period: 'P14D' };
  return stringify({
    ...policy,
    code: 'bench',
    holds: { ...holds, limits: unlimited, window: 'P7D' },
    loans: { ...loans, limit: unlimited, periods, renewals, reminderBefore: ['P2D'], overdueSteps: ['P1D'] },
    notices: { placed: 'message' },
    money: { ...money, ways: { ...money.ways, online } },
    ill: 'none',
  });
}

/** Who waits for the next mail to an address; told as it comes, without looking through what has come. */
function createArrivals() {
  const waiting = new Map<string, () => void>();
  return {
    came: (address: string): undefined => {
      waiting.get(address)?.();
      waiting.delete(address);
    },
    next: (address: string, withinMs = 60_000) =>
      new Promise<void>((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`no mail to ${address} within ${withinMs} ms`)),
          withinMs,
        );
        waiting.set(address, () => {
          clearTimeout(late);
          resolve();
        });
      }),
  };
}

export type Stage = Awaited<ReturnType<typeof buildStage>>;

/** PostgreSQL, the development server with its data on disk, a local mail server; API and worker as processes of their own. */
export async function buildStage() {
  const folder = mkdtempSync(join(tmpdir(), 'carrel-bench-'));
  const policies = join(folder, 'policies');
  mkdirSync(policies);
  writeFileSync(join(policies, 'bench.yaml'), benchPolicy());
  const undo: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const started = <T extends { stop: () => Promise<void> }>(part: T): T => {
    undo.push(() => part.stop());
    return part;
  };

  const postgres = started(
    await startPostgres({ dataDir: join(folder, 'postgres'), port: await freePort() }),
  );
  const databaseUrl = postgres.url('postgres');
  await migrate(databaseUrl);
  const cli = await findEngine('cli', { say });
  const temporal = started(
    await startTemporal({ cli, port: await freePort(), dbFile: join(folder, 'temporal.db') }),
  );
  const arrivals = createArrivals();
  const mailbox = started(await openMailbox({ onContent: arrivals.came }));
  const gatewayKeys = {
    key: randomBytes(16).toString('hex'),
    webhookSecret: randomBytes(16).toString('hex'),
  };
  const double = started(
    await openGatewayDouble({ key: gatewayKeys.key, secret: gatewayKeys.webhookSecret }),
  );
  const ports = {
    api: await freePort(),
    api2: await freePort(),
    worker: await freePort(),
    bare: await freePort(),
    lists: await freePort(),
  };

  const key = { id: 'k1', key: randomBytes(32) };
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    SMTP_URL: mailbox.url,
    PUBLIC_URL: `http://127.0.0.1:${ports.api}`,
    CARREL_SECRET: randomBytes(32).toString('hex'),
    CARREL_PAYLOAD_KEYS: `${key.id}:${key.key.toString('base64')}`,
    CARREL_GATEWAYS: JSON.stringify({ 'bench/online': { ...gatewayKeys, url: double.url } }),
    CARREL_POLICIES: policies,
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
  };
  const child = async (name: string, file: string, more: Record<string, string>, port: number) => {
    const ready = async () =>
      (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok ?? false;
    const options = {
      name,
      command: process.execPath,
      args: [file],
      env: { ...env, ...more },
      logFile: join('.carrel', 'bench', `${name.replaceAll(' ', '-')}.log`),
      readyWithinMs: 180_000,
    };
    return started(await startChild({ ...options, ready, graceMs: 30_000 }));
  };
  const startWorker = () =>
    child('the worker', 'worker/main.ts', { METRICS_PORT: String(ports.worker) }, ports.worker);
  let worker = await startWorker();
  await child(
    'the API',
    'api/main.ts',
    { PORT: String(ports.api), METRICS_PORT: String(ports.api2) },
    ports.api,
  );
  await child('the bare worker', 'bench/bare/worker.ts', { METRICS_PORT: String(ports.bare) }, ports.bare);
  await child('the bare lists', 'bench/bare/lists.ts', { PORT: String(ports.lists) }, ports.lists);

  const orm = await openOrm({ databaseUrl, poolSize: 4 });
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, dataConverter: dataConverter({ payloadKeys: [key] }) });
  // Rows that the benchmark puts in by the million have no processes, and none are to be started for them.
  await client.schedule.getHandle(sweepScheduleId('carrel')).pause();
  const bareClient = new Client({ connection });
  undo.push(async () => {
    await client.connection.close();
    await orm.close(true);
  });
  return {
    url: `http://127.0.0.1:${ports.api}`,
    bareListsUrl: `http://127.0.0.1:${ports.lists}`,
    orm,
    sql: (text: string, values: unknown[] = []) => orm.em.getConnection().execute(text, values),
    client,
    bareClient,
    nextMailTo: arrivals.next,
    double,
    /** Kills the worker where it stands, and starts another. */
    killWorker: async () => {
      worker.kill();
      await worker.ended;
      worker = await startWorker();
    },
    dismantle: async () => {
      for (const step of undo.toReversed()) await step();
    },
  };
}

/** A bearer token whose session is put into the database directly. */
export async function signIn(
  { sql }: Pick<Stage, 'sql'>,
  kind: 'patron' | 'staff',
  id: string,
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(token).digest('hex');
  await sql(
    `insert into session (token_hash, holder_kind, holder_id, library, scope, address, created_at, last_used_at, expires_at)
     values (decode(?, 'hex'), ?, ?, 'bench', 'full', '127.0.0.1', now(), now(), now() + interval '6 hours')`,
    [hash, kind, id],
  );
  return token;
}
