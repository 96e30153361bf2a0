import { z } from 'zod';
import { problem } from './problem.ts';

/** The query parameters of every list that comes in pages; add the list's own with `.extend`. */
export const pageQuery = z.strictObject({
  limit: z.coerce
    .number()
    .pipe(z.int().min(1).max(100))
    .default(20)
    .meta({
      description: 'Most entries of a page.',
      override: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    }),
  cursor: z
    .string()
    .max(500)
    .optional()
    .describe('Where to go on: from the `next` link of the page before. It has no meaning of its own.'),
});

/** The body of a page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('The next page, also in the `Link` header; null on the last.'),
  });
}

/** What a route that answers with pages names among its response's headers. */
export const pageHeaders = { Link: 'The next page (RFC 8288, `rel="next"`), unless this is the last.' };

interface PageRequest {
  /** The list's own path: `/v1/me/notices`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** A page as a reply: its items, and the next page's address in body and header. `next` is the cursor of the next page, null on the last. */
export function page<T>({ path, query }: PageRequest, items: readonly T[], next: string | null) {
  if (next === null) return { status: 200 as const, body: { items: [...items], next: null } };
  const given: PageRequest['query'] = { ...query, cursor: next };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const link = `${path}?${parameters.toString()}`;
  return {
    status: 200 as const,
    headers: { Link: `<${link}>; rel="next"` },
    body: { items: [...items], next: link },
  };
}

/** Where a page of rows that are ordered by an instant and their id ended. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

const position = z.tuple([z.int(), z.uuid()]);

export function writeCursor({ at, id }: Position): string {
  return Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');
}

/** Reads a cursor from a request. Throws 422 when it is none. */
export function readCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [at, id] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { at: new Date(at), id };
  } catch {
    throw problem('invalid-input', {}, { errors: [{ in: 'query', pointer: '/cursor', code: 'field-form' }] });
  }
}

/** Splits what a query for `limit + 1` rows has found into the page and the cursor of the next. */
export function cut<T extends Position>(
  rows: readonly T[],
  limit: number,
): { rows: T[]; next: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last ? writeCursor(last) : null };
}
