import type { PaymentMeans } from './payments.ts';
import type { DocumentsPolicy } from './policy-documents.ts';

/**
 * `receipt`: money came; `slip`: a settlement slip (校内结算凭证), which is no invoice and cannot be reimbursed; `cancellation`: a receipt or slip does not hold any
 * more, its payment was taken back; `invoice`: for the document-delivery fee only (P6). `payout`: balance was paid out; `deposit`, `deposit-return`: a deposit was taken or
 * given back (A6). These three have no payment.
 */
export const documentKinds = [
  'receipt',
  'slip',
  'cancellation',
  'invoice',
  'payout',
  'deposit',
  'deposit-return',
] as const;

export type DocumentKind = (typeof documentKinds)[number];

/** What was booked without a payment, and has a receipt all the same. */
export type HandedKind = Extract<DocumentKind, 'payout' | 'deposit' | 'deposit-return'>;

/** Whether the money went from the library to the reader. */
export function isOutgoing(kind: DocumentKind): boolean {
  return kind === 'cancellation' || kind === 'payout' || kind === 'deposit-return';
}

/** To whom an invoice is made out (P5). */
export const invoiceParties = ['person', 'organisation'] as const;

export type InvoiceParty = (typeof invoiceParties)[number];

/** One line of a document: a charge, what became the reader's credit or left it (`credit`), or a deposit (`deposit`). Minor units. */
export interface DocumentLine {
  readonly cause: string;
  readonly amountMinor: number;
  /** Absent for credit and deposits. */
  readonly chargeId?: string;
  /** The civil day on which the charge was raised, in the library's zone: `YYYY-MM-DD`. */
  readonly raisedOn?: string;
}

/** What a document says, as it was when it was issued: ids, amounts and codes, no names and no texts of people. */
export interface DocumentContent {
  readonly means: string;
  /** The payment's reference, where it has one. */
  readonly reference?: string;
  readonly lines: readonly DocumentLine[];
  /** The number of the receipt or slip that is cancelled, where it has one. */
  readonly cancels?: string;
}

/** Who gets a settlement slip instead of a receipt (P3). */
export function getsSlip({ slips }: DocumentsPolicy, userGroup: string, means: PaymentMeans): boolean {
  return slips.some((rule) => rule.userGroups.includes(userGroup) && rule.means.includes(means));
}

const letters: Readonly<Record<DocumentKind, string>> = {
  receipt: 'R',
  slip: 'S',
  cancellation: 'C',
  invoice: 'I',
  payout: 'P',
  deposit: 'D',
  'deposit-return': 'G',
};

/** A document's number as it is printed and quoted: `R-2026-000123`. */
export function documentNumber({
  kind,
  year,
  number,
}: {
  readonly kind: DocumentKind;
  readonly year: number;
  readonly number: number;
}): string {
  return `${letters[kind]}-${year}-${String(number).padStart(6, '0')}`;
}
