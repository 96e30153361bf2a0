import { join } from 'node:path';
import { keepRunning, usualPatience } from './keep-running.ts';
import { runToEnd, startChild } from './process.ts';
import type { Services, Surroundings } from './stack.ts';

/** The programs that make up Carrel itself, as paths of files that node runs. */
export interface Mains {
  migrate: string;
  seed: string;
  worker: string;
  api: string;
}

/** Migrates, loads the demo library, starts worker and API; what the demo's loader wrote. */
export async function startCarrel(
  surroundings: Surroundings,
  mains: Mains,
  { env }: Services,
): Promise<string[]> {
  const { settings, progress } = surroundings;
  const { METRICS_PORT, WORKER_METRICS_PORT, PORT } = settings.ports;
  await progress.stage('Migrations', () => toEnd(surroundings, 'the migration', mains.migrate, env));
  const seeded = settings.demo
    ? await progress.stage('Demo library', () => toEnd(surroundings, "the demo's loader", mains.seed, env))
    : [];
  await progress.stage('Worker', () =>
    server(
      surroundings,
      'the worker',
      mains.worker,
      { ...env, METRICS_PORT: String(WORKER_METRICS_PORT) },
      WORKER_METRICS_PORT,
    ),
  );
  await progress.stage('API', () =>
    server(surroundings, 'the API', mains.api, { ...env, METRICS_PORT: String(METRICS_PORT) }, PORT),
  );
  return seeded;
}

function toEnd(
  { settings, supervisor }: Surroundings,
  name: string,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  return runToEnd({ ...program(settings.dataDir, name, file), env, onStart: supervisor.own });
}

async function server(
  surroundings: Surroundings,
  name: string,
  file: string,
  env: NodeJS.ProcessEnv,
  readyPort: number,
): Promise<void> {
  const { settings, supervisor } = surroundings;
  const start = () =>
    startChild({
      ...program(settings.dataDir, name, file),
      env,
      graceMs: 40_000,
      onStart: supervisor.own,
      ready: () => answers(`http://127.0.0.1:${readyPort}/readyz`),
      readyWithinMs: 120_000,
    });
  const child = await start();
  keepRunning(surroundings, { name, child, start }, surroundings.patience ?? usualPatience).catch(
    (error: unknown) => supervisor.fail(String(error)),
  );
}

function program(dataDir: string, name: string, file: string) {
  const log = name.replace(/^the /, '').replace("'s", '').replaceAll(' ', '-').toLowerCase();
  return {
    name,
    command: process.execPath,
    args: [file],
    logFile: join(dataDir, 'logs', `${log}.log`),
    ownGroup: true,
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
