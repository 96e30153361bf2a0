import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { Payment } from '../../../db/entities/index.ts';
import {
  documentById,
  documentsOf,
  documentsOfYear,
  type DocumentRow,
} from '../../../db/queries/documents.ts';
import { patronFile } from '../../../db/queries/patrons.ts';
import { reader } from '../../../db/transaction.ts';
import { civilDay } from '../../../domain/calendar.ts';
import { documentBody } from '../../bodies/documents.ts';
import type { ApiDeps } from '../../deps.ts';
import { documentReply, pdfResponse } from '../../document-files.ts';
import { documentTable } from '../../document-table.ts';
import { askForInvoice } from '../../invoice-requests.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import {
  documentKind,
  documentQuery,
  invoiceState,
  invoiceWish,
  moneyDocument,
} from '../../schemas/documents.ts';
import { id } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { invoiceProblems } from '../documents.ts';
import { pageFrom } from './paging.ts';

const params = z.strictObject({ id });
const folder = '/v1/staff/documents';
const placeOf = ({ issuedAt, id: documentId }: DocumentRow) => ({ at: issuedAt, id: documentId });

const listed = {
  year: z.coerce
    .number()
    .pipe(z.int().min(2000).max(2999))
    .optional()
    .meta({
      description: 'Civil year of the numbers; this year unless stated.',
      override: { type: 'integer', minimum: 2000, maximum: 2999 },
    }),
  kind: documentKind.optional(),
};

/** The library's documents about money, as the cashier finds and hands them out (P3, P6). */
export function staffDocumentRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const thisYear = ({ policy }: Words, now: number) =>
    civilDay(policy, Temporal.Instant.fromEpochMilliseconds(now)).year;
  const base = { method: 'get', access: ['cashier'] } as const;
  const pages = {
    200: { description: 'A page of documents.', body: pageOf(moneyDocument), headers: pageHeaders },
  };

  return [
    route({
      ...base,
      path: '/v1/staff/documents',
      summary: 'The library’s receipts and invoices of a year, in the order in which they were issued',
      query: pageQuery.extend(listed),
      responses: pages,
    }).handle(async ({ caller: { library }, query, language, now }) => {
      const words = wordsFor(library, language);
      const { year = thisYear(words, now), kind, limit, cursor } = query;
      const after = readCursor(cursor);
      const found = await documentsOfYear(deps.orm, { library, year, kind, limit, after });
      return pageFrom({ path: folder, query }, found, placeOf, (row) => documentBody(row, folder, words));
    }),
    route({
      ...base,
      path: '/v1/staff/documents.csv',
      summary: 'The same, all of a year, as a table for spreadsheets',
      query: z.strictObject(listed),
      responses: { 200: { description: 'The documents.', body: z.string(), mediaType: 'text/csv' } },
    }).handle(async ({ caller: { library }, query, language, now }) => {
      const words = wordsFor(library, language);
      const { year = thisYear(words, now), kind } = query;
      return {
        status: 200,
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="documents-${year}.csv"`,
        },
        body: await documentTable(deps.orm, { library, year, kind }, words),
      };
    }),
    route({
      ...base,
      path: '/v1/staff/documents/:id.pdf',
      summary: 'A receipt or an invoice as PDF',
      params,
      problems: ['document-unknown'],
      responses: { 200: pdfResponse },
    }).handle(async ({ caller, params: { id: documentId } }) => {
      const row = await documentById(deps.orm, documentId);
      if (row?.library !== caller.library) throw problem('document-unknown');
      return documentReply(deps, row);
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/documents',
      summary: 'A reader’s receipts and invoices, the latest first',
      params,
      query: documentQuery,
      problems: ['patron-unknown'],
      responses: pages,
    }).handle(async ({ caller: { library }, params: { id: patronId }, query, language }) => {
      if (!(await patronFile(deps.orm, library, patronId))) throw problem('patron-unknown');
      const words = wordsFor(library, language);
      const { cursor, ...asked } = query;
      const found = await documentsOf(deps.orm, { ...asked, patronId, before: readCursor(cursor) });
      const path = `/v1/staff/patrons/${patronId}/documents`;
      return pageFrom({ path, query }, found, placeOf, (row) => documentBody(row, folder, words));
    }),
    route({
      method: 'post',
      path: '/v1/staff/payments/:id/invoices',
      summary: 'Issue an invoice of a payment',
      description: 'As the reader would ask for it; after it no refund (P6).',
      access: ['cashier'],
      idempotent: true,
      params,
      body: invoiceWish,
      problems: invoiceProblems,
      responses: { 201: { description: 'Issued, or kept.', body: invoiceState }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: paymentId }, body: wish, key, now }) => {
      const { library, actor } = caller;
      const payment = await reader(deps.orm).findOne(Payment, { id: paymentId, library });
      if (!payment) throw problem('payment-unknown');
      const { patronId } = payment;
      return askForInvoice(deps, {
        paymentId,
        patronId,
        library,
        wish,
        actor,
        now,
        requestId: key.id,
        location: `/v1/staff/patrons/${patronId}/documents`,
      });
    }),
  ];
}
