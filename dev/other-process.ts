import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from './run-program.ts';
import { codeOf } from './setup-error.ts';

/**
 * The command line of a running process, empty when there is none: tells ours from a stranger with the same number.
 * The dead that nobody has buried yet, as in a container without an init process, have none either.
 */
export async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return command.replaceAll('\0', ' ').trim();
  }
  const { stdout } = await runProgram('ps', ['-o', 'command=', '-p', String(pid)]);
  return stdout.trim();
}

/** Stops a process that is not our child: with `signal`, and after `graceMs` with SIGKILL. */
export async function stopProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  send(pid, signal);
  while ((await commandOf(pid)) !== '') {
    if (Date.now() > deadline) return send(pid, 'SIGKILL');
    await sleep(50);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
