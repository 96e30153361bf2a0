import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SetupError, codeOf } from './setup-error.ts';

const secrets = z.object({ CARREL_SECRET: z.string(), CARREL_PAYLOAD_KEYS: z.string() });

export type Secrets = z.output<typeof secrets>;

/**
 * The secrets of a development installation, made once and kept in its data folder for its user alone: without the
 * same keys, the next start could not read what Temporal has stored.
 */
export async function devSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  const kept = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (kept === undefined) return await make(file);
  try {
    return secrets.parse(JSON.parse(kept));
  } catch {
    throw new SetupError(
      `${file} cannot be read: restore it, or move ${dataDir} away to begin with new data.`,
    );
  }
}

async function make(file: string): Promise<Secrets> {
  const made = {
    CARREL_SECRET: randomBytes(32).toString('base64url'),
    CARREL_PAYLOAD_KEYS: `dev:${randomBytes(32).toString('base64')}`,
  };
  await writeFile(file, `${JSON.stringify(made, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return made;
}
