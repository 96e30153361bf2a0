import type { EntityDictionary, EntityName } from '@mikro-orm/core';
import {
  Charge,
  DrawerSession,
  IllRequest,
  Item,
  Patron,
  Payment,
  SupplyRequest,
  Title,
} from './entities/index.ts';
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

/** Locks several readers at once, in the order of their ids; those that are not there are left out. */
export async function lockPatrons(tx: Tx, ids: readonly string[]): Promise<Map<string, Patron>> {
  const asked = [...new Set(ids)];
  const rows = await tx.execute(
    `select * from patron where id in (${asked.map(() => '?').join(', ')}) order by id for no key update`,
    asked,
  );
  const patrons = rows.map((row) => tx.map(Patron, row as EntityDictionary<Patron>));
  return new Map(patrons.map((patron) => [patron.id, patron]));
}

/** A main card and its sub cards, locked; a single card has none. */
export interface LockedFamily {
  readonly main: Patron;
  readonly subs: readonly Patron[];
  /** Those of the other cards asked for that are there. */
  readonly others: ReadonlyMap<string, Patron>;
}

/**
 * Locks a card and all its sub cards, and other cards with them, in the order of their ids (F3). A card joins or leaves a family only under the main card's
 * lock, so the family stays as it is until the transaction ends. Throws `MovedOn` when a card joined or left while the locks were awaited.
 */
export async function lockFamily(
  tx: Tx,
  mainId: string,
  others: readonly string[] = [],
): Promise<LockedFamily | undefined> {
  const subsNow = async () => {
    const rows = await tx.execute<{ id: string }[]>('select id from patron where main_id = ? order by id', [
      mainId,
    ]);
    return rows.map(({ id }) => id);
  };
  const seen = await subsNow();
  const locked = await lockPatrons(tx, [mainId, ...seen, ...others]);
  const main = locked.get(mainId);
  if (!main) return undefined;
  if ((await subsNow()).join() !== seen.join()) throw new MovedOn(`the family of card ${mainId}`);
  const subs = seen.map((id) => present(locked.get(id), `sub card ${id}`));
  return { main, subs, others: new Map([...locked].filter(([id]) => others.includes(id))) };
}

/**
 * Locks a card and, if it is a sub card, its main card, in the order of their ids. Throws `MovedOn` when the card joined or left a family while the locks were
 * awaited.
 */
export async function lockWithMain(
  tx: Tx,
  subId: string,
): Promise<{ sub: Patron; main: Patron | undefined } | undefined> {
  const [seen] = await tx.execute<{ main_id: string | null }[]>('select main_id from patron where id = ?', [
    subId,
  ]);
  if (!seen) return undefined;
  const locked = await lockPatrons(tx, [subId, ...(seen.main_id ? [seen.main_id] : [])]);
  const sub = present(locked.get(subId), `card ${subId}`);
  if ((sub.mainId ?? null) !== seen.main_id) throw new MovedOn(`the family of card ${subId}`);
  return { sub, main: seen.main_id ? locked.get(seen.main_id) : undefined };
}

/** Locks a title for its queue. Third in the order. */
export function lockTitle(tx: Tx, id: string): Promise<Title | undefined> {
  return lockRow(tx, Title, 'title', id);
}

/** Locks an item for its place, and with it its open loan and the hold it is kept for. Fourth in the order. */
export function lockItem(tx: Tx, id: string): Promise<Item | undefined> {
  return lockRow(tx, Item, 'item', id);
}

/** Locks a request to other libraries, and with it its attempts. Between patron and title in the order. */
export function lockRequest(tx: Tx, id: string): Promise<IllRequest | undefined> {
  return lockRow(tx, IllRequest, 'ill_request', id);
}

/** Locks another library's request. Between patron and title in the order, like our own. */
export function lockSupply(tx: Tx, id: string): Promise<SupplyRequest | undefined> {
  return lockRow(tx, SupplyRequest, 'supply_request', id);
}

/** Locks a payment against its other ends: of two that settle, cancel or expire it the second sees what the first did. First within money, before its charges. */
export function lockPayment(tx: Tx, id: string): Promise<Payment | undefined> {
  return lockRow(tx, Payment, 'payment', id);
}

/** Locks charges in the order of their ids; money comes last in the order, and of it only tills come later. Those of them that are there. */
export async function lockCharges(tx: Tx, ids: readonly string[]): Promise<Charge[]> {
  const sql = 'select * from charge where id = any(?::uuid[]) order by id for no key update';
  const rows = await tx.execute<EntityDictionary<Charge>[]>(sql, [`{${ids.join(',')}}`]);
  return rows.map((row) => tx.map(Charge, row));
}

/** Locks a branch's till, and answers its open session. Counters and tills are the last of all locks. */
export async function lockDrawer(
  tx: Tx,
  library: string,
  branch: string,
): Promise<DrawerSession | undefined> {
  await tx.execute('insert into drawer (library, branch) values (?, ?) on conflict do nothing', [
    library,
    branch,
  ]);
  await tx.execute('select branch from drawer where library = ? and branch = ? for no key update', [
    library,
    branch,
  ]);
  const open = { library, branch, closedAt: null };
  return (await tx.findOne(DrawerSession, open, { refresh: true })) ?? undefined;
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
