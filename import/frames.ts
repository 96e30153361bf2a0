/** One record cut out of a file, not yet looked into. */
export interface Frame {
  readonly raw: Buffer;
  /** Why it cannot be a whole record: the file ends within it, or it is longer than any record may be. */
  readonly problem?: string;
}

/** Longer than this is no record (ISO 2709 allows 99,999 bytes, MARCXML of the same content about four times as much): bounds the memory used. */
export const longestRecord = 1024 * 1024;

export const tooLong = 'the record is longer than 1 MiB';
