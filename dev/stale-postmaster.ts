import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf, stopProcess } from './other-process.ts';

/**
 * Clears what a killed run left in a data folder: a PostgreSQL still running over it is stopped, and the
 * pid file of a dead one is removed, even when its number now belongs to some other program.
 */
export async function stopStalePostmaster(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const command = await commandOf(pid);
  if (command.includes('postgres') && command.includes(dataDir)) await stopProcess(pid, 'SIGINT', 20_000);
  await rm(pidFile, { force: true });
}
