/** A record that was not taken over: its place in the file (1 is the first), whatever names it, and every reason in words for the person who prepared the file. */
export interface Rejection {
  readonly position: number;
  /** The line it ends on, where the file has lines. */
  readonly line?: number;
  readonly controlNumber?: string;
  readonly barcode?: string;
  readonly card?: string;
  readonly reasons: readonly string[];
  /** The record as it stands in the file, where it could be cut out. */
  readonly raw?: Uint8Array;
}

/** One record of a file: usable, or rejected. A rejected record never stops the ones behind it. */
export type Outcome<T> = { readonly ok: T; readonly position: number } | { readonly rejected: Rejection };

/** The file as a whole cannot be read: wrong kind, wrong encoding, forbidden content. The message is one sentence for a person. */
export class UnusableFile extends Error {
  override name = 'UnusableFile';
}
