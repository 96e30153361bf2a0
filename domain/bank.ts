/** What a bank's file is written in (P9): ISO 20022 camt.053, SWIFT MT940, or comma-separated values as the policy describes them. */
export const statementFormats = ['camt', 'mt940', 'csv'] as const;

export type StatementFormat = (typeof statementFormats)[number];

/** How a statement's opening balance fits the closing balance of another: see the entity. */
export const statementJoins = ['first', 'joined', 'gap', 'unknown'] as const;

export type StatementJoin = (typeof statementJoins)[number];

/** An ordinary booking; one that the bank takes back; a payment that came back from another bank. */
export const entryKinds = ['booking', 'reversal', 'return'] as const;

export type EntryKind = (typeof entryKinds)[number];

/** What became of an entry of a statement: see the entity. */
export const entryStates = ['new', 'matched', 'suspended', 'returned', 'ignored'] as const;

export type EntryState = (typeof entryStates)[number];

/** What can be wrong with a bank's file; each has a text in every language. */
export const mistakeCodes = [
  'encoding',
  'empty',
  'too-many',
  // XML
  'xml-malformed',
  'xml-doctype',
  'xml-deep',
  'camt-unknown',
  'camt-version',
  'statement-missing',
  'element-missing',
  'status-unknown',
  'indicator-unknown',
  'details-sum',
  'details-amounts',
  // SWIFT
  'mt940-unknown',
  'field-missing',
  'field-invalid',
  // CSV
  'csv-malformed',
  'csv-header',
  'line-balance',
  // all of them
  'amount-invalid',
  'amount-decimals',
  'currency-invalid',
  'currency-differs',
  'date-invalid',
  'balances-order',
  'statement-sum',
  // what the library has
  'account-unstated',
  'account-unknown',
  'account-currency',
  'format-not-offered',
  'format-other',
  'statement-changed',
  'statement-gap',
] as const;

export type MistakeCode = (typeof mistakeCodes)[number];
