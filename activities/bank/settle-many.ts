import { v7 as uuid } from 'uuid';
import type { BankEntry } from '../../db/entities/index.ts';
import { type JournalTables, type SettleTables, writeSettlements } from '../../db/settle-tables.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { getsSlip } from '../../domain/documents.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Deciding, ManyTold } from './entry-ledger.ts';
import { listedAfterMs } from '../deps.ts';
import { instant } from '../facts.ts';
import { bank, feeOf, type Line, prepaid, receivable, suspense } from '../ledger.ts';
import { channelFor } from '../notices/queue-notice.ts';
import { linesFrom } from '../documents/receipts.ts';
import { type Known, type ManySettled, plan, type Planned } from './settle-plan.ts';

/**
 * Books entries and settles their payments in a few statements, the same as `bookEntry` and `settlePayment` do one by one; a test holds the two together. The entries,
 * families, payments and charges are locked. Answers the entries that have to go the other way, about which nothing was done; with one go all later ones of its readers, so
 * that their order stays.
 */
export async function settleMany(
  tx: Tx,
  policy: LibraryPolicy,
  many: readonly ManySettled[],
  known: Known,
  { told, ...deciding }: Deciding & { readonly told: ManyTold },
): Promise<BankEntry[]> {
  const tables: SettleTables = emptyTables();
  const others: BankEntry[] = [];
  const passedOver = new Set<string>();
  const { year } = civilDay(policy, instant(deciding.at));
  const writing = { policy, tables, told, year, ...deciding };
  for (const settled of many) {
    const payers = settled.parts.flatMap(({ paymentId }) => known.payments.get(paymentId)?.patronId ?? []);
    const inTurn = settled.entry.journalId == null && !payers.some((id) => passedOver.has(id));
    const planned = inTurn ? plan(policy, known, settled) : undefined;
    if (!planned) {
      for (const id of payers) passedOver.add(id);
      others.push(settled.entry);
      continue;
    }
    bookInBulk(settled, planned, writing);
  }
  await writeSettlements(tx, tables);
  return others;
}

const emptyTables = (): SettleTables => ({
  journals: [],
  postings: [],
  allocations: [],
  charges: new Map(),
  payments: new Map(),
  entries: [],
  events: [],
  documents: [],
  notices: [],
});

interface Booking extends Deciding {
  readonly tables: JournalTables;
}

interface Writing extends Booking {
  readonly policy: LibraryPolicy;
  readonly tables: SettleTables;
  readonly told: ManyTold;
  /** Of the documents' numbers. */
  readonly year: number;
}

function bookInBulk({ entry, fee }: ManySettled, planned: readonly Planned[], writing: Writing): void {
  const { id, account } = entry;
  const first = bookEntryInBulk(entry, writing);
  let count = 1;
  if (fee > 0n) {
    const lines = [
      { account: feeOf(account), amount: fee },
      { account: suspense(account), amount: -fee },
    ];
    addJournal(entry, writing, { operation: `bank:${id}:fee:${count}`, kind: 'bank-fee', lines });
    count += 1;
  }
  for (const each of planned) {
    settleInBulk(entry, each, `bank:${id}:${count}`, writing);
    count += 1;
  }
  const outcome = planned.length > 1 ? 'split' : (planned[0]?.outcome ?? 'split');
  const { actor: decidedBy, at: decidedAt } = writing;
  writing.tables.entries.push({
    id,
    journal_id: first,
    state: 'matched',
    outcome,
    decided_by: decidedBy,
    decided_at: decidedAt,
  });
}

/** Adds what `bookEntry` books; answers the journal's id. */
export function bookEntryInBulk(entry: BankEntry, writing: Booking): string {
  const { id, account, amount } = entry;
  const lines = [
    { account: bank(account), amount },
    { account: suspense(account), amount: -amount },
  ];
  return addJournal(entry, writing, { operation: `bank:${id}`, kind: 'bank-entry', lines });
}

interface InBulk {
  readonly operation: string;
  readonly kind: string;
  readonly lines: readonly Line[];
  readonly patronId?: string;
  readonly paymentId?: string;
}

function addJournal(entry: BankEntry, { tables, at, actor }: Booking, booking: InBulk): string {
  const { operation, kind, lines, patronId = null, paymentId = null } = booking;
  const { library, currency } = entry;
  const id = uuid();
  tables.journals.push({
    id,
    library,
    operation,
    kind,
    at,
    actor,
    patron_id: patronId,
    payment_id: paymentId,
    entry_id: entry.id,
  });
  for (const { account, amount } of lines)
    if (amount !== 0n) tables.postings.push({ id: uuid(), journal_id: id, account, amount, currency });
  return id;
}

function settleInBulk(entry: BankEntry, planned: Planned, operation: string, writing: Writing): void {
  const { payment, amount, shares, allocated } = planned;
  const { tables, told, at } = writing;
  const { id: paymentId, patronId } = payment;
  const lines = [
    { account: suspense(entry.account), amount },
    { account: receivable(patronId), amount: -allocated },
    { account: prepaid(patronId), amount: allocated - amount },
  ];
  const kind = `payment-${payment.means}`;
  const journalId = addJournal(entry, writing, { operation, kind, lines, patronId, paymentId });
  for (const { charge, amount: share } of shares) {
    tables.allocations.push({ journal_id: journalId, charge_id: charge.id, amount: share });
    charge.remaining -= share;
    tables.charges.set(charge.id, { id: charge.id, remaining: charge.remaining });
    if (charge.remaining === 0n && charge.waits !== null) told.wake.push(charge.waits);
  }
  const isListed = at.getTime() - payment.begunAt.getTime() > listedAfterMs;
  told[isListed ? 'wakeListed' : 'wake'].push(`payment:${paymentId}`);
  if (payment.endedAt !== null)
    told.late.push({ id: paymentId, library: entry.library, patronId, state: 'settled' });
  payment.received += amount;
  payment.endedAt = at;
  tables.payments.set(paymentId, {
    id: paymentId,
    received: payment.received,
    state: 'settled',
    ended_at: at,
    reversed_at: null,
  });
  tellInBulk(planned, journalId, writing);
}

function tellInBulk({ payment, amount, shares }: Planned, journalId: string, writing: Writing): void {
  const { policy, tables, year, at, actor } = writing;
  const { id: paymentId, patronId, means, currency, reference, reader } = payment;
  const { code: library } = policy;
  const kind = getsSlip(policy.money.documents, reader.userGroup, means) ? 'slip' : 'receipt';
  const rows = shares
    .map(({ charge, amount: share }) => ({
      chargeId: charge.id,
      cause: charge.cause,
      amount: Number(share),
      raisedAt: charge.raisedAt,
    }))
    .toSorted((a, b) => a.raisedAt.getTime() - b.raisedAt.getTime() || (a.chargeId < b.chargeId ? -1 : 1));
  const content = { means, ...(reference !== null && { reference }), lines: linesFrom(policy, rows, amount) };
  const documentId = uuid();
  tables.documents.push({
    id: documentId,
    library,
    kind,
    year,
    patron_id: patronId,
    payment_id: paymentId,
    journal_id: journalId,
    language: reader.language,
    currency,
    amount,
    content,
    actor,
    issued_at: at,
  });
  const detail = { paymentId, amountMinor: Number(amount), currency, means };
  const about = { library, patron_id: patronId };
  tables.events.push({
    id: uuid(),
    ...about,
    subject_type: 'patron',
    subject_id: patronId,
    kind: 'payment-taken',
    actor,
    at,
    detail,
  });
  const channel = channelFor(policy, reader, { kind: 'payment-received' });
  if (channel === undefined) return;
  tables.notices.push({
    id: uuid(),
    ...about,
    kind: 'payment-received',
    subject_type: 'payment',
    subject_id: paymentId,
    cause: documentId,
    channel,
    state: 'queued',
    language: reader.language,
    content: { documentId },
    created_at: at,
    audience: 'patron',
    attempts: 0,
    failures: 0,
  });
}
