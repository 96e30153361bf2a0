import type { MikroORM } from '@mikro-orm/postgresql';
import type { LibraryPolicy } from '../domain/policy.ts';

const list = (codes: readonly string[]): string => `{${codes.join(',')}}`;

/** Sees to it that every library with a policy has its row; existing ones stay as they are. */
export async function ensureLibraries(orm: MikroORM, codes: readonly string[], at: Date): Promise<void> {
  await orm.em
    .fork()
    .execute(
      `insert into library (code, created_at) select code, ? from unnest(?::text[]) as code on conflict do nothing`,
      [at, list(codes)],
    );
}

/** Notes which of the libraries take a usage fee (F2): theirs are the cards that have a membership process. */
export async function noteFees(
  orm: MikroORM,
  policies: readonly Pick<LibraryPolicy, 'code' | 'membership'>[],
): Promise<void> {
  const charging = policies.filter(({ membership }) => membership !== 'none');
  const codes = list(charging.map(({ code }) => code));
  const sql = `update library set takes_fee = code = any(?::text[]) where code = any(?::text[]) and takes_fee <> (code = any(?::text[]))`;
  await orm.em.fork().execute(sql, [codes, list(policies.map(({ code }) => code)), codes]);
}
