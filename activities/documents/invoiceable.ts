import type { Payment } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import type { DocumentLine } from '../../domain/documents.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { instant } from '../facts.ts';

/** What a booking has settled of a charge that can be invoiced (P6). */
export interface Invoiceable {
  readonly journalId: string;
  readonly chargeId: string;
  readonly cause: string;
  readonly amountMinor: number;
  readonly raisedAt: Date;
}

const settledPart = `
  select allocation.journal_id as "journalId", charge.id as "chargeId", charge.cause, allocation.amount::float8 as "amountMinor", charge.raised_at as "raisedAt"
  from journal join allocation on allocation.journal_id = journal.id join charge on charge.id = allocation.charge_id
  where journal.payment_id = ? and allocation.amount > 0 and charge.cause = any(?::text[]) and charge.dropped_at is null
    and not exists (select from journal later where later.reverses = journal.id)
    and not exists (select from invoice_line where invoice_line.journal_id = allocation.journal_id and invoice_line.charge_id = charge.id)
  order by charge.raised_at, charge.id`;

const expectedPart = `
  select payment_line.payment_id as "journalId", charge.id as "chargeId", charge.cause, payment_line.amount::float8 as "amountMinor", charge.raised_at as "raisedAt"
  from payment_line join charge on charge.id = charge_id
  where payment_id = ? and charge.cause = any(?::text[]) order by charge.raised_at, charge.id`;

/**
 * What of a payment can be invoiced and has not been: what its bookings have settled of document-delivery charges, unless they were taken back. While its money is to
 * come: what it will be then, if all goes well.
 */
export async function invoiceableOf(
  tx: Tx,
  { money: { documents } }: Pick<LibraryPolicy, 'money'>,
  { id, state }: Payment,
): Promise<Invoiceable[]> {
  if (documents.invoices === 'none') return [];
  const causes = `{${documents.invoices.causes.map((cause) => `"${cause}"`).join(',')}}`;
  return tx.execute<Invoiceable[]>(state === 'settled' ? settledPart : expectedPart, [id, causes]);
}

/** The lines of an invoice. */
export function invoiceLines(
  policy: Pick<LibraryPolicy, 'timeZone'>,
  found: readonly Invoiceable[],
): DocumentLine[] {
  return found.map(({ chargeId, cause, amountMinor, raisedAt }) => ({
    cause,
    chargeId,
    amountMinor,
    raisedOn: civilDay(policy, instant(new Date(raisedAt))).toString(),
  }));
}
