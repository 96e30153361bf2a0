import type { Tx } from '../db/transaction.ts';
import type { Rejection } from './outcome.ts';
import type { Counts } from './upsert.ts';

/** A usable record with its place in the file. */
export interface Placed<T> {
  readonly ok: T;
  readonly position: number;
}

/** Where and when a batch is stored: `now` becomes the creation time of what is new. */
export interface StoreContext {
  readonly library: string;
  readonly now: Date;
}

/** What became of a batch; `rejected` are the records that do not fit what the database has. */
export interface Stored {
  readonly counts: Counts;
  readonly rejected: readonly Rejection[];
}

/** Stores one batch of records within a transaction. Storing it again changes nothing. */
export type Store<T> = (tx: Tx, batch: readonly Placed<T>[], context: StoreContext) => Promise<Stored>;
