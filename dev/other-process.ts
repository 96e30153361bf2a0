import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from './run-program.ts';
import { codeOf } from './setup-error.ts';

/** The command line of a running process, empty when there is none: tells ours from a stranger with the same number. */
export async function commandOf(pid: number): Promise<string> {
  const { stdout } = await runProgram('ps', ['-o', 'command=', '-p', String(pid)]);
  return stdout.trim();
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Stops a process that is not our child: with `signal`, and after `graceMs` with SIGKILL. */
export async function stopProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  send(pid, signal);
  while (isAlive(pid) && Date.now() < deadline) await sleep(50);
  send(pid, 'SIGKILL');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
