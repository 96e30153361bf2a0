import { pathToFileURL } from 'node:url';
import { runMain } from '../../config/main.ts';
import { loadPolicies } from '../../config/policies.ts';
import { openOrm } from '../../db/orm.ts';
import { databaseTrouble } from '../../db/trouble.ts';
import { createAdministrators, type Handed } from './administrators.ts';
import { type CreateWish, readArguments, type ResetWish, usage } from './arguments.ts';

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: (text: string) => void;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Wish = CreateWish | ResetWish;

function textOf({ library, login }: Wish, { password, validUntil }: Handed): string {
  return `${login} of the library ${library} signs in with the password

  ${password}

once, until ${new Date(validUntil).toISOString()}, to set an own one. It is told nowhere else.\n`;
}

/** `npm run staff`. Throws an error with a sentence for whatever whoever runs it can put right. */
export async function staffCommand(
  argv: readonly string[],
  { environment, say, now }: Surroundings,
): Promise<void> {
  const policies = loadPolicies(environment.CARREL_POLICIES ?? 'policies');
  const wish = readArguments(argv, policies.has);
  if (wish === undefined) return say(`${usage}\n`);
  const { DATABASE_URL: databaseUrl } = environment;
  if (!databaseUrl) throw new Error('Set DATABASE_URL to the database of the service.');
  const orm = await openOrm({ databaseUrl, poolSize: 2 });
  try {
    const administrators = createAdministrators(orm, policies.get(wish.library).staff, now);
    const handed =
      wish.act === 'create' ? await administrators.create(wish) : await administrators.reset(wish);
    say(textOf(wish, handed));
  } catch (error) {
    const trouble = databaseTrouble(error);
    throw trouble === undefined ? error : new Error(trouble, { cause: error });
  } finally {
    await orm.close(true);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await runMain(() =>
    staffCommand(process.argv.slice(2), {
      environment: process.env,
      say: (text) => void process.stdout.write(text),
      now: Date.now(),
    }),
  );
