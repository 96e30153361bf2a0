import { z } from 'zod';

/** Where a page of titles ended: the next begins behind it, whatever has been added or changed in between. */
export interface TitlePosition {
  readonly sortKey: string;
  readonly id: string;
}

const position = z.tuple([z.string().max(200), z.uuid()]);

/** A position as the opaque text that goes into links. */
export function writeTitleCursor({ sortKey, id }: TitlePosition): string {
  return Buffer.from(JSON.stringify([sortKey, id])).toString('base64url');
}

/** Reads a cursor from outside; undefined when it is none. */
export function readTitleCursor(cursor: string): TitlePosition | undefined {
  try {
    const [sortKey, id] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { sortKey, id };
  } catch {
    return undefined;
  }
}
