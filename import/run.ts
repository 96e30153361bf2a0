import { DeadlockException } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import { inTransaction } from '../db/transaction.ts';
import type { Placed, Store, StoreContext, Stored } from './batch.ts';
import type { Outcome, Rejection } from './outcome.ts';

/** What an import did. `read` is the sum of the others. */
export interface Summary {
  readonly read: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** What the file does not state any more, where it was said to be complete. */
  readonly removed?: number;
}

export interface ImportRun<T> extends StoreContext {
  readonly orm: MikroORM;
  readonly records: AsyncIterable<Outcome<T>>;
  readonly store: Store<T>;
  readonly onRejected: (rejection: Rejection) => void;
  /** Called after every batch. */
  readonly onProgress?: (soFar: Summary) => void;
}

export const batchSize = 500;
const attempts = 3;

/** Circulation goes on during an import; where the two lock rows crosswise, PostgreSQL ends one, and the batch is done again. */
async function storeBatch<T>(run: ImportRun<T>, batch: readonly Placed<T>[]): Promise<Stored> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(run.orm, (tx) => run.store(tx, batch, run));
    } catch (error) {
      if (!(error instanceof DeadlockException) || attempt === attempts) throw error;
    }
  }
}

function createTally() {
  const sums = { added: 0, changed: 0, unchanged: 0, rejected: 0 };
  return {
    add(counts: Partial<typeof sums>) {
      for (const key of ['added', 'changed', 'unchanged', 'rejected'] as const) sums[key] += counts[key] ?? 0;
    },
    summary: (): Summary => ({ ...sums, read: sums.added + sums.changed + sums.unchanged + sums.rejected }),
  };
}

/**
 * Stores records in batches of 500, each in one transaction: an import that is broken off has stored whole batches, and doing it again completes it.
 * Records that cannot be stored are handed to `onRejected`; what the source or the database throws is passed on.
 */
export async function importRecords<T>(run: ImportRun<T>): Promise<Summary> {
  const tally = createTally();
  let batch: Placed<T>[] = [];

  function reject(rejection: Rejection) {
    tally.add({ rejected: 1 });
    run.onRejected(rejection);
  }

  async function flush() {
    const { counts, rejected } = await storeBatch(run, batch);
    tally.add(counts);
    rejected.forEach(reject);
    batch = [];
    run.onProgress?.(tally.summary());
  }

  await ensureLibrary(run);
  for await (const outcome of run.records) {
    if ('rejected' in outcome) reject(outcome.rejected);
    else batch.push(outcome);
    if (batch.length === batchSize) await flush();
  }
  await flush();
  return tally.summary();
}

async function ensureLibrary({
  orm,
  library,
  now,
}: StoreContext & { readonly orm: MikroORM }): Promise<void> {
  await inTransaction(orm, (tx) =>
    tx.execute('insert into library (code, created_at) values (?, ?) on conflict do nothing', [library, now]),
  );
}
