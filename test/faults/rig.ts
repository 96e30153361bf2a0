import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../db/migrate.ts';
import { findEngine } from '../../dev/engine.ts';
import { openMailbox } from '../../dev/mailbox.ts';
import { freePort } from '../../dev/ports.ts';
import { startPostgres } from '../../dev/postgres.ts';
import { type Child, startChild } from '../../dev/process.ts';
import { startTemporal } from '../../dev/temporal.ts';
import { startService } from './service.ts';

/** What distinguishes one rig of several. */
export interface RigOptions {
  /** Stands before the names of its programs. */
  readonly name?: string;
  readonly apiPort?: number;
  /** More of the programs' environment: policies, secrets. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The production shape in processes of their own: PostgreSQL that syncs every commit, a Temporal server that keeps its data in a file, two workers, an API; and
 * a mail server in this process. All data are in a new folder, logs too.
 */
export async function startRig(say: (text: string) => void, options: RigOptions = {}) {
  const own = options.name === undefined ? '' : `${options.name}: `;
  const folder = await mkdtemp(join(tmpdir(), 'carrel-faults-'));
  // Run for root, PostgreSQL is another user, who has to get in.
  await chmod(folder, 0o755);
  const log = (name: string) => join(folder, 'logs', `${name}.log`);
  const [postgresPort, temporalPort, apiPort] = [
    await freePort(),
    await freePort(),
    options.apiPort ?? (await freePort()),
  ];
  const databaseUrl = `postgresql://carrel:carrel@127.0.0.1:${postgresPort}/postgres`;
  const temporalAddress = `127.0.0.1:${temporalPort}`;
  const mailbox = await openMailbox();
  const cli = await findEngine('cli', { say });

  say(`${own}PostgreSQL and Temporal`);
  const postgres = await startService(`${own}PostgreSQL`, () =>
    startPostgres({ dataDir: join(folder, 'postgres'), port: postgresPort, logFile: log('postgres') }),
  );
  const temporal = await startService(`${own}Temporal`, () =>
    startTemporal({ cli, port: temporalPort, dbFile: join(folder, 'temporal.db'), logFile: log('temporal') }),
  );
  await migrate(databaseUrl);

  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    SMTP_URL: mailbox.url,
    CARREL_SECRET: randomBytes(32).toString('base64'),
    CARREL_PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    PUBLIC_URL: 'http://localhost',
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const program = async (name: string, file: string, port: number) => {
    const metricsPort = await freePort();
    const ready = file.startsWith('api') ? port : metricsPort;
    return startService(`${own}${name}`, () =>
      startChild({
        name,
        command: process.execPath,
        args: [file],
        env: { ...env, PORT: String(port), METRICS_PORT: String(metricsPort) },
        logFile: log(name.replaceAll(' ', '-')),
        ready: () => answers(`http://127.0.0.1:${ready}/readyz`),
        readyWithinMs: 60_000,
      }),
    );
  };
  say(`${own}two workers and the API`);
  const workers = [
    await program('worker one', 'worker/main.ts', 0),
    await program('worker two', 'worker/main.ts', 0),
  ] as const;
  const api = await program('API', 'api/main.ts', apiPort);
  const services = [postgres, temporal, ...workers, api];

  return {
    env,
    folder,
    databaseUrl,
    temporalAddress,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    mailbox,
    postgres,
    temporal,
    workers,
    api,
    services,
    /** Stops everything; the folder with the logs stays when it may be needed. */
    async stop(keepFolder: boolean) {
      for (const service of services.toReversed()) await service.stop();
      await mailbox.stop();
      if (!keepFolder) await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;
export type { Child };

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
