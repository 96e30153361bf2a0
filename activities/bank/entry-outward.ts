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
  readonly amount: string;
  readonly paymentId: string | null;
  readonly sameText: boolean;
  readonly sameAccount: boolean;
}

/** Bookings of money of this account that may have come back: of the same amount, or of less where the bank has taken a fee besides. */
const booked = `select journal.id as "journalId", journal.payment_id as "paymentId", paid.amount::text as amount,
    coalesce(entry.end_to_end = ? or entry.bank_ref = ? or entry.reference = ?, false) as "sameText",
    coalesce(entry.payer_account = ?, false) as "sameAccount"
  from bank_entry entry join journal on journal.entry_id = entry.id
  join posting paid on paid.journal_id = journal.id and paid.account = 'suspense:' || entry.account and paid.amount > 0
  where entry.library = ? and entry.account = ? and entry.amount > 0 and entry.booked_on between ?::date - 400 and ?::date
    and (journal.kind like 'payment-%' or journal.kind = 'bank-slip') and paid.amount between ?::bigint and ?::bigint
    and not exists (select from journal back where back.reverses = journal.id)
    and not exists (select from journal anew where anew.operation = 'charge:returned-payment:' || journal.id)
  order by entry.booked_on desc limit 100`;

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
  const rows = await tx.execute<BookedRow[]>(booked, [
    ...values,
    ...place,
    least.toString(),
    left.toString(),
  ]);
  const payments = new Set(named.map(({ paymentId }) => paymentId));
  const candidates = rows.flatMap((row): Suggestion[] => {
    const isNamed = row.paymentId !== null && payments.has(row.paymentId);
    const amount = BigInt(row.amount);
    if (amount !== left && !isNamed && !row.sameText) return [];
    const reasons: Why[] = [
      ...(entry.kind === 'booking' ? [] : (['returned'] as const)),
      ...(isNamed || row.sameText ? (['reference'] as const) : []),
      ...(amount === left ? (['amount'] as const) : (['amount-less-fees'] as const)),
      ...(row.sameAccount ? (['name'] as const) : []),
    ];
    const parts = [{ to: 'reversal', journalId: row.journalId, amountMinor: Number(amount) }] as const;
    return [{ parts, reasons, score: scoreOf(reasons) }];
  });
  const sure = candidates.filter(isSure);
  return sure.length > 0 ? sure : candidates;
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
