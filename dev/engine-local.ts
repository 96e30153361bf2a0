import { access, chmod, constants, copyFile, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cachedPath, type Found, type Program, type Search } from './engine-programs.ts';
import { runProgram } from './run-program.ts';
import { SetupError } from './setup-error.ts';

/** Set by hand, so a path that does not work is a mistake to be told and not passed over. */
export async function fromEnvironment(program: Program, { env }: Search): Promise<Found> {
  const path = env[program.variable];
  if (path === undefined || path === '') return undefined;
  if (await runs(program, path)) return path;
  throw new SetupError(
    `${program.variable} is set to ${path}, but ${program.title} does not run from there: correct it or unset it.`,
  );
}

/** Versions other than ours are taken too as long as they run: they were installed on purpose. */
export async function fromPath(program: Program, { env }: Search): Promise<Found> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program.file);
    if (folder !== '' && (await runs(program, path))) return path;
  }
  return undefined;
}

export async function fromCache(program: Program, search: Search): Promise<Found> {
  const path = cachedPath(program, search);
  return (await runs(program, path)) ? path : undefined;
}

/** Puts a downloaded file into the cache, in one step, after seeing it run. */
export async function keep(downloaded: string, program: Program, search: Search): Promise<Found> {
  const path = cachedPath(program, search);
  const unfinished = `${path}.${process.pid}`;
  try {
    await copyFile(downloaded, unfinished);
    await chmod(unfinished, 0o755);
    if (!(await runs(program, unfinished)))
      return { failed: 'the downloaded file does not run on this machine' };
    await rename(unfinished, path);
    return path;
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** The test server knows no --version: it takes the word for a port number and complains, which proves that it runs. */
async function runs(program: Program, path: string): Promise<boolean> {
  const executable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!executable) return false;
  const { stdout, stderr } = await runProgram(path, ['--version'], { timeout: 20_000 });
  return program.runsWhenItSays.test(stdout + stderr);
}
