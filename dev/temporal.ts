import { Connection } from '@temporalio/client';
import { freePort, requireFreePort } from './ports.ts';
import { startChild, type Child } from './process.ts';
import { searchAttributeFlags, searchAttributesKnown } from '../engine/search-attributes.ts';
import { SetupError, reasonOf } from './setup-error.ts';

export interface TemporalOptions {
  /** Path of the Temporal CLI, see findEngine. */
  cli: string;
  port: number;
  /** Without it there is no web UI. */
  uiPort?: number;
  /** Where the server keeps its data; without it, in memory. */
  dbFile?: string;
  /** Values of the server's dynamic configuration, over its own. */
  settings?: Readonly<Record<string, string>>;
  logFile?: string | undefined;
  ownGroup?: boolean | undefined;
  onStart?: ((child: Child) => void) | undefined;
}

export interface TemporalServer extends Child {
  address: string;
}

/**
 * Starts Temporal's development server with namespace "default" and Carrel's search attributes, and waits until
 * both can be used. Fails with a SetupError, before starting when a port is taken.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  await requireFreePort(options.port, 'Temporal', 'TEMPORAL_PORT');
  if (options.uiPort !== undefined)
    await requireFreePort(options.uiPort, 'the Temporal UI', 'TEMPORAL_UI_PORT');
  const address = `127.0.0.1:${options.port}`;
  const child = await startServer(options, address);
  return { ...child, address };
}

async function startServer(options: TemporalOptions, address: string): Promise<Child> {
  const starting = startChild({
    name: 'Temporal',
    command: options.cli,
    args: [...serverFlags(options), '--http-port', String(await freePort())],
    ready: () => answers(address),
    readyWithinMs: 60_000,
    ownGroup: options.ownGroup,
    logFile: options.logFile,
    onStart: options.onStart,
  });
  return await starting.catch((error: unknown) => {
    const why = /not a database|malformed|corrupt/.exec(reasonOf(error))?.[0];
    if (why === undefined || options.dbFile === undefined) throw error;
    throw new SetupError(
      `Temporal cannot read its data in ${options.dbFile} (${why}): restore that file, or move it away to begin with an empty one.`,
    );
  });
}

function serverFlags({ port, uiPort, dbFile, settings = {} }: TemporalOptions): string[] {
  return [
    'server',
    'start-dev',
    '--ip=127.0.0.1',
    `--port=${port}`,
    '--log-level=warn',
    ...(uiPort === undefined ? ['--headless'] : [`--ui-port=${uiPort}`, '--ui-disable-news-fetch']),
    ...(dbFile === undefined ? [] : [`--db-filename=${dbFile}`]),
    ...Object.entries(settings).flatMap(([name, value]) => [
      '--dynamic-config-value',
      `${name}=${JSON.stringify(value)}`,
    ]),
    ...searchAttributeFlags,
  ];
}

async function answers(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1000 }).catch(() => undefined);
  if (connection === undefined) return false;
  try {
    return await searchAttributesKnown(connection, 'default');
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
