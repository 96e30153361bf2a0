import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf, stopProcess } from './other-process.ts';

/**
 * Clears what a killed run left in a data folder: a PostgreSQL still running over it is stopped, and a pid file whose
 * number some other program has now is removed. The file of a dead one stays: by it, PostgreSQL itself makes sure
 * that no process of the dead one is still writing.
 */
export async function stopStalePostmaster(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  const command = Number.isInteger(pid) ? await commandOf(pid) : '';
  if (command === '') return;
  if (command.includes('postgres') && command.includes(dataDir)) await stopProcess(pid, 'SIGINT', 20_000);
  else await rm(pidFile, { force: true });
}
