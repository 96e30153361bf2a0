import { IllNettingPosition, IllSettlement, type BankEntry } from '../../db/entities/index.ts';
import { lockEntries } from '../../db/locks-in-bulk.ts';
import { once, type Tx } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { ActivityDeps } from '../deps.ts';
import { about, openOf } from '../bank/entry-ledger.ts';
import { decided } from '../bank/entry-states.ts';
import { book, exchange, finance, type Line, netting, peerAccount, suspense } from '../ledger.ts';
import type { ActOnSettlement } from './confirm.ts';
import type { SettlementAnswer } from './lines.ts';
import { type Doing, lockSettlements, seenTo, tellStory } from './rows.ts';

/** By an entry of the bank's statement; without one, by the parent institution, outside of Carrel. */
export interface PaySettlement extends ActOnSettlement {
  readonly entryId?: string;
}

export interface PayPosition extends Omit<ActOnSettlement, 'settlementId'> {
  readonly nettingId: string;
  readonly entryId?: string;
}

/** Something that is settled: what it takes out of which account, and under which operation. */
interface Due {
  readonly library: string;
  readonly operation: string;
  readonly account: string;
  /** Above zero it comes in. */
  readonly amount: bigint;
  readonly currency: string;
}

/** Books that a confirmed settlement was paid (I17), once: the account of the other library against the bank's entry, or against what the parent institution settles. */
export function paySettlement(deps: ActivityDeps, step: PaySettlement): Promise<Refused | SettlementAnswer> {
  const { library, settlementId, entryId, actor, now } = step;
  const doing = { at: new Date(now), actor };
  return once(deps.orm, step, async (tx): Promise<Refused | SettlementAnswer> => {
    const entry = await lockedEntry(tx, library, entryId);
    const [row] = await lockSettlements(tx, [settlementId]);
    if (row?.library !== library) return refuse({ code: 'settlement-unknown' });
    if (row.state !== 'confirmed') return refuse({ code: 'settlement-moved-on' });
    const { peer, total: amount, currency } = row;
    const operation = `ill:settled:${settlementId}:${await timesSettled(tx, settlementId)}`;
    const due = { library, operation, account: peerAccount(peer), amount, currency };
    const journalId = await bookPaid(tx, due, entry, entryId !== undefined, doing);
    if (journalId === undefined) return refuse({ code: 'settlement-amount-differs' });
    const paid = { settledAt: doing.at, settledBy: entry ? ('bank' as const) : ('finance' as const) };
    tx.assign(row, { ...paid, state: 'settled', journalId, entryId: entry?.id ?? null, endedAt: doing.at });
    await seenTo(tx, row, doing);
    tellStory(tx, row, 'settlement-settled', doing);
    return { settlementId };
  });
}

/** The same for what a netting has left a library to pay or to get. */
export function payPosition(
  deps: ActivityDeps,
  step: PayPosition,
): Promise<Refused | { readonly nettingId: string }> {
  const { library, nettingId, entryId, actor, now } = step;
  const doing = { at: new Date(now), actor };
  return once(deps.orm, step, async (tx): Promise<Refused | { readonly nettingId: string }> => {
    const entry = await lockedEntry(tx, library, entryId);
    const sql = `select netting_id, currency from ill_netting_position join ill_netting on ill_netting.id = netting_id
      where netting_id = ? and library = ? for no key update of ill_netting_position`;
    const [head] = await tx.execute<{ currency: string }[]>(sql, [nettingId, library]);
    if (!head) return refuse({ code: 'settlement-unknown' });
    const row = await tx.findOneOrFail(IllNettingPosition, { nettingId, library });
    if (row.settledAt) return refuse({ code: 'settlement-moved-on' });
    const operation = `ill:netting-paid:${nettingId}:${library}:${await timesSettled(tx, nettingId)}`;
    const due = { library, operation, account: netting, amount: row.amount, currency: head.currency };
    const journalId = await bookPaid(tx, due, entry, entryId !== undefined, doing);
    if (journalId === undefined) return refuse({ code: 'settlement-amount-differs' });
    tx.assign(row, {
      settledAt: doing.at,
      settledBy: entry ? 'bank' : 'finance',
      entryId: entry?.id ?? null,
    });
    return { nettingId };
  });
}

async function lockedEntry(tx: Tx, library: string, entryId?: string): Promise<BankEntry | undefined> {
  if (entryId === undefined) return undefined;
  const [entry] = await lockEntries(tx, [entryId]);
  return entry?.library === library && entry.state === 'suspended' ? entry : undefined;
}

/** So that one that is settled anew, after its entry was undone, has an operation of its own. */
async function timesSettled(tx: Tx, id: string): Promise<number> {
  const sql = `select count(*)::int as times from journal where operation like 'ill:%paid:' || ? || ':%' or operation like 'ill:settled:' || ? || ':%'`;
  const [row] = await tx.execute<{ times: number }[]>(sql, [id, id]);
  return row?.times ?? 0;
}

/** Undefined: the bank's entry is not what is to be paid. One in another currency is taken as a whole, and the rate is what it comes to. */
async function bookPaid(
  tx: Tx,
  due: Due,
  entry: BankEntry | undefined,
  byBank: boolean,
  { at, actor }: Doing,
): Promise<string | undefined> {
  const { library, operation, account, amount, currency } = due;
  if (byBank && !entry) return undefined;
  const out: Line = { account, amount: -amount };
  const booking = { library, operation, kind: 'ill-settled', currency, at, actor };
  if (!entry) return book(tx, { ...booking, lines: [out, { account: finance, amount }] });
  const open = await openOf(tx, entry);
  const same = entry.currency === currency;
  const enough = same ? (amount > 0n ? open >= amount : open <= amount) : amount > 0n ? open > 0n : open < 0n;
  if (!enough) return undefined;
  const taken = same ? amount : open;
  const into: Line = { account: suspense(entry.account), amount: taken, currency: entry.currency };
  const between: Line[] = same
    ? []
    : [
        { account: exchange, amount, currency },
        { account: exchange, amount: -taken, currency: entry.currency },
      ];
  const deciding = { at, actor };
  const journalId = await book(tx, {
    ...about(entry, deciding),
    ...booking,
    entryId: entry.id,
    lines: [out, ...between, into],
  });
  await decided(tx, entry, 'rule', deciding);
  return journalId;
}

/** An entry of the bank's is undone: what was settled by it waits to be settled anew. The entry is locked, and its bookings are reversed. */
export async function reopenPaid(tx: Tx, entryId: string, doing: Doing): Promise<void> {
  const settlement = await tx.findOne(IllSettlement, { entryId });
  if (settlement) {
    const [row] = await lockSettlements(tx, [settlement.id]);
    const open = { settledAt: null, settledBy: null, journalId: null, entryId: null, endedAt: null };
    if (row) tx.assign(row, { ...open, state: 'confirmed' });
    tellStory(tx, row ?? settlement, 'settlement-reopened', doing);
  }
  const open = { settledAt: null, settledBy: null, entryId: null };
  await tx.nativeUpdate(IllNettingPosition, { entryId }, open);
}
