import type { MikroORM } from '@mikro-orm/postgresql';
import { bind, personalTables } from '../personal-data/index.ts';
import { apart } from '../shared.ts';
import { reader } from '../transaction.ts';

/** Everything held about a reader: rows by table, columns by their names. */
export interface PersonalData {
  readonly data: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** Tables of which not all rows are here. */
  readonly incomplete: readonly string[];
}

/** Rows of a table that are handed out at most; nobody borrows that much in a lifetime. */
export const mostRows = 20_000;

/** Collects everything held about a reader (A12), from one snapshot. Hashes of passwords and keys are left out. */
export async function personalDataOf(orm: MikroORM, patronId: string): Promise<PersonalData> {
  await apart();
  return reader(orm).transactional(
    async (tx) => {
      const data: Record<string, Record<string, unknown>[]> = {};
      for (const { table, rows, secret = [] } of personalTables) {
        if (rows === undefined) continue;
        const { text, values } = bind(rows, { patron: patronId });
        const [found] = await tx.execute<{ rows: Record<string, unknown>[] }[]>(
          `select coalesce(jsonb_agg(to_jsonb(part) - ?::text[]), '[]') as rows from (${text} limit ${mostRows + 1}) part`,
          [`{${secret.join(',')}}`, ...values],
        );
        data[table] = found?.rows ?? [];
      }
      const incomplete = Object.keys(data).filter((table) => (data[table]?.length ?? 0) > mostRows);
      return { data, incomplete };
    },
    { isolationLevel: 'repeatable read' as never, readOnly: true },
  );
}
