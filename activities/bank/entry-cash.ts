import { type BankEntry, CarriedCash } from '../../db/entities/index.ts';
import { lockCarried } from '../../db/locks-in-bulk.ts';
import { cashOnItsWay } from '../../db/queries/carried-cash.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { type Carried, cashFor, isExact, partsOf } from '../../domain/carried-cash.ts';
import {
  type Decision,
  type Outcome,
  type Part,
  scoreOf,
  type Suggestion,
  type Why,
} from '../../domain/matching.ts';
import { ranked } from '../../domain/matching-rules.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { instant } from '../facts.ts';
import { book, difference, suspense, transit } from '../ledger.ts';
import { about, bookings, type Deciding } from './entry-ledger.ts';

type CashPart = Extract<Part, { to: 'cash' }>;

/** Looks for the library's own cash among what was carried between tills and the bank; read when it is first needed. */
export function cashLooker(tx: Tx, { code, timeZone, money }: LibraryPolicy) {
  let carried: Promise<Carried[]> | undefined;
  const found = async (entry: BankEntry, ofBranch?: string) => {
    carried ??= cashOnItsWay(tx, code, timeZone);
    const waiting = (await carried).filter(({ branch }) => ofBranch === undefined || branch === ofBranch);
    const { amount, currency, bookedOn, code: bankCode = null, payerName = null } = entry;
    const payer = ofBranch === undefined ? payerName : null;
    return cashFor({ amount, currency, bookedOn, code: bankCode, payerName: payer }, waiting, money.matching);
  };
  return {
    /** What the entry may be besides. */
    offer: async (entry: BankEntry, decision: Decision): Promise<Decision> => {
      if ('parts' in decision) return decision;
      return { suggestions: ranked([...decision.suggestions, ...(await found(entry))]) };
    },
    /** Of an entry that a rule calls a branch's cash: which it is; staff are asked where the bank has counted otherwise, and nothing is said where nothing is on its way. */
    ruled: async (entry: BankEntry, branch: string): Promise<Decision | undefined> => {
      const suggestions = (await found(entry, branch)).map(({ parts, reasons: why }): Suggestion => {
        const reasons: Why[] = ['rule', ...why];
        return { parts, reasons, score: scoreOf(reasons) };
      });
      const [likeliest] = suggestions;
      if (!likeliest) return undefined;
      return isExact(likeliest) ? { ...likeliest, fee: 0n } : { suggestions: ranked(suggestions) };
    },
  };
}

/** Whether none of what the parts name has been found on a statement meanwhile. Locks it: it comes last, with the tills. */
export async function cashWaits(tx: Tx, entry: BankEntry, parts: readonly Part[]): Promise<boolean> {
  const ids = parts.flatMap((part) => (part.to === 'cash' ? part.carriedIds : []));
  return ids.length === 0 || (await lockWaiting(tx, entry, ids)) !== undefined;
}

/** Cash that was carried, each once, locked; undefined where not all of it waits for an entry like this one. */
async function lockWaiting(
  tx: Tx,
  { library, currency, amount }: BankEntry,
  ids: readonly string[],
): Promise<CarriedCash[] | undefined> {
  const rows = (await lockCarried(tx, ids)).filter((row) => {
    const alike = row.library === library && row.currency === currency;
    return alike && row.amount > 0n === amount > 0n && row.entryId == null;
  });
  return rows.length === ids.length ? rows : undefined;
}

/** What staff say themselves an entry's money is: which times of carrying, and how much of the entry. */
export interface CashWish {
  readonly to: 'cash';
  readonly carriedIds: readonly string[];
  readonly amountMinor: number;
}

/** The parts that a wish comes to, by branch; or why it cannot be: what it names does not wait, or the bank has counted otherwise by more than the policy allows. */
export async function partsOfWish(
  tx: Tx,
  { timeZone, money }: LibraryPolicy,
  entry: BankEntry,
  { carriedIds, amountMinor }: CashWish,
): Promise<readonly CashPart[] | Refused> {
  const rows = await lockWaiting(tx, entry, carriedIds);
  if (!rows || rows.length === 0) return refuse({ code: 'cash-unknown' });
  const day = (at: Date) => civilDay({ timeZone }, instant(at)).toString();
  const carried = rows.map((row) => ({ ...row, carriedOn: day(row.carriedAt) }));
  const parts = partsOf(carried, BigInt(amountMinor));
  const off = parts.reduce((sum, part) => sum + part.carriedMinor, -amountMinor);
  const most = parts.length > 1 ? 0 : money.matching.cash.differsUpTo;
  return Math.abs(off) > most ? refuse({ code: 'cash-differs' }) : parts;
}

/** Books an entry as cash of a branch that was on its way; what the bank has counted otherwise is the branch's difference (P9). What was carried is locked and waits. */
export async function bookCarried(
  tx: Tx,
  entry: BankEntry,
  { branch, carriedIds, carriedMinor, amountMinor }: CashPart,
  deciding: Deciding,
): Promise<Outcome> {
  const sign = entry.amount > 0n ? 1n : -1n;
  const [counted, carried] = [sign * BigInt(amountMinor), sign * BigInt(carriedMinor)];
  const operation = `bank:${entry.id}:${await bookings(tx, entry)}`;
  const lines = [
    { account: suspense(entry.account), amount: counted },
    { account: transit(branch), amount: -carried },
    { account: difference(branch), amount: carried - counted },
  ];
  await book(tx, { ...about(entry, deciding), operation, kind: 'bank-cash', lines });
  await tx.nativeUpdate(CarriedCash, { id: { $in: [...carriedIds] } }, { entryId: entry.id });
  return carried === counted ? 'carried' : 'carried-differs';
}

/** What an entry was booked for is on its way again. */
export async function cashWaitsAgain(tx: Tx, { id }: BankEntry): Promise<void> {
  await tx.nativeUpdate(CarriedCash, { entryId: id }, { entryId: null });
}
