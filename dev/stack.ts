import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDatabase, requireDatabase } from './database.ts';
import { findEngine } from './engine.ts';
import { openGatewayDouble } from './gateway-double/server.ts';
import { requireTemporal } from './given-temporal.ts';
import type { Patience } from './keep-running.ts';
import { openMailboxPage } from './mailbox-page.ts';
import { openMailbox } from './mailbox.ts';
import { requireFreePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import type { Progress } from './progress.ts';
import { devSecrets } from './secrets.ts';
import { ownGateway, ports, portsInUse, type Settings } from './settings.ts';
import type { Supervisor } from './supervisor.ts';
import { startTemporal } from './temporal.ts';

export interface Surroundings {
  settings: Settings;
  progress: Progress;
  supervisor: Supervisor;
  /** With Carrel's own processes; the usual unless a test says otherwise. */
  patience?: Patience | undefined;
}

/** What Carrel needs around it, running. */
export interface Services {
  /** For Carrel's own processes: the addresses of the services, and the secrets. */
  env: NodeJS.ProcessEnv;
  temporalUi: string | undefined;
  mailbox: string | undefined;
}

/** Starts PostgreSQL, Temporal and the mailbox, each unless its address was given, in which case that one is checked. */
export async function startServices(surroundings: Surroundings): Promise<Services> {
  const { settings } = surroundings;
  for (const name of portsInUse(settings))
    await requireFreePort(settings.ports[name], ports[name].part, name);
  await mkdir(join(settings.dataDir, 'logs'), { recursive: true });
  const secrets = await devSecrets(settings.dataDir);
  const cli = await engine(surroundings);
  const databaseUrl = await database(surroundings);
  const temporal = await temporalServer(surroundings, cli);
  const mail = await mailServer(surroundings);
  const gateways = await gatewayDouble(surroundings, secrets.CARREL_SECRET);
  const env = {
    TEMPORAL_NAMESPACE: 'default',
    PUBLIC_URL: `http://localhost:${settings.ports.PORT}`,
    NODE_ENV: 'development',
    ...secrets,
    ...gateways,
    ...settings.env,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    SMTP_URL: mail.smtpUrl,
    PORT: String(settings.ports.PORT),
    ...(temporal.ui === undefined ? {} : { TEMPORAL_UI_URL: temporal.ui }),
  };
  return { env, temporalUi: temporal.ui, mailbox: mail.page };
}

async function engine({ settings, progress }: Surroundings): Promise<string> {
  if (settings.temporalAddress !== undefined) return '';
  const cacheDir = join(settings.dataDir, 'cache');
  return await progress.stage('Engine', (say) => findEngine('cli', { env: settings.env, cacheDir, say }));
}

async function database({ settings, progress, supervisor }: Surroundings): Promise<string> {
  const { databaseUrl } = settings;
  if (databaseUrl !== undefined) {
    await progress.stage('PostgreSQL', () => requireDatabase(databaseUrl));
    return databaseUrl;
  }
  const dataDir = join(settings.dataDir, 'postgres');
  return await progress.stage('PostgreSQL', async (say) => {
    const postgres = await startPostgres({
      dataDir,
      port: settings.ports.POSTGRES_PORT,
      portVariable: 'POSTGRES_PORT',
      logFile: join(settings.dataDir, 'logs', 'postgres.log'),
      ownGroup: true,
      onStart: supervisor.own,
    });
    supervisor.watch(postgres);
    if (postgres.dataDir !== dataDir)
      say(`its data are in ${postgres.dataDir}, as its user may not enter ${dataDir}`);
    await ensureDatabase(postgres.url('postgres'), 'carrel');
    return postgres.url('carrel');
  });
}

async function temporalServer({ settings, progress, supervisor }: Surroundings, cli: string) {
  const { temporalAddress } = settings;
  if (temporalAddress !== undefined) {
    await progress.stage('Temporal', () => requireTemporal(temporalAddress, settings.env));
    return { address: temporalAddress, ui: settings.env.TEMPORAL_UI_URL };
  }
  const uiPort = settings.ports.TEMPORAL_UI_PORT;
  const server = await progress.stage('Temporal', () =>
    startTemporal({
      cli,
      port: settings.ports.TEMPORAL_PORT,
      uiPort,
      dbFile: join(settings.dataDir, 'temporal.db'),
      logFile: join(settings.dataDir, 'logs', 'temporal.log'),
      ownGroup: true,
      onStart: supervisor.own,
    }),
  );
  supervisor.watch(server);
  return { address: server.address, ui: `http://localhost:${uiPort}` };
}

async function mailServer({ settings, progress, supervisor }: Surroundings) {
  if (settings.smtpUrl !== undefined) return { smtpUrl: settings.smtpUrl, page: undefined };
  return await progress.stage('Mailbox', async () => {
    const port = settings.ports.MAILBOX_SMTP_PORT;
    const mailbox = await openMailbox({ port, folder: join(settings.dataDir, 'mail') });
    supervisor.onStop(mailbox.stop);
    const page = await openMailboxPage(mailbox.messages, settings.ports.MAILBOX_PORT);
    supervisor.onStop(page.stop);
    return { smtpUrl: mailbox.url, page: page.url };
  });
}

/** A payment service for the demo library. Its keys derive from the installation's secret, so that the next start has the same. */
async function gatewayDouble({ settings, progress, supervisor }: Surroundings, secret: string) {
  if (!ownGateway(settings.env)) return {};
  const derived = (use: string) => createHmac('sha256', secret).update(`gateway-double ${use}`).digest('hex');
  const keys = { key: derived('key'), webhookSecret: derived('notifications') };
  return await progress.stage('Gateway double', async () => {
    const double = await openGatewayDouble({
      key: keys.key,
      secret: keys.webhookSecret,
      port: settings.ports.GATEWAY_PORT,
      file: join(settings.dataDir, 'gateway-double.json'),
    });
    supervisor.onStop(double.stop);
    return { CARREL_GATEWAYS: JSON.stringify({ 'demo/online': { ...keys, url: double.url } }) };
  });
}
