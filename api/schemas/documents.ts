import { z } from 'zod';
import { documentKinds, invoiceParties } from '../../domain/documents.ts';
import { pageQuery } from '../pages.ts';
import { money } from './desk.ts';
import { id, instant, line } from './values.ts';

export const documentKind = z.enum(documentKinds);

/** A numbered document about money. */
export const moneyDocument = z
  .strictObject({
    id,
    kind: documentKind,
    kindName: z.string(),
    number: z.string().describe('Without gaps for each library, kind and year: `R-2026-000123`.'),
    issuedAt: instant,
    amount: money.describe('Below zero for a cancellation, a pay-out and a deposit given back.'),
    paymentId: id.nullable().describe('Null for a pay-out and for deposits, which are no payments.'),
    cancels: z.string().nullable().describe('The number of the receipt or slip that it cancels.'),
    cancelled: z.boolean().describe('It is not valid any more: its payment was taken back.'),
    file: z.string().describe('Where it is as a PDF.'),
  })
  .meta({ id: 'MoneyDocument' });

/** The query of a reader's documents. */
export const documentQuery = pageQuery.extend({
  payment: id.optional().describe('Only those of this payment.'),
});

export const invoiceWish = z
  .strictObject({
    party: z.enum(invoiceParties).describe('To whom it is made out.'),
    title: line(200).describe('The organisation’s or the person’s name, as it is to stand on the invoice.'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional()
      .describe('Whose rule the tax number follows, ISO 3166; the library’s own unless stated.'),
    taxId: line(40).optional().describe('Of an organisation: needed. Of a person: none.'),
  })
  .meta({ id: 'InvoiceWish' });

export const invoiceState = z
  .strictObject({
    state: z.enum(['issued', 'awaiting-payment']),
    documentId: id
      .nullable()
      .describe('The invoice; null while the money is to come, then it is issued by itself.'),
  })
  .meta({ id: 'InvoiceState' });
