import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const shared = '/var/tmp';

/** Whether a user who owns nothing on the way can enter `path`: the nearest existing folder and all above are open to others. */
export async function reachableByOthers(path: string): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined && (found.mode & constants.S_IXOTH) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** A path outside a private folder (as /root is) that stands for `path`: always the same one for the same path. */
export function standIn(path: string): string {
  const name = createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12);
  return join(shared, `carrel-${name}`);
}

/** Copies a folder to where others can read it, once; half-made copies are never seen. */
export async function copyForOthers(folder: string): Promise<string> {
  const copy = standIn(folder);
  if ((await stat(copy).catch(() => undefined)) !== undefined) return copy;
  const unfinished = `${copy}.${process.pid}`;
  await mkdir(unfinished, { recursive: true, mode: 0o755 });
  await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, copy).catch(() => undefined);
  return copy;
}
