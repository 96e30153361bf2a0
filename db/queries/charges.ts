import type { MikroORM } from '@mikro-orm/postgresql';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import type { TimePage } from './holds.ts';

/** What a reader owes or owed. Amounts are minor units, instants epoch milliseconds, dates `YYYY-MM-DD`. */
export interface ChargeRow {
  readonly id: string;
  readonly cause: string;
  readonly amount: number;
  readonly remaining: number;
  readonly currency: string;
  readonly raisedAt: number;
  readonly droppedAt: number | null;
  /** Since when its reader disputes it (P7). */
  readonly disputedAt: number | null;
  /** What of it was waived. */
  readonly waived: number;
  /** What staff wrote to it. */
  readonly note: string | null;
  /** The title of the loan, hold, copy or request it was charged for. */
  readonly title: string | null;
  /** The request whose delivery or loan it is for (I15). */
  readonly requestId: string | null;
  readonly requestNumber: string | null;
  /** The payment under way that it is locked to. */
  readonly inPayment: string | null;
  /** The first day that is not paid for, of a usage fee. */
  readonly dueOn: string | null;
}

export interface Balance {
  /** What is to be paid in all; what is disputed is not. */
  readonly open: number;
  /** What is held out of it until staff decide (P7). */
  readonly disputed: number;
  /** What was paid and is not used; below zero the overdraft is in use (A6). */
  readonly credit: number;
  /** How far below zero it may go; null: not at all. */
  readonly overdraftLimit: number | null;
  /** What the reader has deposited (A6). */
  readonly deposit: number;
  readonly paidUntil: string | null;
}

/** What a charge was for, of `chargedThings`. */
export const chargedTitle = 'coalesce(title.title, request.title)';

/** What a charge may be for, joined to it; a request is charged for each of its shipments (I15). */
export const chargedThings = `left join loan on charge.subject_type = 'loan' and loan.id = charge.subject_id
  left join hold on charge.subject_type = 'hold' and hold.id = charge.subject_id left join item on item.id = charge.item_id
  left join title on title.id = coalesce(loan.title_id, hold.title_id, item.title_id)
  left join ill_attempt attempt on charge.subject_type = 'request' and attempt.id = charge.subject_id
  left join ill_request request on charge.subject_type = 'request' and request.id = coalesce(attempt.request_id, charge.subject_id)`;

/** The columns of a `ChargeRow`, of `chargeTables`. */
export const chargeColumns = `charge.id, charge.cause, charge.amount::float8 as amount, charge.remaining::float8 as remaining, charge.currency,
  ${epochMs('charge.raised_at')} as "raisedAt", ${epochMs('charge.dropped_at')} as "droppedAt", ${epochMs('charge.disputed_at')} as "disputedAt",
  remark.text as note, ${chargedTitle} as title, period.due_on::text as "dueOn", request.id as "requestId", request.number as "requestNumber",
  (select payment_id from payment_line where charge_id = charge.id and open) as "inPayment",
  case when charge.remaining = charge.amount then 0 else (select coalesce(sum(allocation.amount), 0)::float8 from allocation join journal on journal.id = journal_id
    where charge_id = charge.id and (journal.kind like 'waiver-%' or journal.kind = 'reversal-waiver')) end as waived`;

export const chargeTables = `charge ${chargedThings}
  left join membership_period period on period.charge_id = charge.id left join remark on remark.id = charge.remark_id`;

const open: Statement = {
  name: 'charges-open',
  text: `select ${chargeColumns} from ${chargeTables} where charge.patron_id = $1 and charge.remaining > 0 order by charge.raised_at, charge.id`,
};

const settled: Statement = {
  name: 'charges-settled',
  text: `select ${chargeColumns} from ${chargeTables} where charge.patron_id = $1 and charge.remaining = 0
    and ($2::timestamptz is null or (charge.raised_at, charge.id) < ($2, $3::uuid)) order by charge.raised_at desc, charge.id desc limit $4`,
};

const balance: Statement = {
  name: 'charges-balance',
  text: `select paid_until::text as "paidUntil",
      (select coalesce(sum(remaining), 0)::float8 from charge where patron_id = patron.id and remaining > 0 and disputed_at is null) as open,
      (select coalesce(sum(remaining), 0)::float8 from charge where patron_id = patron.id and remaining > 0 and disputed_at is not null) as disputed,
      (select coalesce(-sum(amount), 0)::float8 from posting where account = 'prepaid:' || patron.id) as credit,
      overdraft_limit::float8 as "overdraftLimit",
      (select coalesce(-sum(amount), 0)::float8 from posting where account = 'deposit:' || patron.id) as deposit
    from patron where id = $1`,
};

/** A reader's open charges, the oldest first. */
export function openCharges(orm: MikroORM, patronId: string): Promise<ChargeRow[]> {
  return rowsOf(orm, open, [patronId]);
}

/** A reader's paid and dropped charges, the latest first; one more than asked for tells that there is a next page. */
export function settledCharges(orm: MikroORM, { patronId, before, limit }: TimePage): Promise<ChargeRow[]> {
  return rowsOf(orm, settled, [patronId, before?.at, before?.id, limit + 1]);
}

/** What a reader owes and has, in all. */
export async function balanceOf(orm: MikroORM, patronId: string): Promise<Balance> {
  const [row] = await rowsOf<Balance>(orm, balance, [patronId]);
  if (!row) throw new Error(`There is no reader ${patronId}.`);
  return row;
}

const own: Statement = {
  name: 'charge-own',
  text: 'select id from charge where id = $2 and patron_id = $1',
};

/** Whether a charge is the reader's. */
export async function isOwnCharge(orm: MikroORM, patronId: string, chargeId: string): Promise<boolean> {
  return (await rowsOf(orm, own, [patronId, chargeId])).length > 0;
}
