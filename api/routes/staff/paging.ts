import { cut, page } from '../../pages.ts';

interface Request {
  readonly path: string;
  readonly query: Readonly<Record<string, string | number | undefined>> & { readonly limit: number };
}

/** By what a list is ordered: an instant in epoch milliseconds, and an id where instants are equal. */
interface Place {
  readonly at: number;
  readonly id: string;
}

/** A page as a reply, from the rows of a query that looked for one more than the page holds. */
export function pageFrom<Row, Body>(
  { path, query }: Request,
  found: readonly Row[],
  placeOf: (row: Row) => Place,
  body: (row: Row) => Body,
) {
  const placed = found.map((row) => {
    const { at, id } = placeOf(row);
    return { row, at: new Date(at), id };
  });
  const { rows, next } = cut(placed, query.limit);
  return page(
    { path, query },
    rows.map(({ row }) => body(row)),
    next,
  );
}
