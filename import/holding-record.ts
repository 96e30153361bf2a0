import type { Coverage } from '../domain/coverage.ts';

/** That a peer has something, as a file states it. */
export interface HoldingRecord {
  /** Names the statement: the same in every file that says the same again. */
  readonly key: string;
  readonly peer: string;
  readonly recordId: string | null;
  readonly title: string;
  readonly author: string | null;
  readonly published: string | null;
  readonly keys: readonly string[];
  readonly callNumber: string | null;
  readonly coverage: readonly Coverage[] | null;
  readonly lendable: boolean;
  readonly copyable: boolean;
  readonly searchText: string;
}

/** Whose holdings a file states. */
export interface Whose {
  /** All of them this peer's; undefined: each record says whose. */
  readonly peer: string | undefined;
  /** Peers by what they are called in records, in capitals; the library itself by its own names as `null`. */
  readonly named: ReadonlyMap<string, string | null>;
}
