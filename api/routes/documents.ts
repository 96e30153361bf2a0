import { z } from 'zod';
import { documentById, documentsOf } from '../../db/queries/documents.ts';
import { Payment } from '../../db/entities/index.ts';
import { reader } from '../../db/transaction.ts';
import { documentBody } from '../bodies/documents.ts';
import type { ApiDeps } from '../deps.ts';
import { documentReply, pdfResponse } from '../document-files.ts';
import { askForInvoice } from '../invoice-requests.ts';
import { pageHeaders, pageOf, readCursor } from '../pages.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { documentQuery, invoiceState, invoiceWish, moneyDocument } from '../schemas/documents.ts';
import { id } from '../schemas/values.ts';
import { createWords } from '../words.ts';
import { pageFrom } from './staff/paging.ts';

const params = z.strictObject({ id });
const folder = '/v1/me/documents';

export const invoiceProblems = [
  'payment-unknown',
  'invoice-not-offered',
  'invoice-nothing',
  'invoice-too-late',
  'invoice-issued',
  'tax-id-missing',
  'tax-id-form',
  'tax-id-check',
  'tax-id-person',
  'engine-unavailable',
] as const;

/** The reader's receipts, settlement slips, cancellations and invoices (P3, P6). */
export function documentRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  return [
    route({
      method: 'get',
      path: '/v1/me/documents',
      summary: 'The reader’s receipts and invoices, the latest first',
      access: 'patron',
      query: documentQuery,
      responses: {
        200: { description: 'A page of documents.', body: pageOf(moneyDocument), headers: pageHeaders },
      },
    }).handle(async ({ caller, query, language }) => {
      const words = wordsFor(caller.library, language);
      const { cursor, ...asked } = query;
      const found = await documentsOf(deps.orm, {
        ...asked,
        patronId: caller.id,
        before: readCursor(cursor),
      });
      const place = ({ issuedAt, id: documentId }: (typeof found)[number]) => ({
        at: issuedAt,
        id: documentId,
      });
      return pageFrom({ path: folder, query }, found, place, (row) => documentBody(row, folder, words));
    }),
    route({
      method: 'get',
      path: '/v1/me/documents/:id.pdf',
      summary: 'A receipt or an invoice as PDF, in the language in which it was issued',
      access: 'patron',
      params,
      problems: ['document-unknown'],
      responses: { 200: pdfResponse },
    }).handle(async ({ caller, params: { id: documentId } }) => {
      const row = await documentById(deps.orm, documentId);
      if (row?.patronId !== caller.id) throw problem('document-unknown');
      return documentReply(deps, row);
    }),
    route({
      method: 'post',
      path: '/v1/me/payments/:id/invoices',
      summary: 'Ask for an invoice of a payment',
      description:
        'Only of document delivery, and each part of it once. Before the money has come: the invoice is issued when it comes. What an invoice was issued for is not refunded (P6).',
      access: 'patron',
      idempotent: true,
      params,
      body: invoiceWish,
      problems: invoiceProblems,
      responses: { 201: { description: 'Issued, or kept.', body: invoiceState }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: paymentId }, body: wish, key, now }) => {
      const { id: patronId, library, actor } = caller;
      if (!(await reader(deps.orm).findOne(Payment, { id: paymentId, patronId })))
        throw problem('payment-unknown');
      return askForInvoice(deps, {
        paymentId,
        patronId,
        library,
        wish,
        actor,
        now,
        requestId: key.id,
        location: folder,
      });
    }),
  ];
}
