import { z } from 'zod';
import { carriedCash } from '../../../db/queries/carried-cash.ts';
import { carriedBody } from '../../bodies/drawers.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { carried } from '../../schemas/drawers.ts';
import { branchFilter } from '../../schemas/lists.ts';
import { createWords } from '../../words.ts';
import { pageFrom } from './paging.ts';

const path = '/v1/staff/carried-cash';

const query = pageQuery.extend({
  branch: branchFilter,
  waiting: z.enum(['true', 'false']).default('false').describe('`true`: only what is on no statement yet.'),
});

/** Cash between tills and the bank as the cashier sees it (P3, P9). */
export function carriedCashRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  return [
    route({
      method: 'get',
      path,
      summary: 'Cash that was carried to the bank or fetched there, the latest first',
      description:
        'Each names the entry of the bank’s statement that shows it, once there is one. `POST /v1/staff/drawers/:id/movements` tells of it; what an entry may be is suggested with it.',
      access: ['cashier'],
      query,
      responses: { 200: { description: 'A page.', body: pageOf(carried), headers: pageHeaders } },
    }).handle(async ({ caller: { library }, query: asked, language }) => {
      const { cursor, waiting, ...search } = asked;
      const wanted = { ...search, library, waiting: waiting === 'true', before: readCursor(cursor) };
      const found = await carriedCash(deps.orm, wanted);
      const words = wordsFor(library, language);
      return pageFrom(
        { path, query: asked },
        found,
        ({ carriedAt, id }) => ({ at: carriedAt, id }),
        (row) => carriedBody(row, words),
      );
    }),
  ];
}
