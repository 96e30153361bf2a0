import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { createGateways } from '../activities/gateways/index.ts';
import type { ApiConfig } from '../config/config.ts';
import { loadPolicies } from '../config/policies.ts';
import { openOrm } from '../db/orm.ts';
import { createPrinter } from '../documents/printer.ts';
import { createClient } from '../engine/connection.ts';
import { createTexts } from '../notices/texts.ts';
import { createUploads } from '../uploads/intake.ts';
import { createClamd, noScanner } from '../uploads/scanner.ts';
import { buildApp } from './app.ts';
import { createCommands } from './commands.ts';
import { createHealth } from './health.ts';
import { createMetrics, serveMetrics } from './metrics.ts';
import { createRowsSay } from './rows-say.ts';
import { createProcesses } from './processes.ts';

const drainMs = 20_000;

/** Resolves when the process is told to stop. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

/** Takes no more connections, lets the requests under way be answered, and cuts those that take too long. */
async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection becomes idle once its request is answered, and its caller would keep it open.
  const closing = setInterval(() => server.closeIdleConnections(), 50);
  await Promise.race([closed, delay(drainMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
  clearInterval(closing);
}

async function listen(server: Server): Promise<void> {
  server.headersTimeout = 10_000;
  // A photo sent over a slow line takes its time.
  server.requestTimeout = 120_000;
  // Longer than load balancers keep their connections, so that it is they who close them.
  server.keepAliveTimeout = 65_000;
  await once(server, 'listening');
}

/** Runs the API until it is told to stop (SIGTERM, SIGINT); requests under way are answered first. */
export async function runApi(config: ApiConfig): Promise<void> {
  const logger = pino({ level: config.logLevel, base: { process: 'api' } });
  const { taskQueue } = config.temporal;
  const orm = await openOrm({ databaseUrl: config.database.url, poolSize: config.database.pool });
  const client = createClient(config.temporal);
  const commands = createCommands({ client, taskQueue, rows: createRowsSay(orm, client, taskQueue) });
  const processes = createProcesses({ client, taskQueue, uiUrl: config.temporalUiUrl });
  const policies = loadPolicies(config.policies, { peers: config.peers.keys() });
  const texts = createTexts('locales');
  const printer = createPrinter('locales');
  const uploads = createUploads({ scanner: config.clamd ? createClamd(config.clamd) : noScanner });
  const gateways = createGateways(policies, config.gateways);
  const deps = {
    orm,
    policies,
    texts,
    printer,
    commands,
    processes,
    gateways,
    peerKeys: config.peers,
    uploads,
    clock: Date.now,
    logger,
    config,
  };
  let stopping = false;
  const metrics = createMetrics(orm, Date.now);
  const figures = await serveMetrics(metrics, config.metricsPort);
  const health = createHealth(orm, commands, () => stopping);
  const server = buildApp(deps, { health, answered: metrics.answered }).listen(config.port);
  const told = stopSignal();
  try {
    await listen(server);
    logger.info({ port: config.port, metricsPort: figures.port }, 'listening');
    logger.info({ signal: await told }, 'stopping');
    stopping = true;
    await drain(server);
  } finally {
    figures.close();
    await printer.close();
    await client.connection.close();
    await orm.close(true);
    logger.info('stopped');
  }
}
