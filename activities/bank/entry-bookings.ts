import { BankReturn, type BankEntry, type Patron, Payment, PaymentLine } from '../../db/entities/index.ts';
import { lockFamilies, lockPayments } from '../../db/locks-in-bulk.ts';
import { MovedOn, present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { type Outcome, outcomeOf, type Part } from '../../domain/matching.ts';
import type { Refused } from '../../domain/refusal.ts';
import { v7 as uuid } from 'uuid';
import type { ActivityDeps } from '../deps.ts';
import { bookCarried, cashWaits } from './entry-cash.ts';
import { about, type Booked, bookFee, bookings, type Deciding, type Told } from './entry-ledger.ts';
import { tellOfSettlement } from './entry-notices.ts';
import { bank, book, suspense } from '../ledger.ts';
import { bookReturned } from './entry-reversals.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import { clearSlip } from '../payments/slips.ts';
import { resolveTask } from '../tasks.ts';

const sign = ({ amount }: BankEntry): bigint => (amount > 0n ? 1n : -1n);

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

export interface BookingParts extends Deciding {
  /** What banks have kept of the entry's money; minor units. */
  readonly fee: bigint;
  /** Whether the payer of money that came back may be charged where its booking cannot be taken back. */
  readonly mayCharge: boolean;
  readonly told: Told;
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
  { fee, told, mayCharge, ...deciding }: BookingParts,
): Promise<Refused | Booked> {
  const taken = parts.flatMap((part) => (part.to === 'reversal' || part.to === 'charge' ? [part] : []));
  if (taken.length > 0) return bookReturned(deps, tx, entry, taken, { told, mayCharge, ...deciding });
  await bookFee(tx, entry, fee, deciding);
  const families = await lockFamilies(tx, await payers(tx, parts));
  const ids = parts.flatMap((part) => (part.to === 'payment' ? [part.paymentId] : []));
  const payments = new Map((await lockPayments(tx, ids)).map((payment) => [payment.id, payment]));
  let outcome: Outcome = 'split';
  if (!(await cashWaits(tx, entry, parts))) throw new MovedOn('cash on its way');
  for (const part of parts) {
    if (part.to === 'cash') outcome = await bookCarried(tx, entry, part, deciding);
    else if (part.to === 'account') outcome = await bookToAccount(tx, entry, part, deciding);
    else if (part.to === 'return') outcome = await bookSent(tx, entry, part, deciding);
    else if (part.to === 'credit') {
      const { main } = present(families.get(part.patronId), `card ${part.patronId}`);
      const payment = await creditPayment(tx, entry, main, part.amountMinor, deciding);
      await bookToPayment(deps, tx, entry, payment, { part, families, fee: 0n, told, ...deciding });
      told.late.push(payment);
      outcome = 'credit';
    } else if (part.to === 'payment') {
      const payment = present(payments.get(part.paymentId), `payment ${part.paymentId}`);
      outcome = await bookToPayment(deps, tx, entry, payment, { part, families, fee, told, ...deciding });
    }
  }
  const together = parts.length === 1 || parts.every(({ to }) => to === 'cash');
  return { outcome: together ? outcome : 'split' };
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
