import type { BankEntry } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { type Decision, type Expected, scoreOf, type Suggestion, type Why } from '../../domain/matching.ts';
import { ranked } from '../../domain/matching-rules.ts';
import { readName, resemblance } from '../../domain/payer-names.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';

/**
 * Money that left the account (P9): a transfer or debit of a reader that came back, or what staff have sent back. The first is booked by itself where the bank says
 * that it came back and one booking fits; the second where payee and amount leave one.
 */
export async function lookOutward(
  tx: Tx,
  policy: LibraryPolicy,
  entry: BankEntry,
  named: readonly Expected[],
): Promise<Decision> {
  const returned = await returnedBy(tx, policy, entry, named);
  const [only, another] = returned;
  if (entry.kind !== 'booking' && only && !another && isSure(only))
    return { parts: only.parts, fee: 0n, reasons: only.reasons };
  const sent = await sentBack(tx, entry);
  const sure = sent.filter(({ reasons }) => reasons.length > 1);
  if (entry.kind === 'booking' && sure.length === 1 && sure[0])
    return { parts: sure[0].parts, fee: 0n, reasons: sure[0].reasons };
  return { suggestions: ranked([...returned, ...sent]) };
}

/** More speaks for it than that the amount is the same. */
const isSure = ({ reasons }: Suggestion) => reasons.includes('reference') || reasons.includes('name');

interface BookedRow {
  readonly journalId: string;
  readonly entryId: string;
  readonly entryAmount: string;
  readonly amount: string;
  readonly paymentId: string | null;
  readonly sameText: boolean;
  readonly sameAccount: boolean;
}

/** Bookings of money of this account that may have come back: of entries of the same amount, or of less where the bank has taken a fee besides; or a part of an entry. */
const booked = `select journal.id as "journalId", journal.payment_id as "paymentId", entry.id as "entryId", entry.amount::text as "entryAmount",
    paid.amount::text as amount, coalesce(entry.end_to_end = ? or entry.bank_ref = ? or entry.reference = ?, false) as "sameText",
    coalesce(entry.payer_account = ?, false) as "sameAccount"
  from bank_entry entry join journal on journal.entry_id = entry.id
  join posting paid on paid.journal_id = journal.id and paid.account = 'suspense:' || entry.account and paid.amount > 0
  where entry.library = ? and entry.account = ? and entry.amount > 0 and entry.booked_on between ?::date - 400 and ?::date
    and (journal.kind like 'payment-%' or journal.kind = 'bank-slip') and (entry.amount between ?::bigint and ?::bigint or paid.amount = ?::bigint)
    and not exists (select from journal back where back.reverses = journal.id)
    and not exists (select from journal anew
      where anew.operation in ('charge:returned-payment:' || journal.id, 'returned-credit:' || journal.id))
  order by entry.booked_on desc, entry.id, journal.id limit 100`;

async function returnedBy(
  tx: Tx,
  { money }: LibraryPolicy,
  entry: BankEntry,
  named: readonly Expected[],
): Promise<Suggestion[]> {
  const left = -entry.amount;
  const fee = BigInt(money.matching.bankFees.statedUpTo);
  const least = entry.kind === 'booking' ? left : left > fee ? left - fee : 1n;
  const values = [entry.endToEnd, entry.bankRef, entry.reference, entry.payerAccount].map(
    (each) => each ?? null,
  );
  const place = [entry.library, entry.account, entry.bookedOn, entry.bookedOn];
  const amounts = [least, left, left].map(String);
  const rows = await tx.execute<BookedRow[]>(booked, [...values, ...place, ...amounts]);
  const payments = new Set(named.map(({ paymentId }) => paymentId));
  const candidates = returnable(rows, left).flatMap((group): Suggestion[] => {
    const isNamed = group.some(({ paymentId }) => paymentId !== null && payments.has(paymentId));
    const sameText = group.some((row) => row.sameText);
    const amount = totalOf(group);
    if (amount !== left && !isNamed && !sameText) return [];
    const reasons: Why[] = [
      ...(entry.kind === 'booking' ? [] : (['returned'] as const)),
      ...(isNamed || sameText ? (['reference'] as const) : []),
      ...(amount === left ? (['amount'] as const) : (['amount-less-fees'] as const)),
      ...(group.some((row) => row.sameAccount) ? (['name'] as const) : []),
    ];
    const parts = group.map(
      (row) => ({ to: 'reversal', journalId: row.journalId, amountMinor: Number(row.amount) }) as const,
    );
    return [{ parts, reasons, score: scoreOf(reasons) }];
  });
  const sure = candidates.filter(isSure);
  return sure.length > 0 ? sure : candidates;
}

const totalOf = (rows: readonly BookedRow[]): bigint =>
  rows.reduce((sum, { amount }) => sum + BigInt(amount), 0n);

/**
 * What can have come back together: all that an entry was booked for – several payments of one transfer, or a slip and what came beyond it –, or one of them, of just the
 * amount. Of an entry that is booked in part only, the rest is not the bank's fee.
 */
function returnable(rows: readonly BookedRow[], left: bigint): BookedRow[][] {
  const entries = [...new Set(rows.map(({ entryId }) => entryId))];
  return entries.flatMap((id) => {
    const own = rows.filter(({ entryId }) => entryId === id);
    if (totalOf(own) === BigInt(own[0]?.entryAmount ?? 0)) return [own];
    return own.filter(({ amount }) => BigInt(amount) === left).map((row) => [row]);
  });
}

interface ReturnRow {
  readonly id: string;
  readonly payerName: string | null;
  readonly payerAccount: string | null;
}

async function sentBack(tx: Tx, entry: BankEntry): Promise<Suggestion[]> {
  const sql = `select bank_return.id, payer_name as "payerName", payer_account as "payerAccount"
    from bank_return join bank_entry on bank_entry.id = entry_id
    where bank_return.library = ? and bank_return.account = ? and bank_return.state = 'waiting' and bank_return.amount = ?::bigint`;
  const rows = await tx.execute<ReturnRow[]>(sql, [entry.library, entry.account, (-entry.amount).toString()]);
  const payee = entry.payerName == null ? undefined : readName(entry.payerName);
  return rows.map(({ id, payerName, payerAccount }) => {
    const sameAccount = payerAccount !== null && payerAccount === entry.payerAccount;
    const like = payee && payerName !== null ? resemblance(payee, readName(payerName)) : undefined;
    const name = sameAccount ? 'name' : like === 'name-of-family' ? undefined : like;
    const reasons: Why[] = ['sent-back', ...(name ? [name] : [])];
    const parts = [{ to: 'return', returnId: id, amountMinor: Number(-entry.amount) }] as const;
    return { parts, reasons, score: scoreOf(reasons) };
  });
}
