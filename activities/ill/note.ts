import { Remark } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';

/** What staff wrote for a supplier; undefined where they wrote nothing. */
export async function remarkText(tx: Tx, remarkId: string | undefined): Promise<string | undefined> {
  return remarkId === undefined ? undefined : (await tx.findOne(Remark, { id: remarkId }))?.text;
}

/** A supplier's own words, as far as they are told to a reader: a line or two. */
export function remarkedNote(note: string | undefined): string | undefined {
  const said = note?.trim();
  return said === undefined || said === '' ? undefined : said.slice(0, 500);
}
