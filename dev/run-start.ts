import { setTimeout as sleep } from 'node:timers/promises';
import { startCarrel, type Mains } from './carrel.ts';
import type { Patience } from './keep-running.ts';
import { clearLeftovers } from './leftovers.ts';
import { takeLock } from './lock.ts';
import { showProgress } from './progress.ts';
import { readSettings, type Settings } from './settings.ts';
import { SetupError } from './setup-error.ts';
import { signInLines } from './sign-ins.ts';
import { startServices, type Services, type Surroundings } from './stack.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

/**
 * Runs the whole development installation until it is told to stop (SIGINT, SIGTERM) or a part of it ends and cannot be kept running: worker and API are
 * started again, more slowly each time. Answers the exit code. A failure a person can put right is told in one sentence; a second signal kills what still runs.
 */
export async function runStart(env: NodeJS.ProcessEnv, mains: Mains, patience?: Patience): Promise<number> {
  const progress = showProgress(process.stdout);
  try {
    const settings = readSettings(env);
    const unlock = await takeLock(settings.dataDir);
    try {
      const supervisor = createSupervisor(await clearLeftovers(settings.dataDir));
      return await supervise({ settings, progress, supervisor, patience }, mains);
    } finally {
      await unlock();
    }
  } catch (error) {
    progress.say(failure(error));
    return 1;
  }
}

type Run = Surroundings;

async function supervise(run: Run, mains: Mains): Promise<number> {
  const { progress, supervisor } = run;
  const signalled = untilSignal(run);
  const started = startAll(run, mains);
  try {
    const signal = await Promise.race([started.then(() => signalled), signalled, brokenOf(supervisor)]);
    progress.say(`\n${signal}: stopping.`);
    return 0;
  } catch (error) {
    progress.say(failure(error));
    return 1;
  } finally {
    await stopAll(run, started);
  }
}

async function startAll(run: Run, mains: Mains): Promise<void> {
  const began = Date.now();
  const { dataDir } = run.settings;
  run.progress.say(`Starting Carrel. Its data are in ${dataDir}, what its parts write in ${dataDir}/logs.\n`);
  const services = await startServices(run);
  const seeded = await startCarrel(run, mains, services);
  run.progress.say(welcome(run.settings, services, seeded, Date.now() - began));
}

function welcome(
  settings: Settings,
  { temporalUi, mailbox }: Services,
  seeded: string[],
  tookMs: number,
): string {
  const api = `http://localhost:${settings.ports.PORT}`;
  return [
    `\nCarrel runs, after ${(tookMs / 1000).toFixed(1)} s.\n`,
    `  API            ${api}`,
    `  Documentation  ${api}/docs`,
    ...(temporalUi === undefined ? [] : [`  Temporal UI    ${temporalUi}`]),
    ...(mailbox === undefined ? [] : [`  Mailbox        ${mailbox}`]),
    ...(seeded.length === 0 ? [] : ['', ...signInLines(seeded).map((line) => `  ${line}`)]),
    '\nCtrl-C stops it; the next start goes on with the same data.',
  ].join('\n');
}

/** npm passes on a Ctrl-C that the terminal has already sent, so only one that comes later counts as a second. */
function untilSignal({ progress, supervisor }: Run): Promise<string> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const hear = (signal: NodeJS.Signals) => {
      firstAt ??= Date.now();
      resolve(signal);
      if (Date.now() - firstAt < 500) return;
      progress.say('Killing what still runs.');
      supervisor.killAll();
      process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  });
}

async function brokenOf(supervisor: Supervisor): Promise<never> {
  throw new SetupError(await supervisor.broken);
}

/** A start still under way may yet add parts: it fails as the parts it waits for are stopped, and is given 10 s for that. */
async function stopAll({ progress, supervisor }: Run, started: Promise<void>): Promise<void> {
  const began = Date.now();
  await supervisor.stopAll();
  await Promise.race([started.catch(() => undefined), sleep(10_000, undefined, { ref: false })]);
  await supervisor.stopAll();
  progress.say(`Stopped after ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}

/** What a person can put right needs no stack trace; what they cannot does. */
function failure(error: unknown): string {
  if (error instanceof SetupError) return `\n${error.message}`;
  return `\nThis was not foreseen:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
