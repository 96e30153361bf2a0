import {
  BankReturn,
  type BankEntry,
  Journal,
  type Patron,
  Payment,
  PaymentLine,
} from '../db/entities/index.ts';
import { lockFamilies, lockPayments } from '../db/locks-in-bulk.ts';
import { present } from '../db/locks.ts';
import type { Tx } from '../db/transaction.ts';
import { type Outcome, outcomeOf, type Part } from '../domain/matching.ts';
import { isRefused, type Refused } from '../domain/refusal.ts';
import type { Actor } from '../domain/roles.ts';
import { v7 as uuid } from 'uuid';
import type { ActivityDeps } from './deps.ts';
import { tellOfSettlement } from './entry-notices.ts';
import { bank, book, feeOf, suspense } from './ledger.ts';
import { takeBack } from './payment-reversals.ts';
import { settlePayment } from './settle-payment.ts';
import { clearSlip } from './slips.ts';
import { resolveTask } from './tasks.ts';

/** Who decides on an entry, and when. */
export interface Deciding {
  readonly at: Date;
  readonly actor: Actor;
  readonly remarkId?: string | undefined;
}

/** What has to be told after the commit: processes to wake, and payments whose process has ended but has something to deliver. */
export interface Told {
  readonly wake: string[];
  readonly late: Pick<Payment, 'id' | 'library' | 'patronId' | 'state'>[];
}

export const nothingTold = (): Told => ({ wake: [], late: [] });

const sign = ({ amount }: BankEntry): bigint => (amount > 0n ? 1n : -1n);

/** Everything that is booked for an entry names it, so that what it has come to adds up. */
export const about = (entry: BankEntry, { at, actor, remarkId }: Deciding) => ({
  library: entry.library,
  currency: entry.currency,
  entryId: entry.id,
  at,
  actor,
  ...(remarkId !== undefined && { remarkId }),
});

/** Books an entry into its bank account, against what is not known yet; once for ever, whatever is decided later (P9). The entry is locked. */
export async function bookEntry(tx: Tx, entry: BankEntry, deciding: Deciding): Promise<void> {
  if (entry.journalId != null) return;
  const { id, account, amount } = entry;
  const lines = [
    { account: bank(account), amount },
    { account: suspense(account), amount: -amount },
  ];
  entry.journalId = await book(tx, {
    ...about(entry, { ...deciding, remarkId: undefined }),
    operation: `bank:${id}`,
    kind: 'bank-entry',
    lines,
  });
}

/** Books what banks have kept of an entry's money, so that the reader is not short of it. */
export async function bookFee(tx: Tx, entry: BankEntry, fee: bigint, deciding: Deciding): Promise<void> {
  if (fee === 0n) return;
  const lines = [
    { account: feeOf(entry.account), amount: fee },
    { account: suspense(entry.account), amount: -fee },
  ];
  const operation = `bank:${entry.id}:fee:${await bookings(tx, entry)}`;
  await book(tx, { ...about(entry, deciding), operation, kind: 'bank-fee', lines });
}

/** What of an entry nobody has decided on yet, in minor units: above zero of money that came in, below zero of what went out. The entry is locked. */
export async function openOf(tx: Tx, { id, account }: BankEntry): Promise<bigint> {
  await tx.flush();
  const sql = `select coalesce(-sum(amount), 0)::text as open from posting join journal on journal.id = journal_id where entry_id = ? and account = ?`;
  const [row] = await tx.execute<{ open: string }[]>(sql, [id, suspense(account)]);
  return BigInt(row?.open ?? 0);
}

/** How many bookings there are for an entry, so that the next one's operation is a new one. */
export async function bookings(tx: Tx, { id }: BankEntry): Promise<number> {
  await tx.flush();
  return tx.count(Journal, { entryId: id });
}

/** What booking the parts of an entry came to. */
export interface Booked {
  readonly outcome: Outcome;
}

/**
 * Books parts of an entry's money to where they belong (P9), all or none: payments, readers' credit, accounts of the ledger, what is taken back. The entry is
 * locked and booked into its bank account; the readers' families and the payments are locked here, in the order of their ids.
 */
export async function bookParts(
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  parts: readonly Part[],
  { fee, told, ...deciding }: Deciding & { readonly fee: bigint; readonly told: Told },
): Promise<Refused | Booked> {
  const taken = parts.find((part) => part.to === 'reversal');
  if (taken) return bookReturned(deps, tx, entry, taken, { told, ...deciding });
  await bookFee(tx, entry, fee, deciding);
  const families = await lockFamilies(tx, await payers(tx, parts));
  const ids = parts.flatMap((part) => (part.to === 'payment' ? [part.paymentId] : []));
  const payments = new Map((await lockPayments(tx, ids)).map((payment) => [payment.id, payment]));
  let outcome: Outcome = 'split';
  for (const part of parts) {
    if (part.to === 'account') outcome = await bookToAccount(tx, entry, part, deciding);
    else if (part.to === 'return') outcome = await bookSent(tx, entry, part, deciding);
    else if (part.to === 'credit') {
      const { main } = present(families.get(part.patronId), `card ${part.patronId}`);
      const payment = await creditPayment(tx, entry, main, part.amountMinor, deciding);
      await bookToPayment(deps, tx, entry, payment, { part, families, fee: 0n, told, ...deciding });
      outcome = 'credit';
    } else if (part.to === 'payment') {
      const payment = present(payments.get(part.paymentId), `payment ${part.paymentId}`);
      outcome = await bookToPayment(deps, tx, entry, payment, { part, families, fee, told, ...deciding });
    }
  }
  return { outcome: parts.length > 1 ? 'split' : outcome };
}

async function payers(tx: Tx, parts: readonly Part[]): Promise<string[]> {
  const named = parts.flatMap((part) => (part.to === 'credit' ? [part.patronId] : []));
  const ids = parts.flatMap((part) => (part.to === 'payment' ? [part.paymentId] : []));
  const rows = await tx.find(
    Payment,
    { id: { $in: ids } },
    { fields: ['patronId'], disableIdentityMap: true },
  );
  return [...named, ...rows.map(({ patronId }) => patronId)];
}

/** A payment of its own for money that becomes a reader's credit: every payment has its row, and its receipt. */
async function creditPayment(
  tx: Tx,
  entry: BankEntry,
  { id: patronId, library }: Patron,
  amountMinor: number,
  { at, actor }: Deciding,
): Promise<Payment> {
  const payment = tx.create(Payment, {
    id: uuid(),
    library,
    patronId,
    means: 'bank',
    state: 'open',
    amount: BigInt(amountMinor),
    prepaid: BigInt(amountMinor),
    received: 0n,
    currency: entry.currency,
    actor,
    begunAt: at,
  });
  await tx.flush();
  return payment;
}

interface ToPayment extends Deciding {
  readonly part: { readonly amountMinor: number };
  readonly families: Awaited<ReturnType<typeof lockFamilies>>;
  readonly fee: bigint;
  readonly told: Told;
}

async function bookToPayment(
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  payment: Payment,
  { part, families, fee, told, at, actor }: ToPayment,
): Promise<Outcome> {
  const policy = deps.policies.get(entry.library);
  const family = present(families.get(payment.patronId), `card ${payment.patronId}`);
  const bySlip = await clearSlip(tx, entry, payment, {
    operation: `bank:${entry.id}:${await bookings(tx, entry)}`,
    amount: BigInt(part.amountMinor),
    at,
    actor,
  });
  const amount = BigInt(part.amountMinor) - bySlip;
  if (amount === 0n) return 'exact';
  const [before, wasOver] = [payment.received, payment.endedAt != null];
  const operation = `bank:${entry.id}:${await bookings(tx, entry)}`;
  const money = { operation, account: suspense(entry.account), amount, at, actor, entryId: entry.id };
  const { allocated, wake } = await settlePayment(tx, policy, family, payment, money);
  const left = await leftOf(tx, payment);
  const hasCharges = (await tx.count(PaymentLine, { paymentId: payment.id })) > 0;
  const { prepaid } = payment;
  const settled = { amount, fee, allocated, before, prepaid, hasCharges, left };
  const outcome = outcomeOf(settled);
  await tellOfSettlement(tx, policy, family.main, payment, { ...settled, outcome, entryId: entry.id, at });
  told.wake.push(...wake, `payment:${payment.id}`);
  if (wasOver) told.late.push(payment);
  return outcome;
}

/** What is still open of a payment's charges, as far as the payment was for them; minor units. */
async function leftOf(tx: Tx, { id }: Payment): Promise<bigint> {
  const sql = `select coalesce(sum(least(line.amount, charge.remaining)), 0)::text as left
    from payment_line line join charge on charge.id = line.charge_id where line.payment_id = ? and charge.disputed_at is null`;
  const [row] = await tx.execute<{ left: string }[]>(sql, [id]);
  return BigInt(row?.left ?? 0);
}

export async function bookToAccount(
  tx: Tx,
  entry: BankEntry,
  { account, amountMinor }: Extract<Part, { to: 'account' }>,
  deciding: Deciding,
): Promise<Outcome> {
  const amount = sign(entry) * BigInt(amountMinor);
  const lines = [
    { account: suspense(entry.account), amount },
    { account, amount: -amount },
  ];
  const operation = `bank:${entry.id}:${await bookings(tx, entry)}`;
  await book(tx, { ...about(entry, deciding), operation, kind: 'bank-other', lines });
  return 'rule';
}

/** The account of money that is to be sent back and has not left yet. */
export const returns = (account: string): string => `returns:${account}`;

async function bookSent(
  tx: Tx,
  entry: BankEntry,
  { returnId, amountMinor }: Extract<Part, { to: 'return' }>,
  deciding: Deciding,
): Promise<Outcome> {
  const sent = present(
    await tx.findOne(BankReturn, { id: returnId, state: 'waiting' }),
    `return ${returnId}`,
  );
  const lines = [
    { account: returns(entry.account), amount: BigInt(amountMinor) },
    { account: suspense(entry.account), amount: -BigInt(amountMinor) },
  ];
  const operation = `bank:${entry.id}:${await bookings(tx, entry)}`;
  await book(tx, { ...about(entry, deciding), operation, kind: 'bank-return-sent', lines });
  tx.assign(sent, { state: 'sent', sentBy: entry.id, endedAt: deciding.at });
  await resolveTask(tx, 'bank-return', sent.entryId, {
    at: deciding.at,
    by: deciding.actor,
    outcome: 'sent-back',
  });
  return 'sent-back';
}

/** Money of a payment has left the account again: its booking is taken back, its charges are open again, and what the bank took for it is booked as its fee. */
async function bookReturned(
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  { journalId, amountMinor }: Extract<Part, { to: 'reversal' }>,
  { told, ...deciding }: Deciding & { readonly told: Told },
): Promise<Refused | Booked> {
  const { library, id: entryId } = entry;
  const { at, actor, remarkId } = deciding;
  const given = { journalId, library, entryId, at, actor, ...(remarkId !== undefined && { remarkId }) };
  const taken = await takeBack(deps, tx, { ...given, reason: 'returned' });
  if (isRefused(taken)) return taken;
  const journal = await tx.findOneOrFail(Journal, { id: journalId });
  const payment = await tx.findOneOrFail(Payment, { id: taken.paymentId });
  await bookFee(tx, entry, -entry.amount - BigInt(amountMinor), deciding);
  const patron = present((await lockFamilies(tx, [payment.patronId])).get(payment.patronId), 'card').main;
  const telling = { amount: BigInt(amountMinor), outcome: 'returned' as const, entryId, at };
  await tellOfSettlement(tx, deps.policies.get(library), patron, payment, telling);
  if (journal.entryId != null)
    await tx.execute(`update bank_entry set state = 'returned' where id = ?`, [journal.entryId]);
  told.late.push(payment);
  told.wake.push(`payment:${payment.id}`, `membership:${payment.patronId}`);
  return { outcome: 'returned' };
}
