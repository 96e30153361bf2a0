import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf } from './other-process.ts';
import { SetupError, codeOf, reasonOf } from './setup-error.ts';

/**
 * Makes sure that only one start works on a data folder; returns how to give it up. A lock whose process is gone
 * (or whose number now belongs to another program) is taken over; a living one is refused with a SetupError.
 */
export async function takeLock(dataDir: string): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true }).catch((error: unknown) => {
    throw new SetupError(
      `The data folder ${dataDir} cannot be made (${reasonOf(error)}): set CARREL_DATA to another folder.`,
    );
  });
  const file = join(dataDir, 'lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await created(file)) return () => rm(file, { force: true });
    const holder = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    if (await works(holder)) {
      throw new SetupError(
        `Carrel already runs on ${dataDir} (process ${holder}): stop it first, or set CARREL_DATA to another folder.`,
      );
    }
    await rm(file, { force: true });
  }
  throw new SetupError(`The lock ${file} could not be taken: remove it if no other start is running.`);
}

async function created(file: string): Promise<boolean> {
  try {
    await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new SetupError(`The data folder cannot be written: ${String(error)}`);
  }
}

async function works(pid: number): Promise<boolean> {
  return Number.isInteger(pid) && (await commandOf(pid)).includes('node');
}
