import type { Kind } from '../domain/kinds.ts';

/** A title as the catalogue keeps it. */
export interface CatalogueRecord {
  /** The record's number in the library's catalogue (MARC 001): with the library its natural key. */
  readonly controlNumber: string;
  readonly kind: Kind;
  /** In the script of the work itself, where the record has it. */
  readonly title: string;
  /** The title in Latin script, where `title` is in another. */
  readonly titleRomanised: string | null;
  /** Normalised, without leading article: the order of lists. */
  readonly sortKey: string;
  readonly author: string | null;
  readonly publisher: string | null;
  /** As the record states it: `1997`, `[1998]`, `1962-2001`. */
  readonly published: string | null;
  /** ISO 639, two letters where they exist. */
  readonly language: string | null;
  /** Without hyphens, in both forms. */
  readonly isbns: readonly string[];
  readonly issns: readonly string[];
  /** Everything a search looks through, normalised as queries are. */
  readonly searchText: string;
}
