import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { EntryKind, EntryState, StatementFormat, StatementJoin } from '../../domain/bank.ts';
import type { Outcome } from '../../domain/matching.ts';
import type { Actor } from '../../domain/roles.ts';

/** An account of the library at a bank, by its code in the policy; its row is the lock under which its statements are imported and matched (P9). */
export const BankAccount = defineEntity({
  name: 'BankAccount',
  properties: {
    library: p.string().primary(),
    code: p.string().primary(),
    currency: p.string(),
    createdAt: p.datetime(),
  },
});
export type BankAccount = InferEntity<typeof BankAccount>;

/**
 * A bank's file as it was handed in (P9): a document. `stored`: its process has not read it yet; `imported`: everything in it is in the database; `rejected`:
 * nothing of it is, `result` says why. `content` is emptied when the policy's time to keep files is over, or a reader in it was erased.
 */
export const StatementFile = defineEntity({
  name: 'StatementFile',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    /** As its sender called it. */
    name: p.string(),
    format: p.string().$type<StatementFormat>(),
    /** For which account it was handed in, where the file itself does not say (CSV). */
    account: p.string().nullable(),
    /** SHA-256 of the content in hexadecimal: the same file is the same row, unless it was rejected; then it is read again. */
    hash: p.string(),
    /** Bytes. */
    size: p.integer(),
    content: p.blob().nullable().lazy(),
    actor: p.string().$type<Actor>(),
    state: p.string().$type<'stored' | 'imported' | 'rejected'>(),
    /** What the import did, or every reason against it. */
    result: p.json().$type<Readonly<Record<string, unknown>>>(),
    receivedAt: p.datetime(),
    /** When it was imported or rejected. */
    settledAt: p.datetime().nullable(),
    /** When its process was done, matching included. */
    endedAt: p.datetime().nullable(),
  },
});
export type StatementFile = InferEntity<typeof StatementFile>;

/** One statement – or one page of it – of one account. Minor units of its currency, credit balances positive; dates are `YYYY-MM-DD` as the bank states them. */
export const BankStatement = defineEntity({
  name: 'BankStatement',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    account: p.string(),
    fileId: p.uuid(),
    /** Its place in the file, from 0. */
    position: p.integer(),
    /** Hash of what makes it this statement: the bank's id, sequence, page, period and balances. Met again, it is not stored again. */
    identity: p.string(),
    bankId: p.string().nullable(),
    /** The bank's running number. */
    sequence: p.bigint('bigint').nullable(),
    page: p.integer().nullable(),
    format: p.string().$type<StatementFormat>(),
    fromOn: p.date(),
    toOn: p.date(),
    /** Both null where the file states no balances (CSV). */
    opening: p.bigint('bigint').nullable(),
    closing: p.bigint('bigint').nullable(),
    currency: p.string(),
    /** `first` of its account; `joined`: another one closes with its opening balance; `gap`: none does; `unknown`: it states no balances. */
    joins: p.string().$type<StatementJoin>(),
    /** Entries that the bank has not booked (pending, for information): they are not imported. */
    skipped: p.integer(),
    importedAt: p.datetime(),
  },
});
export type BankStatement = InferEntity<typeof BankStatement>;

/**
 * Money that came into an account or left it (P9). Of a batch with details each detail is an entry. `id` is made of library, account and `key`, so that an entry has
 * the same id wherever it is imported; what is booked for it has an operation key `entry:<id>…`.
 */
export const BankEntry = defineEntity({
  name: 'BankEntry',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    account: p.string(),
    /** The statement it was first found in; all that tell of it stand in BankStatementEntry. */
    statementId: p.uuid(),
    /** Hash of everything the bank says of it, and its place among those of the same day that say the same: unique in the account for ever. */
    key: p.string(),
    /** Civil dates `YYYY-MM-DD` as the bank states them. */
    bookedOn: p.date(),
    valueOn: p.date().nullable(),
    /** What the account's balance changed by, in minor units: above zero came in, below zero went out. Never zero. */
    amount: p.bigint('bigint'),
    currency: p.string(),
    /** What banks kept of it on the way, in minor units, never below zero: the payer sent `amount + charges` (of money that came in). */
    charges: p.bigint('bigint'),
    /** What the payer's bank was given as end-to-end reference; null where there is none (`NOTPROVIDED`). */
    endToEnd: p.string().nullable(),
    /** A structured creditor reference (ISO 11649 `RF…`, QR, BBA), as it stands. */
    reference: p.string().nullable(),
    /** What the payer wrote, all lines with single blanks between; '' where nothing. Put together as it came: a line break may stand within a word. */
    remittance: p.string(),
    /** Who paid (of money that came in), or was paid (of money that went out); null where the bank does not say or the reader was erased. */
    payerName: p.string().nullable(),
    /** IBAN or number without blanks. */
    payerAccount: p.string().nullable(),
    /** The bank's own reference of the entry. */
    bankRef: p.string().nullable(),
    /** The bank's code for what it is: `PMNT.RCDT.ESCT`, `NTRF`, `166`. */
    code: p.string().nullable(),
    /** `reversal`: the bank takes back a booking of its own; `return`: a payment that came back from the payer's or payee's bank. */
    kind: p.string().$type<EntryKind>(),
    /** Why it came back, as the banks' code (`AC04`, `MD06`) or in their words. */
    returnReason: p.string().nullable(),
    /** The bank's reference of the batch it is a detail of, and which of how many details it is (from 1). */
    batch: p.string().nullable(),
    part: p.integer().nullable(),
    parts: p.integer().nullable(),
    /**
     * `new`: nobody has looked; `matched`: booked to where it belongs; `suspended`: booked to `suspense:<account>`, staff decide; `returned`: money sent back, or
     * taken back by a later entry; `ignored`: moved no money of readers and is booked by nobody here (the library's own transfers).
     */
    state: p.string().$type<EntryState>(),
    /** The booking for it: exactly one once the state is no longer `new` or `ignored`. */
    journalId: p.uuid().nullable(),
    /** What was decided (`domain/matching.ts`), by whom and when; null while nobody has. */
    outcome: p.string().$type<Outcome>().nullable(),
    decidedBy: p.string().$type<Actor>().nullable(),
    decidedAt: p.datetime().nullable(),
  },
});
export type BankEntry = InferEntity<typeof BankEntry>;

/** Which statements tell of which entries, in their order: the sum of a statement's entries is its closing less its opening balance. */
export const BankStatementEntry = defineEntity({
  name: 'BankStatementEntry',
  properties: {
    statementId: p.uuid().primary(),
    position: p.integer().primary(),
    entryId: p.uuid(),
  },
});
export type BankStatementEntry = InferEntity<typeof BankStatementEntry>;
