import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { apart } from './shared.ts';

export type Tx = EntityManager;

/**
 * The only way to write: one transaction on a fresh entity manager. Everything persisted in it is flushed and committed together or not at all;
 * a thrown error rolls back and is passed on. Locks are taken in the order library, patron, title, item, money.
 */
export async function inTransaction<T>(orm: MikroORM, work: (tx: Tx) => Promise<T>): Promise<T> {
  await apart();
  return orm.em.fork({ clear: true }).transactional(work, { clear: true });
}

/** What makes a step repeatable: its key, and when it happens (epoch milliseconds). */
export interface Step {
  readonly operation: string;
  readonly now: number;
}

/** Whoever comes second waits here for the first's commit. A row that is seen by others has its result, since both are committed together. */
const claimOperation = `
  insert into operation as done (key, result, at) values (?, 'null', ?)
  on conflict (key) do update set at = done.at
  returning result, xmax = 0 as fresh`;

/**
 * Does `work` once under `step.operation`, in one transaction. A repetition – the worker died after the commit, the request came twice – gets the
 * first result and changes nothing. Two at the same instant: the second waits for the first's commit and then gets its result.
 */
export function once<T extends object>(orm: MikroORM, step: Step, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(orm, async (tx) => {
    const { operation: key, now } = step;
    const [claim] = await tx.execute<{ result: T; fresh: boolean }[]>(claimOperation, [key, new Date(now)]);
    if (!claim) throw new Error(`Operation ${key} could not be claimed.`);
    if (!claim.fresh) return claim.result;
    const result = await work(tx);
    await tx.execute('update operation set result = ? where key = ?', [JSON.stringify(result), key]);
    return result;
  });
}

/** Runs a query for reading, outside any transaction and without the identity map. */
export function reader(orm: MikroORM): Tx {
  return orm.em.fork({ clear: true });
}
