import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { paymentsOfLibrary } from '../../../db/queries/payment-lists.ts';
import { normaliseReference } from '../../../domain/payment-reference.ts';
import { paymentMeans, paymentStates } from '../../../domain/payments.ts';
import { readerOf } from '../../bodies/desk.ts';
import { paymentDetailBody } from '../../bodies/payments.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { readerRef } from '../../schemas/desk.ts';
import { branchFilter } from '../../schemas/lists.ts';
import { paymentDetail } from '../../schemas/payments.ts';
import { told } from '../../schemas/told.ts';
import { day, inOrder, line } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { pageFrom } from './paging.ts';

const query = pageQuery
  .extend({
    state: z.enum(paymentStates).optional(),
    means: z.enum(paymentMeans).optional(),
    branch: branchFilter,
    reference: line(40).optional().describe('As the payer wrote it; blanks and hyphens do not count.'),
    from: day.optional().describe('The first day on which it was begun.'),
    to: day.optional().describe('The last day, included.'),
  })
  .refine(inOrder, told('period-reversed', 'to'));

/** The library's payments by whatever means, as the cashier looks for them (A13). */
export function paymentListRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  return [
    route({
      method: 'get',
      path: '/v1/staff/payments',
      summary: 'The library’s payments, the latest first',
      access: ['cashier'],
      query,
      responses: {
        200: {
          description: 'A page of payments.',
          body: pageOf(paymentDetail.extend({ reader: readerRef }).meta({ id: 'LibraryPayment' })),
          headers: pageHeaders,
        },
      },
    }).handle(async ({ caller: { library }, query: asked, language }) => {
      const words = wordsFor(library, language);
      const { from, to, reference, cursor, ...filters } = asked;
      const startOf = (civil: string, days: number) =>
        new Date(
          Temporal.PlainDate.from(civil).add({ days }).toZonedDateTime(words.policy.timeZone)
            .epochMilliseconds,
        );
      const found = await paymentsOfLibrary(deps.orm, {
        ...filters,
        library,
        before: readCursor(cursor),
        ...(reference !== undefined && { reference: normaliseReference(reference) ?? reference }),
        ...(from !== undefined && { from: startOf(from, 0) }),
        ...(to !== undefined && { to: startOf(to, 1) }),
      });
      return pageFrom(
        { path: '/v1/staff/payments', query: asked },
        found,
        ({ begunAt, id }) => ({ at: begunAt, id }),
        (row) => ({ ...paymentDetailBody(row, words), reader: readerOf(row) }),
      );
    }),
  ];
}
