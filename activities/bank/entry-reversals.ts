import { type BankEntry, Journal, Patron, Payment } from '../../db/entities/index.ts';
import { lockFamilies, lockPayments } from '../../db/locks-in-bulk.ts';
import { present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Part, Suggestion } from '../../domain/matching.ts';
import { isRefused, type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { ActivityDeps } from '../deps.ts';
import { type Booked, bookFee, type Deciding, type Told } from './entry-ledger.ts';
import { tellOfSettlement } from './entry-notices.ts';
import { suspense } from '../ledger.ts';
import { raiseCharge } from '../charges/money.ts';
import { takeBack } from '../payments/payment-reversals.ts';
import { patronSubject, record } from '../record.ts';
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
 * Money of a payment has left the account again (P9): its booking is taken back and its charges are open again; where that cannot be any more, and it may be done, the
 * payer is charged for it. What the bank took for it is its fee. The entry is locked; the reader's family, the payment and its charges are locked here.
 */
export async function bookReturned(
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  { journalId, amountMinor }: Returned,
  { told, mayCharge, ...deciding }: Deciding & { readonly told: Told; readonly mayCharge: boolean },
): Promise<Refused | Booked> {
  const { library, id: entryId } = entry;
  const { at, actor, remarkId } = deciding;
  const journal = await tx.findOne(Journal, { id: journalId, library });
  const payment = journal?.paymentId ? await tx.findOne(Payment, { id: journal.paymentId }) : null;
  if (!journal || !payment) return refuse({ code: 'payment-unknown' });
  const against = await reasonsAgainst(tx, journal);
  const charges = mayCharge && isChargeable(against);
  const given = { journalId, library, entryId, at, actor, ...(remarkId !== undefined && { remarkId }) };
  const done = charges
    ? await chargeAnew(deps, tx, entry, payment, { journalId, amountMinor, ...deciding })
    : against.length > 0
      ? refuse(...against)
      : await takeBack(deps, tx, { ...given, reason: 'returned' });
  if (isRefused(done)) return done;
  await bookFee(tx, entry, -entry.amount - BigInt(amountMinor), deciding);
  const patron = present((await lockFamilies(tx, [payment.patronId])).get(payment.patronId), 'card').main;
  const outcome = charges ? 'charged' : 'returned';
  const telling = { amount: BigInt(amountMinor), outcome, entryId, at } as const;
  await tellOfSettlement(tx, deps.policies.get(library), patron, payment, telling);
  if (journal.entryId != null)
    await tx.execute(`update bank_entry set state = 'returned' where id = ?`, [journal.entryId]);
  await withdrawOffers(tx, entry, journalId);
  told.late.push(payment);
  told.wake.push(`payment:${payment.id}`, `membership:${payment.patronId}`);
  return { outcome };
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

interface ChargingAnew extends Deciding {
  readonly journalId: string;
  readonly amountMinor: number;
}

/** The payer owes what has left again: receivable against suspense, no income; once for a booking. An erased payer cannot owe anything. The payer's row is locked. */
async function chargeAnew(
  deps: ActivityDeps,
  tx: Tx,
  { id: entryId, library, account, currency }: BankEntry,
  { patronId }: Payment,
  { journalId, amountMinor, at, actor }: ChargingAnew,
): Promise<Refused | { readonly chargeId: string }> {
  const policy = deps.policies.get(library);
  const { erasedAt } = await tx.findOneOrFail(Patron, { id: patronId });
  if (erasedAt) return refuse({ code: 'patron-closed' });
  if (currency !== policy.currency) return refuse({ code: 'entry-currency', currency });
  const cause = 'returned-payment';
  const subject = { type: 'journal', id: journalId, library, patronId };
  const request = { cause, amountMinor, against: suspense(account), entryId, at, actor } as const;
  const chargeId = await raiseCharge(tx, policy, subject, request);
  if (chargeId === undefined) return refuse({ code: 'payment-reversed', at: at.toISOString() });
  const detail = { chargeId, cause, amountMinor, currency };
  record(tx, patronSubject({ id: patronId, library }), { kind: 'charge-raised', actor, at, detail });
  return { chargeId };
}

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
