import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from '../../activities/index.ts';
import type { Gateways } from '../../activities/gateways/payment-gateway.ts';
import { createGateways } from '../../activities/gateways/index.ts';
import { createMailGateway } from '../../activities/gateways/mail.ts';
import { buildApp } from '../../api/app.ts';
import { createCommands } from '../../api/commands.ts';
import { createHealth } from '../../api/health.ts';
import { createProcesses } from '../../api/processes.ts';
import { createRowsSay } from '../../api/rows-say.ts';
import type { PeerKeys } from '../../config/peer-keys.ts';
import type { GatewayKeys } from '../../config/values.ts';
import { createPolicies } from '../../config/policies.ts';
import { ensureLibraries, noteFees } from '../../db/libraries.ts';
import { openOrm } from '../../db/orm.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { createEngine } from '../../engine/processes.ts';
import { createPost } from '../../peers/post.ts';
import { createUploads } from '../../uploads/intake.ts';
import { noScanner, type Scanner } from '../../uploads/scanner.ts';
import { createWorker } from '../../worker/worker.ts';
import { openMailbox } from '../../dev/mailbox.ts';
import { ask } from './broker.ts';
import { createBuilders } from './builders.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { devServer } from './temporal.ts';
import { policies as written, printer, texts } from './made-once.ts';

export interface CarrelOptions {
  readonly library?: string;
  /** Changes to the library's policy: short windows, other limits. */
  readonly change?: (policy: LibraryPolicy) => LibraryPolicy;
  /** Changes to the policies of the installation's other libraries. */
  readonly changeOthers?: (policy: LibraryPolicy) => LibraryPolicy;
  /** Accounts at payment services, by `library/way`. */
  readonly gatewayKeys?: ReadonlyMap<string, GatewayKeys>;
  /** What other agencies and this one prove themselves with, by `library/peer`. */
  readonly peerKeys?: ReadonlyMap<string, PeerKeys>;
  /** Gateways instead of those that the keys are for. */
  readonly gateways?: Gateways;
  /** What looks for viruses in uploads. */
  readonly scanner?: Scanner;
  /** A namespace of its own instead of the one that all test files share: an installation among others. */
  readonly namespace?: string;
  /** A database with what an installation before this one left in it; whoever made it drops it. */
  readonly database?: TestDatabase;
}

/** A busy machine is no reason for an answer of another kind; milliseconds. */
const answerWithin = 30_000;

export const secret = 'a secret of more than thirty-two characters';

/** The engine a test runs on: the development server, or the one whose clock jumps. */
export interface EngineUnderTest {
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
}

/** A worker with real activities on an engine: real PostgreSQL, a real SMTP conversation. */
export async function startBackend(
  { client, connection, namespace, taskQueue }: EngineUnderTest,
  {
    library = 'demo',
    change = (policy) => policy,
    changeOthers = (policy) => policy,
    gatewayKeys = new Map(),
    peerKeys = new Map(),
    gateways: own,
    database: given,
  }: CarrelOptions = {},
) {
  const database = given ?? (await createTestDatabase());
  const orm = await openOrm({ databaseUrl: database.url, poolSize: 20 });
  const policies = createPolicies(
    written.all().map((policy) => (policy.code === library ? change(policy) : changeOthers(policy))),
  );
  const codes = policies.all().map(({ code }) => code);
  await ensureLibraries(orm, codes, new Date());
  await noteFees(orm, policies.all());
  const mailbox = await openMailbox();
  const mail = createMailGateway({ smtpUrl: mailbox.url });
  const engine = createEngine(client, taskQueue);
  const gateways = own ?? createGateways(policies, gatewayKeys);
  const activities = createActivities({
    orm,
    policies,
    texts,
    printer,
    mail,
    gateways,
    post: createPost(peerKeys),
    engine,
    secret,
    publicUrl: 'http://localhost',
  });
  const worker = await createWorker({
    connection,
    namespace,
    taskQueue,
    activities,
    dataConverter: {},
    databasePool: 15,
    workflowBundle: await ask<{ codePath: string }>('workflows'),
  });
  const running = worker.run();
  return {
    orm,
    client,
    taskQueue,
    policies,
    texts,
    printer,
    activities,
    gateways,
    commands: createCommands({
      client,
      taskQueue,
      answerWithin,
      rows: createRowsSay(orm, client, taskQueue),
    }),
    mailbox,
    build: createBuilders(orm, library),
    policy: policies.get(library),
    async stop() {
      worker.shutdown();
      await running;
      mail.close();
      await mailbox.stop();
      await orm.close(true);
      if (!given) await database.drop();
    },
  };
}

export type Backend = Awaited<ReturnType<typeof startBackend>>;

/** The whole service in this process: API over HTTP in front of a backend on the development server. */
export async function startCarrel(options: CarrelOptions = {}) {
  const { address, taskQueue, ...shared } = await devServer();
  const namespace = options.namespace ?? shared.namespace;
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  const connection = await NativeConnection.connect({ address });
  const backend = await startBackend({ client, connection, namespace, taskQueue }, options);
  const { orm, policies, commands, gateways } = backend;
  const processes = createProcesses({ client, taskQueue, answerWithin, uiUrl: 'http://engine.example' });
  const logger = pino({ level: 'silent' });
  const uploads = createUploads({ scanner: options.scanner ?? noScanner });
  const config = { secret, publicUrl: 'http://localhost', trustProxy: false, environment: 'test' } as const;
  const deps = {
    orm,
    policies,
    texts,
    printer,
    commands,
    processes,
    gateways,
    peerKeys: options.peerKeys ?? new Map(),
    uploads,
    clock: Date.now,
    logger,
    config,
  };
  const server = buildApp(deps, { health: createHealth(orm, commands) }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...backend,
    url,
    call: createCaller(url),
    async stop() {
      server.close();
      server.closeAllConnections();
      await backend.stop();
      await client.connection.close();
      await connection.close();
    },
  };
}

export type Carrel = Awaited<ReturnType<typeof startCarrel>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every shape
  readonly body: any;
}

/** One HTTP request as a portal makes it. */
function createCaller(url: string) {
  return async (
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
  };
}

/** Looks again until what it sees satisfies, for what a worker does after the request was answered. */
export async function until<T>(
  look: () => Promise<T>,
  satisfied: (value: T) => boolean,
  withinMs = 60_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (satisfied(value)) return value;
    if (Date.now() > end)
      throw new Error(`Not so within ${withinMs} ms; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until a process has nothing under way, whose end would make it look at its row by itself. */
export async function atRest(client: Client, workflowId: string): Promise<void> {
  const lengthOf = async () => {
    const { raw, historyLength } = await client.workflow.getHandle(workflowId).describe();
    return raw.pendingActivities?.length || raw.pendingWorkflowTask ? undefined : historyLength;
  };
  let before: number | undefined;
  await until(
    async () => {
      const [last, now] = [before, await lengthOf()];
      before = now;
      return now !== undefined && now === last;
    },
    (unchanged) => unchanged,
  );
}
