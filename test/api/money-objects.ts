import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { DrawerSession, MoneyDocument, Payment } from '../../db/entities/index.ts';

interface Owner {
  readonly library: string;
  readonly patronId: string;
  readonly at: Date;
}

/** A settled payment in cash with its receipt, of the booking given. */
export async function createReceipt(rows: EntityManager, journalId: string, owner: Owner) {
  const { library, patronId, at } = owner;
  const about = { library, patronId, currency: 'JPY', amount: 100n, actor: 'system' } as const;
  const paid = rows.create(Payment, {
    ...about,
    id: journalId,
    means: 'cash',
    state: 'settled',
    prepaid: 0n,
    received: 100n,
    begunAt: at,
    endedAt: at,
  });
  await rows.flush();
  const receipt = rows.create(MoneyDocument, {
    ...about,
    id: uuid(),
    kind: 'receipt',
    year: at.getUTCFullYear(),
    paymentId: paid.id,
    journalId,
    language: 'ja',
    content: { means: 'cash', lines: [{ cause: 'credit', amountMinor: 100 }] },
    issuedAt: at,
  });
  await rows.flush();
  return receipt;
}

/** A branch's till that is open. */
export async function createDrawer(rows: EntityManager, { library, at }: Owner) {
  await rows.execute(`insert into drawer (library, branch) values (?, 'main') on conflict do nothing`, [
    library,
  ]);
  await rows.execute(`delete from drawer_session where library = ? and closed_at is null`, [library]);
  const session = rows.create(DrawerSession, {
    id: uuid(),
    library,
    branch: 'main',
    currency: 'JPY',
    openedAt: at,
    openedBy: 'system',
    openingBooked: 0n,
    openingCount: 0n,
  });
  await rows.flush();
  return session;
}

/** A bank's file that was rejected. */
export async function createBankFile(rows: EntityManager, { library, at }: Omit<Owner, 'patronId'>) {
  const file = { id: uuid() };
  await rows.execute(
    `insert into statement_file (id, library, name, format, hash, size, actor, state, received_at, settled_at, ended_at)
     values (?, ?, 'may.xml', 'camt', ?, 1, 'system', 'rejected', ?, ?, ?)`,
    [file.id, library, file.id, at, at, at],
  );
  return file;
}

/** An entry of a bank statement that waits for staff. */
export async function createBankEntry(
  rows: EntityManager,
  fileId: string,
  { library, at }: Omit<Owner, 'patronId'>,
) {
  const [entry, statement] = [{ id: uuid() }, uuid()];
  await rows.execute(
    `insert into bank_account (library, code, currency, created_at) values (?, 'objects', 'JPY', ?) on conflict do nothing`,
    [library, at],
  );
  await rows.execute(
    `insert into bank_statement (id, library, account, file_id, position, identity, format, from_on, to_on, currency, joins, imported_at)
     values (?, ?, 'objects', ?, 0, ?, 'camt', '2026-05-01', '2026-05-01', 'JPY', 'first', ?)`,
    [statement, library, fileId, statement, at],
  );
  await rows.execute(
    `insert into bank_entry (id, library, account, statement_id, key, booked_on, amount, currency, kind, state)
     values (?, ?, 'objects', ?, ?, '2026-05-01', 1500, 'JPY', 'booking', 'suspended')`,
    [entry.id, library, statement, entry.id],
  );
  return entry;
}

/** Bodies of what is done with entries of bank statements. */
export const entryBodies: Readonly<Record<string, unknown>> = {
  'post /v1/staff/bank-entries/:id/acceptance': { suggestion: '0190b0a4-0000-7000-8000-000000000000' },
  'post /v1/staff/bank-entries/:id/assignment': {
    parts: [{ patronId: '0190b0a4-0000-7000-8000-000000000000', amountMinor: 100 }],
  },
  'post /v1/staff/bank-entries/:id/return': { reason: 'paid by mistake' },
  'post /v1/staff/bank-entries/:id/dismissal': { reason: 'interest' },
  'post /v1/staff/bank-entries/:id/undoing': { reason: 'wrong reader' },
};

/** Bodies of what is done at the desk with tills and balances. */
export const deskBodies: Readonly<Record<string, unknown>> = {
  'post /v1/staff/patrons/:id/payouts': { amountMinor: 100, branch: 'main' },
  'post /v1/staff/patrons/:id/deposits': { direction: 'taken', amountMinor: 100, branch: 'main' },
  'post /v1/staff/drawers/:id/movements': {
    direction: 'in',
    place: 'safe',
    amountMinor: 100,
    reason: 'change',
  },
  'post /v1/staff/drawers/:id/closing': { countMinor: 0 },
  'post /v1/staff/finance-credits/:id/reversal': { reason: 'entered twice' },
};
