import { z } from 'zod';
import { endedLoans, loansById } from '../../db/queries/loans.ts';
import { endedLoanBody, loanBodies } from '../bodies/loan.ts';
import type { ApiDeps } from '../deps.ts';
import { cut, page, pageHeaders, pageOf, pageQuery, readCursor } from '../pages.ts';
import { problem } from '../problem.ts';
import { accountOf } from '../readers-holds.ts';
import { createReadersLoans } from '../readers-loans.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { endedLoan, loan } from '../schemas/loans.ts';
import { id } from '../schemas/values.ts';
import { createWords } from '../words.ts';

/** What the reader has, and had, on loan (L2). */
export function loanRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const loans = createReadersLoans(deps);

  return [
    route({
      method: 'get',
      path: '/v1/me/loans',
      summary: 'The reader’s loans',
      description:
        'All of them, those due first at the top; each says whether it can be renewed now and, if not, every reason.',
      access: 'patron',
      responses: { 200: { description: 'The loans.', body: z.strictObject({ items: z.array(loan) }) } },
    }).handle(({ caller, language, now }) =>
      loans.list(accountOf(caller), wordsFor(caller.library, language), now),
    ),
    route({
      method: 'get',
      path: '/v1/me/loans/history',
      summary: 'The reader’s earlier loans, the latest first',
      access: 'patron',
      query: pageQuery,
      responses: { 200: { description: 'A page of loans.', body: pageOf(endedLoan), headers: pageHeaders } },
    }).handle(async ({ caller, query, language }) => {
      const { limit, cursor } = query;
      const words = wordsFor(caller.library, language);
      const found = await endedLoans(deps.orm, { patronId: caller.id, limit, before: readCursor(cursor) });
      const positioned = found.map((row) => ({ row, at: new Date(row.endedAt ?? 0), id: row.id }));
      const { rows, next } = cut(positioned, limit);
      const items = rows.map(({ row }) => endedLoanBody(row, words));
      return page({ path: '/v1/me/loans/history', query }, items, next);
    }),
    route({
      method: 'get',
      path: '/v1/loans/:id',
      summary: 'One of the reader’s loans',
      access: 'patron',
      params: z.strictObject({ id }),
      problems: ['loan-unknown'],
      responses: { 200: { description: 'The loan.', body: loan } },
    }).handle(async ({ caller, params, language, now }) => {
      const account = await loansById(deps.orm, caller.id, new Date(now), [params.id]);
      const [body] = loanBodies(account, wordsFor(caller.library, language), now);
      if (!body) throw problem('loan-unknown');
      return { status: 200, body };
    }),
  ];
}
