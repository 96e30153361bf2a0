import type { Tx } from '../transaction.ts';

/** A payment that an entry's money may be for; amounts in minor units, days in the library's zone. */
export interface CandidateRow {
  readonly paymentId: string;
  readonly patronId: string;
  readonly reference: string | null;
  readonly currency: string;
  readonly amount: string;
  readonly received: string;
  readonly begunOn: string;
  readonly endedOn: string | null;
  readonly name: string;
  readonly family: readonly string[];
}

const own = `payment.id as "paymentId", patron_id as "patronId", reference, payment.currency, payment.amount::text as amount,
  (case when reversed_at is null then received else 0 end)::text as received, to_char(begun_at at time zone ?, 'YYYY-MM-DD') as "begunOn",
  to_char(ended_at at time zone ?, 'YYYY-MM-DD') as "endedOn", patron.name`;
const columns = `${own}, array(select other.name from patron other where other.id <> patron.id
    and (other.id = patron.main_id or other.main_id = coalesce(patron.main_id, patron.id))) as family`;

/** How many payments of one amount are looked at, the latest first. */
const mostOfAmount = 2000;

/**
 * The payments with these references; whose families does not matter. Money for somebody who was erased waits for staff, who send it back: as credit nobody would see it
 * again (A12).
 */
export function paymentsNamed(
  tx: Tx,
  library: string,
  zone: string,
  references: readonly string[],
): Promise<CandidateRow[]> {
  const sql = `select ${own}, '[]'::jsonb as family from payment join patron on patron.id = patron_id
    where payment.library = ? and reference = any(?::text[]) and patron.erased_at is null`;
  return tx.execute(sql, [zone, zone, library, `{${references.join(',')}}`]);
}

/** What may be due, in minor units, both included. */
export interface DueRange {
  readonly currency: string;
  readonly from: string;
  readonly to: string;
}

/** Bank payments of which what is still to come lies within one of the ranges; the money for them has not come, or was taken back, whether they wait for it or have ended. */
export function paymentsDue(
  tx: Tx,
  library: string,
  zone: string,
  ranges: readonly DueRange[],
): Promise<CandidateRow[]> {
  const sql = `select distinct on (payment.id) ${columns}
    from jsonb_to_recordset(?::jsonb) range (currency text, "from" bigint, "to" bigint)
    cross join lateral (
      (select * from payment where library = ? and payment.currency = range.currency and means = 'bank' and amount > received
        and amount - received between range.from and range.to order by id desc limit ${mostOfAmount})
      union all
      (select * from payment where library = ? and payment.currency = range.currency and means = 'bank' and reversed_at is not null
        and amount between range.from and range.to order by id desc limit ${mostOfAmount})
    ) payment join patron on patron.id = patron_id and patron.erased_at is null`;
  return tx.execute(sql, [zone, zone, JSON.stringify(ranges), library, library]);
}

const mainCard = 'coalesce(patron.main_id, patron.id)';

/** Bank payments that wait for money of the families with these main cards. */
export function paymentsOf(
  tx: Tx,
  library: string,
  zone: string,
  mainIds: readonly string[],
): Promise<(CandidateRow & { readonly mainId: string })[]> {
  const sql = `select ${columns}, ${mainCard} as "mainId" from payment join patron on patron.id = patron_id
    where payment.library = ? and means = 'bank' and amount > received and ended_at is null and patron_id in (
      select id from patron where id = any(?::uuid[]) union all select id from patron where main_id = any(?::uuid[]))
    order by payment.id desc`;
  const ids = `{${mainIds.join(',')}}`;
  return tx.execute(sql, [zone, zone, library, ids, ids]);
}

/** Words that stand in a name, all of them. */
export type Words = readonly string[];

export interface NamedReader {
  readonly id: string;
  readonly name: string;
  /** The main card of the reader's family: their own, where there is none. */
  readonly mainId: string;
}

const mostNamed = 50;
const mostLookedAt = 1000;

/** For each of the lists of words some readers in whose names they stand, whatever their width and case; for suggestions. */
export async function readersNamed(
  tx: Tx,
  library: string,
  lists: readonly Words[],
): Promise<NamedReader[][]> {
  const folded = 'normalize(lower(name), NFKC)';
  const sql = `select at, reader.id, reader.name, reader."mainId"
    from jsonb_to_recordset(?::jsonb) list (at int, words text[])
    cross join lateral (
      select * from (
        select id, name, ${mainCard} as "mainId", created_at from patron
        where library = ? and erased_at is null and search_grams(${folded}) @> search_grams(array_to_string(words, ' '))
          and not exists (select from unnest(words) word where strpos(${folded}, word) = 0)
        limit ${mostLookedAt}) named
      order by created_at desc limit ${mostNamed}
    ) reader`;
  const given = JSON.stringify(lists.map((words, at) => ({ at, words })));
  const found = lists.map((): NamedReader[] => []);
  for (const { at, ...row } of await tx.execute<(NamedReader & { at: number })[]>(sql, [given, library]))
    found[at]?.push(row);
  return found;
}

/** A payment and whose it is. */
export interface Payer {
  readonly id: string;
  readonly patronId: string;
}

/** Whose the payments with these references are. */
export function payersNamed(tx: Tx, library: string, references: readonly string[]): Promise<Payer[]> {
  const sql =
    'select id, patron_id as "patronId" from payment where library = ? and reference = any(?::text[])';
  return tx.execute(sql, [library, `{${references.join(',')}}`]);
}

/** Whose these payments are. */
export function payersOf(tx: Tx, ids: readonly string[]): Promise<Payer[]> {
  return tx.execute('select id, patron_id as "patronId" from payment where id = any(?::uuid[])', [
    `{${ids.join(',')}}`,
  ]);
}

/** What a gateway has paid out, by its settlement file: the payout's id there, and minor units above zero. */
export interface PayoutRow {
  readonly provider: string;
  readonly payout: string;
  readonly amount: string;
  readonly currency: string;
}

/** Payouts of these amounts. */
export function payoutsOf(tx: Tx, library: string, amounts: readonly bigint[]): Promise<PayoutRow[]> {
  const sql = `select provider, payout, (-net)::text as amount, currency from settlement_line
    where library = ? and kind = 'payout' and payout is not null and net = any(?::bigint[])`;
  return tx.execute(sql, [library, `{${amounts.map((amount) => -amount).join(',')}}`]);
}
