import type { PaymentMeans } from '../domain/payments.ts';
import type { Patron } from './entities/index.ts';
import { insertRows, updateRows } from './bulk.ts';
import { issueDocuments } from './issue-documents.ts';
import type { Tx } from './transaction.ts';

/** A payment under its lock, with what settling it needs. */
export interface LockedPayment {
  readonly id: string;
  readonly patronId: string;
  readonly means: PaymentMeans;
  readonly currency: string;
  readonly reference: string | null;
  readonly prepaid: bigint;
  received: bigint;
  readonly begunAt: Date;
  endedAt: Date | null;
  /** An invoice was asked for, to be issued when the money is there (P5). */
  readonly awaitsInvoice: boolean;
  readonly lines: readonly { readonly chargeId: string; readonly amount: bigint }[];
  readonly reader: Pick<Patron, 'userGroup' | 'language' | 'noticePreferences' | 'emailState'>;
}

/** A charge under its lock. */
export interface LockedCharge {
  readonly id: string;
  readonly cause: string;
  remaining: bigint;
  readonly disputedAt: Date | null;
  readonly raisedAt: Date;
  readonly waits: string | null;
}

type Rows = Record<string, unknown>[];

/** Bookings to be written together. */
export interface JournalTables {
  readonly journals: Rows;
  readonly postings: Rows;
}

/** Rows to be written together. */
export interface SettleTables extends JournalTables {
  readonly allocations: Rows;
  readonly charges: Map<string, { id: string; remaining: bigint }>;
  readonly payments: Map<string, { id: string } & Record<string, unknown>>;
  readonly entries: ({ id: string } & Record<string, unknown>)[];
  readonly events: Rows;
  readonly documents: Rows;
  readonly notices: Rows;
}

const uuid = 'uuid';
const text = 'text';
const at = 'timestamptz';

const journal = {
  id: uuid,
  library: text,
  operation: text,
  kind: text,
  patron_id: uuid,
  payment_id: uuid,
  entry_id: uuid,
  at,
  actor: text,
};
const posting = { id: uuid, journal_id: uuid, account: text, amount: 'bigint', currency: text };
const allocation = { journal_id: uuid, charge_id: uuid, amount: 'bigint' };
const event = {
  id: uuid,
  library: text,
  subject_type: text,
  subject_id: uuid,
  patron_id: uuid,
  kind: text,
  actor: text,
  at,
  detail: 'jsonb',
};
const notice = {
  id: uuid,
  library: text,
  patron_id: uuid,
  kind: text,
  subject_type: text,
  subject_id: uuid,
  cause: text,
  channel: text,
  state: text,
  language: text,
  content: 'jsonb',
  created_at: at,
  audience: text,
  attempts: 'int',
  failures: 'int',
};
const ofPayment = { received: 'bigint', state: text, ended_at: at, reversed_at: at };
const ofEntry = { journal_id: uuid, state: text, outcome: text, decided_by: text, decided_at: at };

/** Writes bookings with their postings. */
export async function writeJournals(tx: Tx, { journals, postings }: JournalTables): Promise<void> {
  await insertRows(tx, 'journal', journal, journals as never);
  await insertRows(tx, 'posting', posting, postings as never);
}

/** Writes everything, in the order in which rows refer to one another; a statement a table. */
export async function writeSettlements(tx: Tx, tables: SettleTables): Promise<void> {
  if (tables.entries.length === 0) return;
  await writeJournals(tx, tables);
  await insertRows(tx, 'allocation', allocation, tables.allocations as never);
  await updateRows(tx, 'charge', { remaining: 'bigint' }, [...tables.charges.values()]);
  await updateRows(tx, 'payment', ofPayment, [...tables.payments.values()] as never);
  const ids = `{${[...tables.payments.keys()].join(',')}}`;
  await tx.execute('update payment_line set open = false where open and payment_id = any(?::uuid[])', [ids]);
  await insertRows(tx, 'event', event, tables.events as never);
  await insertRows(tx, 'notice', notice, tables.notices as never);
  await updateRows(tx, 'bank_entry', ofEntry, tables.entries as never);
  await issueDocuments(tx, tables.documents);
}

const payments = `select payment.id, patron_id as "patronId", means, payment.currency, reference, prepaid::text as prepaid, received::text as received,
    begun_at as "begunAt", ended_at as "endedAt", exists (select from invoice_request where payment_id = payment.id and replaced_at is null) as "awaitsInvoice",
    user_group as "userGroup", language, notice_preferences as "noticePreferences", email_state as "emailState",
    coalesce((select jsonb_agg(jsonb_build_object('chargeId', charge_id, 'amount', line.amount::text) order by position)
      from payment_line line where line.payment_id = payment.id), '[]') as lines
  from payment join patron on patron.id = patron_id where payment.id = any(?::uuid[])`;

interface PaymentRow extends Omit<
  LockedPayment,
  'prepaid' | 'received' | 'begunAt' | 'endedAt' | 'lines' | 'reader'
> {
  readonly prepaid: string;
  readonly received: string;
  readonly begunAt: string | Date;
  readonly endedAt: string | Date | null;
  readonly lines: readonly { chargeId: string; amount: string }[];
}

/** Reads payments that are locked. */
export async function readLockedPayments(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, LockedPayment>> {
  const rows = await tx.execute<(PaymentRow & LockedPayment['reader'])[]>(payments, [`{${ids.join(',')}}`]);
  return new Map(
    rows.map(({ userGroup, language, noticePreferences, emailState, ...row }) => [
      row.id,
      {
        ...row,
        prepaid: BigInt(row.prepaid),
        received: BigInt(row.received),
        begunAt: new Date(row.begunAt),
        endedAt: row.endedAt === null ? null : new Date(row.endedAt),
        lines: row.lines.map(({ chargeId, amount }) => ({ chargeId, amount: BigInt(amount) })),
        reader: { userGroup, language, noticePreferences, emailState },
      },
    ]),
  );
}

interface ChargeRow extends Omit<LockedCharge, 'remaining' | 'disputedAt' | 'raisedAt'> {
  readonly remaining: string;
  readonly disputedAt: string | Date | null;
  readonly raisedAt: string | Date;
}

/** Locks charges in the order of their ids, and reads them. */
export async function lockChargesToSettle(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, LockedCharge>> {
  const rows = await tx.execute<ChargeRow[]>(
    `select id, cause, remaining::text as remaining, disputed_at as "disputedAt", raised_at as "raisedAt", waits
     from charge where id = any(?::uuid[]) order by id for no key update`,
    [`{${ids.join(',')}}`],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...row,
        remaining: BigInt(row.remaining),
        disputedAt: row.disputedAt === null ? null : new Date(row.disputedAt),
        raisedAt: new Date(row.raisedAt),
      },
    ]),
  );
}
