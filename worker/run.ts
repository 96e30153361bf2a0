import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import { type Logger, pino } from 'pino';
import { createActivities } from '../activities/index.ts';
import { createGateways } from '../activities/gateways/index.ts';
import { createMailGateway } from '../activities/gateways/mail.ts';
import { startBounces } from '../bounces/run.ts';
import type { WorkerConfig } from '../config/config.ts';
import { loadPolicies } from '../config/policies.ts';
import { ensureLibraries, noteFees } from '../db/libraries.ts';
import { openOrm } from '../db/orm.ts';
import { connectionOptions, createClient, dataConverter } from '../engine/connection.ts';
import { createPrinter } from '../documents/printer.ts';
import { createTexts } from '../notices/texts.ts';
import { createPost } from '../peers/post.ts';
import { createUploads } from '../uploads/intake.ts';
import { createClamd, noScanner } from '../uploads/scanner.ts';
import { createEngine } from '../engine/processes.ts';
import { engineLog } from './engine-log.ts';
import { serveHealth } from './health.ts';
import { ensureSchedules } from './schedules.ts';
import { createWorker } from './worker.ts';

/** Runs a worker until it is told to stop (SIGTERM, SIGINT); work under way is finished first. */
export async function runWorker(config: WorkerConfig): Promise<void> {
  const logger = pino({ level: config.logLevel, base: { process: 'worker' } });
  const { temporal } = config;
  const policies = loadPolicies(config.policies, { peers: config.peers.keys() });
  const texts = createTexts('locales');
  const printer = createPrinter('locales');
  const metricsAddress = `127.0.0.1:${await freePort()}`;
  installRuntime(metricsAddress, logger);
  const orm = await openOrm({ databaseUrl: config.database.url, poolSize: config.database.pool });
  await ensureLibraries(
    orm,
    policies.all().map(({ code }) => code),
    new Date(),
  );
  await noteFees(orm, policies.all());
  const client = createClient(temporal);
  const mail = createMailGateway({ smtpUrl: config.smtpUrl });
  const connection = await NativeConnection.connect(connectionOptions(temporal));
  const worker = await createWorker({
    connection,
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    dataConverter: dataConverter(temporal),
    databasePool: config.database.pool,
    activities: createActivities({
      orm,
      policies,
      texts,
      printer,
      mail,
      gateways: createGateways(policies, config.gateways),
      post: createPost(config.peers),
      uploads: createUploads({ scanner: config.clamd ? createClamd(config.clamd) : noScanner }),
      engine: createEngine(client, temporal.taskQueue),
      secret: config.secret,
      publicUrl: config.publicUrl,
    }),
  });
  await ensureSchedules(client, temporal.taskQueue, policies.all());
  const { taskQueue } = temporal;
  const { secret } = config;
  const bounces = await startBounces(config.bounces, { orm, policies, client, taskQueue, secret, logger });
  const health = await serveHealth({
    port: config.metricsPort,
    metricsAddress,
    isReady: () => worker.getState() === 'RUNNING',
    ownMetrics: bounces.metrics,
  });
  logger.info({ taskQueue: temporal.taskQueue, metricsPort: config.metricsPort }, 'working');
  try {
    await worker.run();
  } finally {
    await health.close();
    await bounces.close();
    mail.close();
    await printer.close();
    await client.connection.close();
    await connection.close();
    await orm.close(true);
    logger.info('stopped');
  }
}

function installRuntime(bindAddress: string, logger: Logger): void {
  Runtime.install({
    logger: engineLog(logger),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      metrics: { prometheus: { bindAddress, countersTotalSuffix: true, unitSuffix: true } },
    },
    shutdownSignals: ['SIGINT', 'SIGTERM'],
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
