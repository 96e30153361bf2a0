import { z } from 'zod';
import { searchHoldings } from '../../../db/queries/holdings.ts';
import { suppliersOf } from '../../../db/queries/supplier-list.ts';
import { reader } from '../../../db/transaction.ts';
import { holdingBody, supplierListBody } from '../../bodies/suppliers.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { holding, holdingQuery, supplierList } from '../../schemas/suppliers.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { pageFrom } from './paging.ts';

/** Who has what, and whom a request can be asked of (I5, I10). */
export function supplierRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  return [
    route({
      method: 'get',
      path: '/v1/staff/requests/:id/suppliers',
      summary: 'Whom a request can be asked of, in order, and why',
      description:
        'As the next choice would go now (I10): by what is known of holdings and by the library’s policy. Those that are not asked are told, too, with every reason.',
      access: ['ill-librarian'],
      params: z.strictObject({ id }),
      problems: ['request-unknown'],
      responses: { 200: { description: 'Every peer of the library.', body: supplierList } },
    }).handle(async ({ caller: { library }, params, language, now }) => {
      const policy = deps.policies.get(library);
      if (policy.ill === 'none') throw problem('request-unknown');
      const asking = { ...policy, ill: policy.ill };
      const found = await suppliersOf(deps.orm, asking, params.id, new Date(now));
      if (!found) throw problem('request-unknown');
      const words = wordsFor(library, language);
      return { status: 200, body: supplierListBody(found.suppliers, found.lookups, asking, words) };
    }),
    route({
      method: 'get',
      path: '/v1/staff/holdings',
      summary: 'What other libraries have, the latest statement first',
      description: 'As their files stated it (`npm run import`), or catalogues that were asked (SRU).',
      access: ['ill-librarian'],
      query: holdingQuery,
      responses: {
        200: { description: 'A page of holdings.', body: pageOf(holding), headers: pageHeaders },
      },
    }).handle(async ({ caller: { library }, query, language }) => {
      const { q, peer, cursor, limit } = query;
      const search = { library, query: q, peer, limit, before: readCursor(cursor) };
      const words = wordsFor(library, language);
      return pageFrom(
        { path: '/v1/staff/holdings', query },
        await searchHoldings(reader(deps.orm), search),
        (row) => ({ at: row.at, id: row.id }),
        (row) => holdingBody(row, words),
      );
    }),
  ];
}
