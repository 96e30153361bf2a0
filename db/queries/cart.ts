import type { MikroORM } from '@mikro-orm/postgresql';
import type { TitleFacts } from '../../domain/holdable.ts';
import type { Kind } from '../../domain/kinds.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { titleFactsColumn } from './title-facts.ts';

/** A title a reader has collected for a later hold (H3). */
export interface CartRow {
  readonly titleId: string;
  readonly kind: Kind;
  readonly title: string;
  readonly author: string | null;
  /** The issue of a magazine that was chosen; null for the latest, and for anything else. */
  readonly itemId: string | null;
  readonly barcode: string | null;
  readonly shelfMark: string | null;
  readonly issue: string | null;
  readonly issuedOn: string | null;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  readonly facts: TitleFacts;
}

const cart: Statement = {
  name: 'cart',
  text: `
    select title.id as "titleId", title.kind, title.title, title.author, item.id as "itemId", item.barcode,
      item.shelf_mark as "shelfMark", item.issue, to_char(item.issued_on, 'YYYY-MM-DD') as "issuedOn",
      ${epochMs('cart_line.added_at')} as "addedAt", ${titleFactsColumn} as facts
    from cart_line
    join title on title.id = cart_line.title_id
    left join item on item.id = cart_line.item_id
    where cart_line.patron_id = $1 order by cart_line.added_at, title.id`,
};

const facts: Statement = {
  name: 'title-facts',
  text: `select ${titleFactsColumn} as facts from title where title.library = $1 and title.id = $2 and title.kind <> 'ill'`,
};

/** A reader's cart in the order it was filled. */
export function cartOf(orm: MikroORM, patronId: string): Promise<CartRow[]> {
  return rowsOf(orm, cart, [patronId]);
}

/** What the rules need to know of a title of the library; undefined where the library has no such title. */
export async function factsInLibrary(
  orm: MikroORM,
  library: string,
  titleId: string,
): Promise<TitleFacts | undefined> {
  const [row] = await rowsOf<{ facts: TitleFacts }>(orm, facts, [library, titleId]);
  return row?.facts;
}
