import type { MikroORM } from '@mikro-orm/postgresql';

/** A query that each connection prepares once, under its name; parameters are `$1`, `$2`, … */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads rows as the driver gives them, past the mapper: for what is asked at every request. A statement says itself how instants and dates come, as epoch
 * milliseconds and `YYYY-MM-DD`.
 */
export async function rowsOf<T extends object>(
  orm: MikroORM,
  statement: Statement,
  values: readonly unknown[],
): Promise<T[]> {
  const pool = await orm.em.getConnection().getNativeClient();
  const { rows } = await pool.query<T>({ ...statement, values: [...values] });
  return rows;
}

/** An instant’s column as whole epoch milliseconds; null stays null. */
export const epochMs = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;
