import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Operation } from './entities/index.ts';

export type Tx = EntityManager;

/**
 * The only way to write: one transaction on a fresh entity manager. Everything persisted in it is flushed and committed together or not at all;
 * a thrown error rolls back and is passed on. Locks are taken in the order library, patron, title, item, money.
 */
export function inTransaction<T>(orm: MikroORM, work: (tx: Tx) => Promise<T>): Promise<T> {
  return orm.em.fork({ clear: true }).transactional(work, { clear: true });
}

/** What makes a step repeatable: its key, and when it happens (epoch milliseconds). */
export interface Step {
  readonly operation: string;
  readonly now: number;
}

/**
 * Does `work` once under `step.operation`, in one transaction. A repetition – the worker died after the commit, the request came twice – gets the
 * first result and changes nothing. Two at the same instant: the second waits for the first's commit and then gets its result.
 */
export function once<T extends object>(orm: MikroORM, step: Step, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(orm, async (tx) => {
    await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [step.operation]);
    const done = await tx.findOne(Operation, { key: step.operation });
    if (done) return done.result as T;
    const result = await work(tx);
    tx.create(Operation, { key: step.operation, result, at: new Date(step.now) });
    return result;
  });
}

/** Runs a query for reading, outside any transaction and without the identity map. */
export function reader(orm: MikroORM): Tx {
  return orm.em.fork({ clear: true });
}
