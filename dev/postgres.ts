import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { characterLocale } from './locale.ts';
import { requireFreePort } from './ports.ts';
import { postgresIdentity, postgresPrograms, type Identity } from './postgres-programs.ts';
import { lastLine, runProgram } from './run-program.ts';
import { startChild, type Child } from './process.ts';
import { copyForOthers, reachableByOthers, standIn } from './reachable.ts';
import { SetupError, reasonOf } from './setup-error.ts';
import { stopStalePostmaster } from './stale-postmaster.ts';

const user = 'carrel';

const developmentSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  max_wal_size: '2GB',
  random_page_cost: 1.1,
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export interface PostgresOptions {
  dataDir: string;
  port: number;
  /** Names the variable that moves the port, for the sentence about a taken one. */
  portVariable?: string;
  logFile?: string | undefined;
  /** Server settings as in postgresql.conf, over the ones for development below. */
  settings?: Record<string, string | number>;
  ownGroup?: boolean | undefined;
  onStart?: ((child: Child) => void) | undefined;
}

export interface Postgres extends Child {
  /** Where its data really are: run for root, it may not enter every folder. */
  dataDir: string;
  /** The connection URL of a database of this server; reachable from this machine only. */
  url(database: string): string;
}

/**
 * Starts the embedded PostgreSQL over `dataDir`, which it creates when empty and goes on with when not.
 * Text is UTF-8 and sorted by code point, the same on every machine. Fails with a SetupError.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const place = await placeFor(options.dataDir);
  await stopStalePostmaster(place.dataDir);
  await requireFreePort(options.port, 'PostgreSQL', options.portVariable ?? 'DATABASE_URL');
  if (!(await initialised(place.dataDir))) await initialise(place);
  const child = await startServer(place, options, Date.now() + 20_000);
  return {
    ...child,
    dataDir: place.dataDir,
    url: (database) => `postgresql://${user}:${user}@127.0.0.1:${options.port}/${database}`,
  };
}

/** Over a killed server's data it may have to wait until the last of that one's processes has noticed. */
async function startServer(place: Place, options: PostgresOptions, patientUntil: number): Promise<Child> {
  try {
    return await startChild({
      name: 'PostgreSQL',
      command: join(place.programs, 'postgres'),
      args: ['-D', place.dataDir, '-p', String(options.port), ...settingFlags(options.settings)],
      env: { ...process.env, LC_ALL: '', LC_MESSAGES: 'C' },
      cwd: '/',
      ...place.identity,
      ready: (output) => output.includes('ready to accept connections'),
      readyWithinMs: 60_000,
      stopSignal: 'SIGINT',
      graceMs: 20_000,
      ownGroup: options.ownGroup,
      logFile: options.logFile,
      onStart: options.onStart,
    });
  } catch (error) {
    const said = reasonOf(error);
    if (/still in use/.test(said) && Date.now() < patientUntil) {
      await sleep(200);
      return await startServer(place, options, patientUntil);
    }
    const why = /FATAL:\s*(.*)/.exec(said)?.[1] ?? lastLine(said);
    throw new SetupError(
      `PostgreSQL does not start over its data in ${place.dataDir} (${why}): restore that folder, or move it away to begin with an empty one.`,
    );
  }
}

interface Place {
  programs: string;
  dataDir: string;
  identity: Identity | undefined;
}

async function placeFor(wanted: string): Promise<Place> {
  const programs = await postgresPrograms();
  const identity = await postgresIdentity();
  if (identity === undefined) return { programs, dataDir: wanted, identity };
  // A temporary folder is made for its maker alone; letting others pass through shows them nothing.
  if (dirname(dirname(wanted)) === tmpdir()) await chmod(dirname(wanted), 0o711);
  const home = dirname(programs);
  return {
    programs: (await reachableByOthers(home)) ? programs : join(await copyForOthers(home), 'bin'),
    dataDir: (await reachableByOthers(dirname(wanted))) ? wanted : standIn(wanted),
    identity,
  };
}

async function initialised(dataDir: string): Promise<boolean> {
  if ((await stat(join(dataDir, 'PG_VERSION')).catch(() => undefined)) === undefined) return false;
  const version = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  if (version === '18') return true;
  throw new SetupError(
    `The data in ${dataDir} is PostgreSQL ${version}'s and this is 18: move that folder away, or set DATABASE_URL.`,
  );
}

/** Made beside its place and renamed, so that an interrupted first start leaves nothing that looks like a database. */
async function initialise({ programs, dataDir, identity }: Place): Promise<void> {
  const unfinished = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, user);
  if (identity !== undefined) {
    await chown(unfinished, identity.uid, identity.gid);
    await chown(passwordFile, identity.uid, identity.gid);
  }
  const made = await runProgram(join(programs, 'initdb'), await initFlags(unfinished, passwordFile), {
    ...identity,
    cwd: '/',
  });
  await rm(passwordFile, { force: true });
  if (!made.ok) {
    throw new SetupError(`PostgreSQL's data folder ${dataDir} could not be made: ${lastLine(made.stderr)}`);
  }
  await moveInto(unfinished, dataDir);
}

async function moveInto(unfinished: string, dataDir: string): Promise<void> {
  try {
    await rename(unfinished, dataDir);
  } catch {
    throw new SetupError(
      `The folder ${dataDir} holds something that is not a PostgreSQL database: restore or move it away, or set DATABASE_URL.`,
    );
  }
}

async function initFlags(dataDir: string, passwordFile: string): Promise<string[]> {
  return [
    `--pgdata=${dataDir}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--locale=${await characterLocale()}`,
    '--lc-messages=C',
    '--no-sync',
  ];
}

function settingFlags(settings: PostgresOptions['settings']): string[] {
  const all = { ...developmentSettings, ...settings };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
