import { pathToFileURL } from 'node:url';
import { loadPolicies, type Policies } from '../config/policies.ts';
import { openOrm } from '../db/orm.ts';
import { databaseTrouble } from '../db/trouble.ts';
import { readArguments, UnusableArguments, usage, type Arguments, type RecordFormat } from './arguments.ts';
import { importFile } from './import-file.ts';
import { importStatementFile } from './statement-file.ts';
import { UnusableFile } from './outcome.ts';
import { createProgress, summaryText, type Output } from './progress.ts';
import { createRejectedFile } from './rejected-file.ts';
import type { Summary } from './run.ts';

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly error: Output;
  readonly now: Date;
}

const exit = { done: 0, failed: 1, unusableArguments: 2 } as const;

const fileErrors: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read or written',
};

/** What a person can put right, in a sentence; undefined for trouble nobody expected. */
function expectedTrouble(error: unknown): string | undefined {
  if (error instanceof UnusableFile) return error.message;
  const ofDatabase = databaseTrouble(error);
  if (ofDatabase !== undefined) return ofDatabase;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const code = String(error.code);
  return fileErrors[code] && `${'path' in error ? String(error.path) : 'The file'}: ${fileErrors[code]}.`;
}

function report(summary: Summary, files: readonly string[], { out }: Surroundings): void {
  out.write(`${summaryText(summary)}\n`);
  if (summary.rejected === 0) return;
  const what = summary.rejected === 1 ? 'The rejected record' : 'The rejected records';
  out.write(`${what} with all reasons: ${files.join(', ')}\n`);
}

async function run(
  given: Arguments & { readonly format: RecordFormat },
  policies: Policies,
  databaseUrl: string,
  around: Surroundings,
): Promise<Summary> {
  const { library, format, file, peer, source, complete = false } = given;
  const rejected = createRejectedFile(given.rejected, format);
  const progress = createProgress(around.out);
  const orm = await openOrm({ databaseUrl, poolSize: 2 });
  let soFar: Summary | undefined;
  const onProgress = (summary: Summary, share: number) => {
    soFar = summary;
    progress.update(summary, share);
  };
  try {
    const policy = policies.get(library);
    return await importFile({
      orm,
      policy,
      format,
      file,
      complete,
      ...(peer !== undefined && { peer }),
      ...(source !== undefined && { source }),
      now: around.now,
      onRejected: rejected.write,
      onProgress,
    });
  } finally {
    progress.end();
    await orm.close(true);
    if (soFar) report(soFar, rejected.close(), around);
  }
}

async function runStatement(
  { library, file, account }: Arguments,
  policies: Policies,
  databaseUrl: string,
  { out, now }: Surroundings,
): Promise<void> {
  const orm = await openOrm({ databaseUrl, poolSize: 2 });
  try {
    const told = await importStatementFile({ orm, policies, library, account, file, now });
    out.write(`${told.join('\n')}\n`);
  } finally {
    await orm.close(true);
  }
}

function prepare(argv: readonly string[], { environment }: Surroundings) {
  const policies = loadPolicies(environment.CARREL_POLICIES ?? 'policies');
  const given = readArguments(argv, policies.has);
  if (given && !environment.DATABASE_URL)
    throw new UnusableArguments('Set DATABASE_URL to the database to import into.');
  return { policies, given, databaseUrl: environment.DATABASE_URL ?? '' };
}

/** `npm run import`: returns the exit code. Expected trouble is told in a sentence on `error`; anything else is thrown. */
export async function main(argv: readonly string[], around: Surroundings): Promise<number> {
  try {
    const { policies, given, databaseUrl } = prepare(argv, around);
    if (!given) {
      around.out.write(`${usage}\n`);
      return exit.done;
    }
    const { format } = given;
    if (format === 'statement') {
      await runStatement(given, policies, databaseUrl, around);
      return exit.done;
    }
    const { rejected } = await run({ ...given, format }, policies, databaseUrl, around);
    return given.strict && rejected > 0 ? exit.failed : exit.done;
  } catch (error) {
    if (error instanceof UnusableArguments) {
      around.error.write(`${error.message}\n\n${usage}\n`);
      return exit.unusableArguments;
    }
    const trouble = expectedTrouble(error);
    if (!trouble) throw error;
    around.error.write(`${trouble}\n`);
    return exit.failed;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2), {
    environment: process.env,
    out: process.stdout,
    error: process.stderr,
    now: new Date(),
  });
}
