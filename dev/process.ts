import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog, type Log } from './log.ts';
import { SetupError } from './setup-error.ts';

export interface ChildOptions {
  /** As a person knows it, e.g. "the worker": begins the sentences about it. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Where its output goes, each line with the time in front; without it only the last lines are kept. */
  logFile?: string;
  /** Asked every 100 ms with the output so far (its last lines) until it says yes. */
  ready: (output: string) => boolean | Promise<boolean>;
  readyWithinMs: number;
  stopSignal?: NodeJS.Signals;
  /** Milliseconds between the stop signal and SIGKILL. */
  graceMs?: number;
  /** Its own process group, so that Ctrl-C in the terminal reaches only this process, which stops it in order. */
  ownGroup?: boolean;
}

export interface Child {
  name: string;
  pid: number;
  /** Settles when it ended, by itself or stopped, with one sentence that says how and its last log lines. */
  ended: Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}

/** Starts a program and waits until it is ready. A SetupError tells of one that does not start, ends, or stays silent. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openLog(options.logFile);
  const child = spawn(options.command, options.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.ownGroup ?? false,
    ...spawnSettings(options),
  });
  child.stdout.on('data', (chunk: Buffer) => log.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => log.write(chunk));
  const ended = watchEnd(child, options, log);
  await untilReady(child, options, log, ended);
  return handleOf(child, options, ended);
}

function spawnSettings(options: ChildOptions) {
  const { env, cwd, uid, gid } = options;
  return {
    env: env ?? process.env,
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  };
}

function watchEnd(child: ChildProcess, options: ChildOptions, log: Log): Promise<string> {
  const signal = options.stopSignal ?? 'SIGTERM';
  const stopWithUs = () => void child.kill(signal);
  process.once('exit', stopWithUs);
  return new Promise((resolve) => {
    const settle = (how: string) => {
      process.off('exit', stopWithUs);
      log.close();
      resolve(endSentence(options, how, log.lastLines()));
    };
    child.once('error', (error) => settle(`could not be started (${error.message})`));
    child.once('close', (code, by) => settle(by === null ? `ended with code ${code}` : `was ended by ${by}`));
  });
}

async function untilReady(
  child: ChildProcess,
  options: ChildOptions,
  log: Log,
  ended: Promise<string>,
): Promise<void> {
  let how: string | undefined;
  void ended.then((sentence) => (how = sentence));
  const deadline = Date.now() + options.readyWithinMs;
  while (Date.now() < deadline) {
    if (how !== undefined) throw new SetupError(how);
    if (await options.ready(log.lastLines().join('\n'))) return;
    await Promise.race([sleep(100), ended]);
  }
  child.kill('SIGKILL');
  const seconds = Math.round(options.readyWithinMs / 1000);
  throw new SetupError(endSentence(options, `was not ready within ${seconds} s`, log.lastLines()));
}

function handleOf(child: ChildProcess, options: ChildOptions, ended: Promise<string>): Child {
  const stop = async () => {
    child.kill(options.stopSignal ?? 'SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), options.graceMs ?? 10_000);
    await ended;
    clearTimeout(late);
  };
  return { name: options.name, pid: child.pid ?? 0, ended, stop, kill: () => void child.kill('SIGKILL') };
}

function endSentence(options: ChildOptions, how: string, lines: string[]): string {
  const name = options.name.charAt(0).toUpperCase() + options.name.slice(1);
  const where = options.logFile === undefined ? '' : ` (${options.logFile})`;
  if (lines.length === 0) return `${name} ${how} and wrote nothing${where}.`;
  return `${name} ${how}. Its last lines${where}:\n${lines.slice(-8).join('\n')}`;
}
