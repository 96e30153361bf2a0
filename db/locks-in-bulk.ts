import type { EntityDictionary, EntityName } from '@mikro-orm/core';
import { BankEntry, CarriedCash, Payment } from './entities/index.ts';
import { type LockedFamily, lockPatrons, MovedOn, present } from './locks.ts';
import type { Tx } from './transaction.ts';

const asArray = (ids: readonly string[]): string => `{${[...new Set(ids)].join(',')}}`;

async function lockRows<E extends object>(
  tx: Tx,
  entity: EntityName<E>,
  table: string,
  ids: readonly string[],
): Promise<E[]> {
  const sql = `select * from ${table} where id = any(?::uuid[]) order by id for no key update`;
  const rows = await tx.execute<EntityDictionary<E>[]>(sql, [asArray(ids)]);
  return rows.map((row) => tx.map<E>(entity, row));
}

/** Locks entries of bank statements in the order of their ids, for what becomes of them (P9). After the library and before readers. */
export function lockEntries(tx: Tx, ids: readonly string[]): Promise<BankEntry[]> {
  return lockRows(tx, BankEntry, 'bank_entry', ids);
}

const newEntries = `
  select id, library, account, statement_id as "statementId", key, booked_on::text as "bookedOn", value_on::text as "valueOn", amount::text, currency, charges::text,
    end_to_end as "endToEnd", reference, remittance, payer_name as "payerName", payer_account as "payerAccount", bank_ref as "bankRef", code, kind,
    return_reason as "returnReason", batch, part, parts, state, journal_id as "journalId"
  from bank_entry where id = any(?::uuid[]) and state = 'new' order by id for no key update`;

/** Locks those of the entries that nobody has looked at, like `lockEntries`; as plain rows without a decision: what is changed in them is not written. */
export async function lockNewEntries(tx: Tx, ids: readonly string[]): Promise<BankEntry[]> {
  const rows = await tx.execute<(BankEntry & Record<'amount' | 'charges', string>)[]>(newEntries, [
    asArray(ids),
  ]);
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount), charges: BigInt(row.charges) }));
}

/** Locks readers and the sub cards of main cards without reading them, for money that extends no card (F3). */
export async function lockReaders(tx: Tx, ids: readonly string[]): Promise<void> {
  const sql = `select from patron where id = any(?::uuid[]) or main_id = any(?::uuid[]) order by id for no key update`;
  await tx.execute(sql, [asArray(ids), asArray(ids)]);
}

/** Locks payments without reading them. */
export async function holdPayments(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.execute('select from payment where id = any(?::uuid[]) order by id for no key update', [
    asArray(ids),
  ]);
}

/** Locks payments in the order of their ids; see `lockPayment`. */
export function lockPayments(tx: Tx, ids: readonly string[]): Promise<Payment[]> {
  return lockRows(tx, Payment, 'payment', ids);
}

/** Locks cash that was carried between tills and the bank, in the order of its ids; after all other money. */
export function lockCarried(tx: Tx, ids: readonly string[]): Promise<CarriedCash[]> {
  return lockRows(tx, CarriedCash, 'carried_cash', ids);
}

/** Locks several cards, each with its sub cards, all in the order of their ids; see `lockFamily`. Cards that are not there are left out. */
export async function lockFamilies(tx: Tx, ids: readonly string[]): Promise<Map<string, LockedFamily>> {
  if (ids.length === 0) return new Map();
  const subsNow = () =>
    tx.execute<{ id: string; main_id: string }[]>(
      'select id, main_id from patron where main_id = any(?::uuid[]) order by id',
      [asArray(ids)],
    );
  const seen = await subsNow();
  const locked = await lockPatrons(tx, [...ids, ...seen.map(({ id }) => id)]);
  if (JSON.stringify(await subsNow()) !== JSON.stringify(seen)) throw new MovedOn('one of the families');
  const families = new Map<string, LockedFamily>();
  for (const id of new Set(ids)) {
    const main = locked.get(id);
    if (!main) continue;
    const subs = seen.filter(({ main_id }) => main_id === id);
    families.set(id, {
      main,
      subs: subs.map((sub) => present(locked.get(sub.id), `sub card ${sub.id}`)),
      others: new Map(),
    });
  }
  return families;
}
