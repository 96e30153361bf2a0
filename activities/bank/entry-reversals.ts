import { type BankEntry, Journal, type Patron, Payment } from '../../db/entities/index.ts';
import { lockFamilies, lockPayments } from '../../db/locks-in-bulk.ts';
import { present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Part, Suggestion } from '../../domain/matching.ts';
import { isRefused, type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { ActivityDeps } from '../deps.ts';
import { type Booked, bookFee, type Deciding, type Told } from './entry-ledger.ts';
import { tellOfSettlement } from './entry-notices.ts';
import { keepUnsent, oweAnew, owingReasons } from './owed-anew.ts';
import { takeBack } from '../payments/payment-reversals.ts';
import { reversalReasons } from '../payments/reversal-reasons.ts';
import { lockBookings } from '../payments/reverse-booking.ts';

type Returned = Extract<Part, { to: 'reversal' | 'charge' }>;

/** Why a booking stands although its money has left: what it paid was used, followed or invoiced since. Then the payer owes it anew. */
const standing: readonly Reason['code'][] = [
  'patron-closed',
  'payment-invoiced',
  'membership-of-sub-card',
  'payment-of-dropped-charge',
  'payment-followed',
  'credit-used',
];

/**
 * Money of payments has left the account again (P9): each booking is taken back and its charges are open again; where that cannot be any more, and it may be done, what is
 * still in the payer's balance leaves it, and the payer is charged for the rest. What the bank took for it is its fee, and the library's. All or nothing. The entry is locked;
 * the readers' families, the payments and their charges are locked here.
 */
export async function bookReturned(
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  parts: readonly Returned[],
  { told, mayCharge, ...deciding }: Deciding & { readonly told: Told; readonly mayCharge: boolean },
): Promise<Refused | Booked> {
  const policy = deps.policies.get(entry.library);
  const found = await lockReturned(tx, entry, parts, deciding);
  if (isRefused(found)) return found;
  const reasons: Reason[] = [];
  for (const { journal, payment } of found) {
    const against = await reasonsAgainst(tx, journal);
    if (against.length === 0) continue;
    if (mayCharge && isChargeable(against))
      reasons.push(...(await owingReasons(tx, policy, entry, payment.patronId)));
    else reasons.push(...against);
  }
  if (reasons.length > 0) return refuse(...reasons);
  let outcome: 'returned' | 'charged' = 'returned';
  for (const each of found) {
    const booked = await bookOne(deps, tx, entry, each, deciding);
    if (isRefused(booked)) return booked;
    if (booked.outcome === 'charged') outcome = 'charged';
    const { journal, payment } = each;
    if (journal.entryId != null)
      await tx.execute(`update bank_entry set state = 'returned' where id = ?`, [journal.entryId]);
    await withdrawOffers(tx, entry, journal.id);
    told.late.push(payment);
    told.wake.push(`payment:${payment.id}`, `membership:${payment.patronId}`);
  }
  const paid = found.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  await bookFee(tx, entry, -entry.amount - BigInt(paid), deciding);
  return { outcome };
}

interface Found {
  readonly journal: Journal;
  readonly payment: Payment;
  readonly patron: Patron;
  readonly amountMinor: number;
}

/** Each booking with its payment, and the readers locked, in the order of their ids. Of what was to be sent back of it nothing is sent any more. */
async function lockReturned(
  tx: Tx,
  entry: BankEntry,
  parts: readonly Returned[],
  deciding: Deciding,
): Promise<Refused | Found[]> {
  const { library } = entry;
  const seen: Omit<Found, 'patron'>[] = [];
  for (const { journalId, amountMinor } of parts) {
    const journal = await tx.findOne(Journal, { id: journalId, library });
    const payment = journal?.paymentId ? await tx.findOne(Payment, { id: journal.paymentId }) : null;
    if (!journal || !payment) return refuse({ code: 'payment-unknown' });
    seen.push({ journal, payment, amountMinor });
  }
  const families = await lockFamilies(
    tx,
    seen.map(({ payment }) => payment.patronId),
  );
  for (const { journal } of seen) await keepUnsent(tx, entry, journal, deciding);
  return seen.map((each) => {
    const { main: patron } = present(families.get(each.payment.patronId), `card ${each.payment.patronId}`);
    return { ...each, patron };
  });
}

/** Takes a booking back, or charges its payer; answers which, and tells the reader. Whether one of both may be done is known. */
async function bookOne(
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  { journal, payment, patron, amountMinor }: Found,
  deciding: Deciding,
): Promise<Refused | { readonly outcome: 'returned' | 'charged' }> {
  const { library, id: entryId } = entry;
  const { at, actor, remarkId } = deciding;
  const policy = deps.policies.get(library);
  const journalId = journal.id;
  const charged = (await reasonsAgainst(tx, journal)).length > 0;
  const given = { journalId, library, entryId, at, actor, ...(remarkId !== undefined && { remarkId }) };
  const open = charged ? 0 : await openAgain(tx, journal);
  const done = charged
    ? await oweAnew(tx, policy, entry, payment, { journalId, amountMinor, ...deciding })
    : await takeBack(deps, tx, { ...given, reason: 'returned' });
  if (isRefused(done)) return done;
  const outcome = charged ? 'charged' : 'returned';
  const left = BigInt('leftMinor' in done ? done.leftMinor : open);
  const telling = { amount: BigInt(amountMinor), left, outcome, entryId, at } as const;
  await tellOfSettlement(tx, policy, patron, payment, telling);
  return { outcome };
}

/** What of a booking has settled charges; the rest went into the balance. Minor units. */
async function openAgain(tx: Tx, { id }: Journal): Promise<number> {
  const sql = 'select coalesce(sum(amount), 0)::float8 as open from allocation where journal_id = ?';
  const [row] = await tx.execute<{ open: number }[]>(sql, [id]);
  return row?.open ?? 0;
}

/** Nothing else that waits can be the same money. */
async function withdrawOffers(tx: Tx, { id }: BankEntry, journalId: string): Promise<void> {
  const parts = JSON.stringify([{ journalId }]);
  await tx.execute('delete from entry_suggestion where entry_id <> ? and parts @> ?::jsonb', [id, parts]);
}

/** A slip's booking stays as the desk accepted it: what the bank has taken of its money is always charged. */
async function reasonsAgainst(tx: Tx, { id, library, paymentId, kind }: Journal): Promise<Reason[]> {
  const isSlip = kind === 'bank-slip';
  const locked =
    paymentId == null ? undefined : await lockBookings(tx, library, paymentId, isSlip ? undefined : id);
  if (!locked) return [{ code: 'payment-unknown' }];
  if (!isSlip) return reversalReasons(tx, locked);
  return [{ code: 'payment-followed' }];
}

const isChargeable = (reasons: readonly Reason[]): boolean =>
  reasons.length > 0 && reasons.every(({ code }) => standing.includes(code));

/**
 * Says of each suggestion to take a booking back whether its payer would be charged instead, because it cannot be taken back any more (P9). Locks the readers and payments they
 * are about, in the order of their ids.
 */
export async function withCharges(tx: Tx, suggestions: readonly Suggestion[]): Promise<Suggestion[]> {
  const ids = suggestions.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.to === 'reversal' ? [part.journalId] : [])),
  );
  if (ids.length === 0) return [...suggestions];
  const journals = await tx.find(Journal, { id: { $in: ids } });
  const paymentIds = journals.flatMap(({ paymentId }) => paymentId ?? []);
  const payments = await tx.find(
    Payment,
    { id: { $in: paymentIds } },
    { fields: ['patronId'], disableIdentityMap: true },
  );
  await lockFamilies(
    tx,
    payments.map(({ patronId }) => patronId),
  );
  await lockPayments(tx, paymentIds);
  const charged = new Set<string>();
  for (const journal of journals)
    if (isChargeable(await reasonsAgainst(tx, journal))) charged.add(journal.id);
  return suggestions.map((suggestion) => {
    const parts = suggestion.parts.map((part) =>
      part.to === 'reversal' && charged.has(part.journalId) ? ({ ...part, to: 'charge' } as const) : part,
    );
    const isSame = parts.every(({ to }, index) => to === suggestion.parts[index]?.to);
    return isSame ? suggestion : { ...suggestion, parts, reasons: [...suggestion.reasons, 'used-since'] };
  });
}
