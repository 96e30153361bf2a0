import type { MikroORM } from '@mikro-orm/postgresql';
import { inTransaction } from '../db/transaction.ts';

/** Most titles a cart takes, so that one confirmation stays one request's work. */
export const cartLimit = 50;

export interface CartLine {
  readonly titleId: string;
  readonly itemId: string | null;
}

/** A cart as it was confirmed; `at` is when. */
export interface Confirmation {
  readonly lines: readonly CartLine[];
  readonly at: Date;
}

/** Puts a title into a reader's cart, or changes the issue wanted; the line keeps its place. False when the cart is full. */
export async function addToCart(
  orm: MikroORM,
  patronId: string,
  { titleId, itemId }: CartLine,
  at: Date,
): Promise<boolean> {
  const written = await inTransaction(orm, (tx) =>
    tx.execute<object[]>(
      `insert into cart_line (patron_id, title_id, item_id, added_at)
       select ?, ?, ?, ? where (select count(*) from cart_line where patron_id = ? and title_id <> ?) < ?
       on conflict (patron_id, title_id) do update set item_id = excluded.item_id returning title_id`,
      [patronId, titleId, itemId, at, patronId, titleId, cartLimit],
    ),
  );
  return written.length > 0;
}

/** Takes a title out of the cart, unless it was put in after `until`. False when it was not there. */
export async function removeFromCart(
  orm: MikroORM,
  patronId: string,
  titleId: string,
  until: Date,
): Promise<boolean> {
  const removed = await inTransaction(orm, (tx) =>
    tx.execute<object[]>(
      'delete from cart_line where patron_id = ? and title_id = ? and added_at <= ? returning title_id',
      [patronId, titleId, until],
    ),
  );
  return removed.length > 0;
}

/**
 * Writes down what the cart holds, once under the request's id, before anything is placed: placing empties the cart, and the same request sent again must be
 * about the same lines (H3). Answers what was written first.
 */
export function rememberConfirmation(
  orm: MikroORM,
  { id, patronId, at }: { readonly id: string; readonly patronId: string; readonly at: Date },
): Promise<Confirmation> {
  return inTransaction(orm, async (tx) => {
    await tx.execute(
      `insert into cart_confirmation (id, patron_id, lines, confirmed_at)
       select ?, ?, coalesce(jsonb_agg(jsonb_build_object('titleId', title_id, 'itemId', item_id) order by added_at, title_id), '[]'), ?
       from cart_line where patron_id = ? on conflict (id) do nothing`,
      [id, patronId, at, patronId],
    );
    const [row] = await tx.execute<{ lines: CartLine[]; confirmed_at: string }[]>(
      'select lines, confirmed_at from cart_confirmation where id = ?',
      [id],
    );
    if (!row) throw new Error(`Confirmation ${id} was written and is not there.`);
    return { lines: row.lines, at: new Date(row.confirmed_at) };
  });
}
