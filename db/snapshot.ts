import type { MikroORM } from '@mikro-orm/postgresql';
import type { Statement } from './prepared.ts';
import { apart } from './shared.ts';

/** Reads rows as the driver gives them; see `rowsOf`. */
export type ReadRows = <R extends object>(statement: Statement, values: readonly unknown[]) => Promise<R[]>;

/** Whoever fetches a long table so slowly that nothing is read meanwhile gives the connection up. */
const idle = '2min';

/**
 * Reads page by page what was true at one moment, however long it takes: what is booked meanwhile is in no page. It keeps a connection until the last page was read, or
 * until nobody reads on.
 */
export async function* inSnapshot<T>(
  orm: MikroORM,
  read: (rowsOf: ReadRows) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  await apart();
  const pool = await orm.em.getConnection().getNativeClient();
  const client = await pool.connect();
  let lost: Error | undefined;
  const note = (error: Error) => void (lost = error);
  client.on('error', note);
  try {
    await client.query('begin isolation level repeatable read, read only');
    await client.query(`set local idle_in_transaction_session_timeout = '${idle}'`);
    yield* read(
      async <R extends object>(statement: Statement, values: readonly unknown[]) =>
        (await client.query<R>({ ...statement, values: [...values] })).rows,
    );
  } finally {
    await client.query('rollback').catch(note);
    client.off('error', note);
    client.release(lost);
  }
}
