import type { MikroORM } from '@mikro-orm/postgresql';
import type { Carried } from '../../domain/carried-cash.ts';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import type { Tx } from '../transaction.ts';

const mostWaiting = 500;

/** Cash of the library that was carried between tills and the bank and is on no statement, the latest of it, the oldest first. */
export async function cashOnItsWay(tx: Tx, library: string, zone: string): Promise<Carried[]> {
  const rows = await tx.execute<(Omit<Carried, 'amount'> & { amount: string })[]>(
    `select id, branch, amount::text as amount, currency, to_char(carried_at at time zone ?, 'YYYY-MM-DD') as "carriedOn"
     from carried_cash where library = ? and entry_id is null order by carried_at desc, id desc limit ${mostWaiting}`,
    [zone, library],
  );
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) })).toReversed();
}

/** Cash between till and bank as the cashier sees it. Amounts are minor units, above zero to the bank; instants epoch milliseconds. */
export interface CarriedRow {
  readonly id: string;
  readonly branch: string;
  readonly amount: number;
  readonly currency: string;
  readonly carriedAt: number;
  readonly carriedBy: Actor;
  readonly carrierName: string | null;
  readonly drawerId: string | null;
  /** Why, in the cashier's words. */
  readonly note: string | null;
  readonly entryId: string | null;
  /** The day on which the bank booked it, `YYYY-MM-DD`. */
  readonly bookedOn: string | null;
}

const carried: Statement = {
  name: 'carried-cash',
  text: `
    select carried_cash.id, carried_cash.branch, carried_cash.amount::float8 as amount, carried_cash.currency, ${epochMs('carried_at')} as "carriedAt",
      journal.actor as "carriedBy", staff_member.name as "carrierName", journal.drawer_id as "drawerId", remark.text as note,
      carried_cash.entry_id as "entryId", to_char(booked_on, 'YYYY-MM-DD') as "bookedOn"
    from carried_cash join journal on journal.id = carried_cash.id left join bank_entry on bank_entry.id = carried_cash.entry_id
    left join staff_member on 'staff:' || staff_member.id = journal.actor left join remark on remark.id = journal.remark_id
    where carried_cash.library = $1 and (not $2::boolean or carried_cash.entry_id is null) and ($3::text is null or carried_cash.branch = $3)
      and ($4::timestamptz is null or (carried_at, carried_cash.id) < ($4, $5::uuid))
    order by carried_at desc, carried_cash.id desc limit $6`,
};

export interface CarriedSearch {
  readonly library: string;
  /** Only what is on no statement yet. */
  readonly waiting: boolean;
  readonly branch?: string | undefined;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/** Cash that was carried between tills and the bank, the latest first; one more than asked for tells that there is a next page. */
export function carriedCash(orm: MikroORM, search: CarriedSearch): Promise<CarriedRow[]> {
  const { library, waiting, branch, before, limit } = search;
  return rowsOf(orm, carried, [library, waiting, branch, before?.at, before?.id, limit + 1]);
}
