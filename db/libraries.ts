import type { MikroORM } from '@mikro-orm/postgresql';

/** Sees to it that every library with a policy has its row; existing ones stay as they are. */
export async function ensureLibraries(orm: MikroORM, codes: readonly string[], at: Date): Promise<void> {
  await orm.em
    .fork()
    .execute(
      `insert into library (code, created_at) select code, ? from unnest(?::text[]) as code on conflict do nothing`,
      [at, `{${codes.join(',')}}`],
    );
}
