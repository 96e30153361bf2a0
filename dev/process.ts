import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog, type Log } from './log.ts';
import { SetupError } from './setup-error.ts';

export interface ProgramOptions {
  /** As a person knows it, e.g. "the worker": begins the sentences about it. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv | undefined;
  cwd?: string | undefined;
  uid?: number | undefined;
  gid?: number | undefined;
  /** Where its output goes, each line with the time in front; without it only the last lines are kept. */
  logFile?: string | undefined;
  stopSignal?: NodeJS.Signals | undefined;
  /** Milliseconds between the stop signal and SIGKILL; 10 s when not given. */
  graceMs?: number | undefined;
  /** Its own process group, so that Ctrl-C in the terminal reaches only this process, which stops it in order. */
  ownGroup?: boolean | undefined;
  /** Told of the process as soon as it exists, before it is ready. */
  onStart?: ((child: Child) => void) | undefined;
}

export interface ChildOptions extends ProgramOptions {
  /** Asked every 100 ms with the output so far (its last lines) until it says yes. */
  ready: (output: string) => boolean | Promise<boolean>;
  readyWithinMs: number;
}

export interface Ending {
  /** Whether it ended by itself with code 0. */
  ok: boolean;
  /** How it ended, without its log and the full stop. */
  brief: string;
  /** How it ended, in one sentence, with its last log lines. */
  sentence: string;
  output: string[];
}

export interface Child {
  name: string;
  pid: number;
  stopSignal: NodeJS.Signals;
  /** Settles when it ended, by itself or stopped. */
  ended: Promise<Ending>;
  stop(): Promise<void>;
  kill(): void;
}

/** Starts a program and waits until it is ready. A SetupError tells of one that does not start, ends, or stays silent. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openLog(options.logFile);
  const child = launch(options, log);
  let ending: Ending | undefined;
  void child.ended.then((how) => (ending = how));
  const deadline = Date.now() + options.readyWithinMs;
  while (Date.now() < deadline) {
    if (ending !== undefined) throw new SetupError(ending.sentence);
    if (await options.ready(log.lastLines().join('\n'))) return child;
    await Promise.race([sleep(100), child.ended]);
  }
  child.kill();
  const seconds = Math.round(options.readyWithinMs / 1000);
  throw new SetupError(sentence(options, `was not ready within ${seconds} s`, log.lastLines()));
}

/** Runs a program that is to end by itself; its output lines. A SetupError when it does not end with code 0. */
export async function runToEnd(options: ProgramOptions): Promise<string[]> {
  const ending = await launch(options, openLog(options.logFile)).ended;
  if (!ending.ok) throw new SetupError(ending.sentence);
  return ending.output;
}

function launch(options: ProgramOptions, log: Log): Child {
  const { command, args, env, cwd, uid, gid, ownGroup = false, stopSignal = 'SIGTERM' } = options;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
    env,
    cwd,
    uid,
    gid,
  });
  child.stdout.on('data', (chunk: Buffer) => log.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => log.write(chunk));
  const ended = watchEnd(child, options, log);
  const handle = {
    name: options.name,
    pid: child.pid ?? 0,
    stopSignal,
    ended,
    stop: () => stop(child, stopSignal, options.graceMs ?? 10_000, ended),
    kill: () => void child.kill('SIGKILL'),
  };
  options.onStart?.(handle);
  return handle;
}

function watchEnd(child: ChildProcess, options: ProgramOptions, log: Log): Promise<Ending> {
  const stopWithUs = () => void child.kill(options.stopSignal ?? 'SIGTERM');
  process.once('exit', stopWithUs);
  return new Promise((resolve) => {
    const settle = (ok: boolean, how: string) => {
      process.off('exit', stopWithUs);
      log.close();
      const output = log.lastLines();
      resolve({ ok, brief: brief(options, how), sentence: sentence(options, how, output), output });
    };
    child.once('error', (error) => settle(false, `could not be started (${error.message})`));
    child.once('exit', (code, signal) => {
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      // Its last output may still be on its way; what it leaves running may hold the pipe for long.
      const late = setTimeout(() => settle(code === 0, how), 500);
      child.once('close', () => {
        clearTimeout(late);
        settle(code === 0, how);
      });
    });
  });
}

async function stop(
  child: ChildProcess,
  signal: NodeJS.Signals,
  graceMs: number,
  ended: Promise<Ending>,
): Promise<void> {
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(late);
}

/** What node adds to the message of an error that nobody caught. */
const stackTrace = /^\s+at |^\s*\^+$|^\s*[{}],?$|^Node\.js v|^node:|\s+throw /;

const brief = ({ name }: ProgramOptions, how: string): string =>
  `${name.charAt(0).toUpperCase()}${name.slice(1)} ${how}`;

function sentence(options: ProgramOptions, how: string, lines: string[]): string {
  const { logFile } = options;
  const where = logFile === undefined ? '' : ` (whole log: ${logFile})`;
  const telling = lines.filter((line) => !stackTrace.test(line)).slice(-8);
  if (telling.length === 0) return `${brief(options, how)} and wrote nothing${where}.`;
  return `${brief(options, how)}. Its last lines${where}:\n${telling.join('\n')}`;
}
