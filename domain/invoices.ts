import { Temporal } from 'temporal-polyfill';
import { civilDay } from './calendar.ts';
import type { InvoiceParty } from './documents.ts';
import type { DocumentsPolicy } from './policy-documents.ts';
import type { LibraryPolicy } from './policy.ts';
import type { Reason } from './refusal.ts';
import { taxIdReasons } from './tax-ids.ts';

export type InvoicePolicy = Exclude<DocumentsPolicy['invoices'], 'none'>;

/** What an invoice is decided by. */
export interface InvoiceFacts {
  readonly userGroup: string;
  /** Whether the payment was answered with a settlement slip, which says that nothing can be reimbursed. */
  readonly slip: boolean;
  /** When the payment was settled; undefined while its money is to come. */
  readonly settledAt: Temporal.Instant | undefined;
  /** What of the payment can be invoiced and is not yet; while its money is to come, what could be. Minor units. */
  readonly invoiceableMinor: number;
  readonly now: Temporal.Instant;
}

/** Every reason against an invoice (P6): the library issues none to this reader, nothing of the payment can be invoiced, or the time to ask is over. */
export function invoiceReasons(
  { money: { documents }, timeZone }: Pick<LibraryPolicy, 'money' | 'timeZone'>,
  { userGroup, slip, settledAt, invoiceableMinor, now }: InvoiceFacts,
): Reason[] {
  const { invoices } = documents;
  if (invoices === 'none' || slip || !(invoices.userGroups ?? [userGroup]).includes(userGroup))
    return [{ code: 'invoice-not-offered' }];
  const reasons: Reason[] = invoiceableMinor > 0 ? [] : [{ code: 'invoice-nothing' }];
  const last = settledAt && civilDay({ timeZone }, settledAt).add(Temporal.Duration.from(invoices.within));
  if (last && Temporal.PlainDate.compare(civilDay({ timeZone }, now), last) > 0)
    reasons.push({ code: 'invoice-too-late', lastDay: last.toString() });
  return reasons;
}

/** To whom an invoice is to be made out. The tax number is tidied. */
export interface InvoiceAddressee {
  readonly party: InvoiceParty;
  readonly country: string;
  readonly taxId: string | undefined;
}

/** Every reason against what stands in a request for an invoice (P5): an organisation's needs a tax number that can be right, a person's has none. */
export function addresseeReasons({ party, country, taxId }: InvoiceAddressee): Reason[] {
  if (party === 'person') return taxId === undefined ? [] : [{ code: 'tax-id-person' }];
  return taxId === undefined ? [{ code: 'tax-id-missing' }] : taxIdReasons(country, taxId);
}
