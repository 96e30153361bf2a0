import type { EntityDictionary, EntityName } from '@mikro-orm/core';
import { Item, Patron, Title } from './entities/index.ts';
import type { Tx } from './transaction.ts';

/*
 * Locks are `for no key update`: they exclude each other, but not the foreign-key checks of rows that other transactions insert – a notice for a reader
 * whose own transaction waits for our title would otherwise be a deadlock.
 */
async function lockRow<E extends object>(
  tx: Tx,
  entity: EntityName<E>,
  table: string,
  id: string,
): Promise<E | undefined> {
  const [row] = await tx.execute(`select * from ${table} where id = ? for no key update`, [id]);
  return row && tx.map<E>(entity, row as EntityDictionary<E>);
}

/** Locks a library's calendar, for what moves or ends many deadlines at once. First in the order library, patron, title, item, money. */
export async function lockLibrary(tx: Tx, code: string): Promise<void> {
  await tx.execute('select code from library where code = ? for no key update', [code]);
}

/** Locks a reader for limits and money. Second in the order library, patron, title, item, money. */
export function lockPatron(tx: Tx, id: string): Promise<Patron | undefined> {
  return lockRow(tx, Patron, 'patron', id);
}

/** Locks several readers, whatever order their ids come in, in the order of their ids; those that are not there are left out. */
export async function lockPatrons(tx: Tx, ids: readonly string[]): Promise<Map<string, Patron>> {
  const locked = new Map<string, Patron>();
  for (const id of [...new Set(ids)].toSorted()) {
    const patron = await lockPatron(tx, id);
    if (patron) locked.set(id, patron);
  }
  return locked;
}

/** A main card and its sub cards, locked; a single card has none. */
export interface LockedFamily {
  readonly main: Patron;
  readonly subs: readonly Patron[];
}

/**
 * Locks a card and all its sub cards in the order of their ids (F3). A card joins or leaves a family only under the main card's lock, so the family stays
 * as it is until the transaction ends. Throws `MovedOn` when a card joined or left while the locks were awaited.
 */
export async function lockFamily(tx: Tx, mainId: string): Promise<LockedFamily | undefined> {
  const subsNow = async () => {
    const rows = await tx.execute<{ id: string }[]>('select id from patron where main_id = ? order by id', [
      mainId,
    ]);
    return rows.map(({ id }) => id);
  };
  const seen = await subsNow();
  const locked = await lockPatrons(tx, [mainId, ...seen]);
  const main = locked.get(mainId);
  if (!main) return undefined;
  if ((await subsNow()).join() !== seen.join()) throw new MovedOn(`the family of card ${mainId}`);
  return { main, subs: seen.map((id) => present(locked.get(id), `sub card ${id}`)) };
}

/** Locks a title for its queue. Third in the order. */
export function lockTitle(tx: Tx, id: string): Promise<Title | undefined> {
  return lockRow(tx, Title, 'title', id);
}

/** Locks an item for its place, and with it its open loan and the hold it is kept for. Fourth in the order. */
export function lockItem(tx: Tx, id: string): Promise<Item | undefined> {
  return lockRow(tx, Item, 'item', id);
}

/**
 * A row that was there when its id was taken is gone, or no longer what it was: something else won. Thrown, it makes the step begin again from what is
 * true now.
 */
export class MovedOn extends Error {
  override readonly name = 'MovedOn';
}

export function present<T>(row: T | null | undefined, what: string): T {
  if (row === null || row === undefined) throw new MovedOn(`${what} is not there`);
  return row;
}
