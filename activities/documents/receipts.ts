import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { type Journal, MoneyDocument, Patron, type Payment } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import {
  type DocumentKind,
  type DocumentLine,
  documentNumber,
  getsSlip,
  type HandedKind,
} from '../../domain/documents.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import { instant } from '../facts.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { patronSubject, paymentSubject } from '../record.ts';

/** Money that was booked for a payment, and for which its reader gets a receipt. */
export interface Receipted {
  readonly payment: Payment;
  readonly journalId: string;
  /** What came; minor units of the payment's currency. */
  readonly amount: bigint;
  readonly at: Date;
  readonly actor: Actor;
  /** Whether the reader gets it by mail; unless told otherwise, yes. */
  readonly mailed?: boolean;
}

/** A document that was issued, and the notices to be delivered about it after the commit. */
export interface Issued {
  readonly documentId: string;
  readonly deliver: readonly string[];
}

/**
 * Issues the receipt for money that was booked – or the settlement slip, where the policy gives the reader no more (P3) – and queues the mail with it. One for each
 * booking: a payment that is settled in two goes has two. What it says is what is true now, in the reader's language of now. Its number is given when the
 * transaction commits, so this can be called at any place in it. The booking's allocations are flushed.
 */
export async function issueReceipt(tx: Tx, policy: LibraryPolicy, receipted: Receipted): Promise<Issued> {
  const { payment, journalId, amount, at, actor } = receipted;
  const patron = await tx.findOneOrFail(Patron, { id: payment.patronId });
  const kind = getsSlip(policy.money.documents, patron.userGroup, payment.means) ? 'slip' : 'receipt';
  const documentId = await issue(tx, policy, patron, {
    kind,
    payment,
    journalId,
    amount,
    at,
    actor,
    lines: await linesOf(tx, policy, journalId, amount),
  });
  if (receipted.mailed === false) return { documentId, deliver: [] };
  const notice = { kind: 'payment-received', cause: documentId, at, content: { documentId } } as const;
  const noticeId = await queueNotice(tx, policy, patron, paymentSubject(payment), notice);
  return { documentId, deliver: noticeId === undefined ? [] : [noticeId] };
}

/**
 * Issues the cancellation of the receipt or slip of a booking that was taken back; also where the booking is older than receipts, then it names none. Answers its id.
 *
 * @param reversed the booking that was taken back, `journalId` the one that takes it back
 */
export async function issueCancellation(
  tx: Tx,
  policy: LibraryPolicy,
  reversed: Pick<Journal, 'id'>,
  { payment, journalId, at, actor }: Omit<Receipted, 'amount'>,
): Promise<string> {
  const original = await tx.findOne(MoneyDocument, { journalId: reversed.id });
  const patron = await tx.findOneOrFail(Patron, { id: payment.patronId });
  const amount = await amountOf(tx, reversed.id);
  return issue(tx, policy, patron, {
    kind: 'cancellation',
    payment,
    journalId,
    amount,
    at,
    actor,
    lines: await linesOf(tx, policy, reversed.id, amount),
    ...(original && { original }),
  });
}

/** Money that was handed over without a payment: the balance's, or a deposit. */
export interface Handed {
  readonly kind: HandedKind;
  /** The booking. */
  readonly journalId: string;
  /** Minor units, more than zero. */
  readonly amountMinor: number;
  readonly means: 'cash' | 'card';
  readonly at: Date;
  readonly actor: Actor;
}

/** Issues the receipt for what is no payment – balance paid out, a deposit taken or given back (P6) – and queues the mail with it. The reader is locked. */
export async function issueForHanded(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  { kind, journalId, amountMinor, means, at, actor }: Handed,
): Promise<Issued> {
  const { library, id: patronId } = patron;
  const { currency } = policy;
  const payment = { id: null, reference: null, library, patronId, means, currency };
  const lines = [{ cause: kind === 'payout' ? 'credit' : 'deposit', amountMinor }];
  const given = { kind, payment, journalId, amount: BigInt(amountMinor), at, actor, lines };
  const documentId = await issue(tx, policy, patron, given);
  const noticeId = await queueNotice(tx, policy, patron, patronSubject(patron), {
    kind: 'payment-received',
    cause: documentId,
    at,
    content: { documentId },
  });
  return { documentId, deliver: noticeId === undefined ? [] : [noticeId] };
}

interface Issue extends Omit<Receipted, 'payment'> {
  readonly kind: DocumentKind;
  readonly payment: Pick<Payment, 'library' | 'patronId' | 'means' | 'currency' | 'reference'> & {
    readonly id: string | null;
  };
  readonly lines: readonly DocumentLine[];
  readonly original?: MoneyDocument;
}

async function issue(tx: Tx, policy: LibraryPolicy, patron: Patron, given: Issue): Promise<string> {
  const { kind, payment, journalId, amount, at, actor, lines, original } = given;
  const id = uuid();
  const { number } = original ?? {};
  tx.create(MoneyDocument, {
    id,
    library: payment.library,
    kind,
    year: civilDay(policy, instant(at)).year,
    patronId: patron.id,
    paymentId: payment.id,
    journalId,
    cancels: original?.id ?? null,
    language: patron.language,
    currency: payment.currency,
    amount,
    content: {
      means: payment.means,
      ...(payment.reference != null && { reference: payment.reference }),
      lines,
      ...(original && number != null && { cancels: documentNumber({ ...original, number }) }),
    },
    actor,
    issuedAt: at,
  });
  await tx.flush();
  return id;
}

export interface AllocationRow {
  readonly chargeId: string;
  readonly cause: string;
  readonly amount: number;
  readonly raisedAt: string | Date;
}

/** What a booking settled, charge by charge, and what of it became credit. */
async function linesOf(
  tx: Tx,
  policy: LibraryPolicy,
  journalId: string,
  amount: bigint,
): Promise<DocumentLine[]> {
  const rows = await tx.execute<AllocationRow[]>(
    `select charge.id as "chargeId", charge.cause, allocation.amount::float8 as amount, charge.raised_at as "raisedAt"
     from allocation join charge on charge.id = allocation.charge_id where allocation.journal_id = ? order by charge.raised_at, charge.id`,
    [journalId],
  );
  return linesFrom(policy, rows, amount);
}

/** A document's lines: what was settled of each charge, and the rest of the amount as credit. */
export function linesFrom(
  policy: LibraryPolicy,
  rows: readonly AllocationRow[],
  amount: bigint,
): DocumentLine[] {
  const lines: DocumentLine[] = rows.map(({ chargeId, cause, amount: amountMinor, raisedAt }) => ({
    cause,
    chargeId,
    amountMinor,
    raisedOn: dayOf(policy, new Date(raisedAt)),
  }));
  const credit = Number(amount) - lines.reduce((sum, line) => sum + line.amountMinor, 0);
  return credit === 0 ? lines : [...lines, { cause: 'credit', amountMinor: credit }];
}

const dayOf = (policy: LibraryPolicy, at: Date): string =>
  Temporal.PlainDate.from(civilDay(policy, instant(at))).toString();

/** What a booking brought in: its debits. */
async function amountOf(tx: Tx, journalId: string): Promise<bigint> {
  const sql = 'select sum(amount)::text as amount from posting where journal_id = ? and amount > 0';
  const [row] = await tx.execute<{ amount: string }[]>(sql, [journalId]);
  return BigInt(row?.amount ?? 0);
}
