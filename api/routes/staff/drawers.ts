import { z } from 'zod';
import { drawerLines, drawerSession, drawerSessions } from '../../../db/queries/drawers.ts';
import { drawerBody, drawerReportBody, drawerTable } from '../../bodies/drawers.ts';
import type { StaffCaller } from '../../caller.ts';
import { csv } from '../../csv.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { drawer, drawerReport } from '../../schemas/drawers.ts';
import { branchFilter } from '../../schemas/lists.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { pageFrom } from './paging.ts';

const params = z.strictObject({ id });

const query = pageQuery.extend({
  branch: branchFilter,
  open: z.enum(['true', 'false']).default('false').describe('`true`: only tills that are open.'),
});

/** Tills as the cashier sees them (P3, A13). */
export function drawerRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const find = async ({ library }: StaffCaller, sessionId: string) => {
    const row = await drawerSession(deps.orm, library, sessionId);
    if (!row) throw problem('drawer-unknown');
    return { row, lines: await drawerLines(deps.orm, sessionId) };
  };
  const base = { method: 'get', access: ['cashier'] } as const;

  return [
    route({
      ...base,
      path: '/v1/staff/drawers',
      summary: 'Sessions of the library’s tills, the latest first',
      query,
      responses: { 200: { description: 'A page of sessions.', body: pageOf(drawer), headers: pageHeaders } },
    }).handle(async ({ caller: { library }, query: asked, language }) => {
      const { cursor, open, ...search } = asked;
      const wanted = { ...search, library, open: open === 'true', before: readCursor(cursor) };
      const found = await drawerSessions(deps.orm, wanted);
      const words = wordsFor(library, language);
      return pageFrom(
        { path: '/v1/staff/drawers', query: asked },
        found,
        ({ openedAt, id: sessionId }) => ({ at: openedAt, id: sessionId }),
        (row) => drawerBody(row, words),
      );
    }),
    route({
      ...base,
      path: '/v1/staff/drawers/:id',
      summary: 'A session with all that was booked in it, by means and cause',
      params,
      problems: ['drawer-unknown'],
      responses: { 200: { description: 'The report.', body: drawerReport } },
    }).handle(async ({ caller, params: { id: sessionId }, language }) => {
      const { row, lines } = await find(caller, sessionId);
      return { status: 200, body: drawerReportBody(row, lines, wordsFor(caller.library, language)) };
    }),
    route({
      ...base,
      path: '/v1/staff/drawers/:id/report.csv',
      summary: 'The same as a table for spreadsheets',
      params,
      problems: ['drawer-unknown'],
      responses: { 200: { description: 'The report.', body: z.string(), mediaType: 'text/csv' } },
    }).handle(async ({ caller, params: { id: sessionId }, language }) => {
      const { row, lines } = await find(caller, sessionId);
      return {
        status: 200,
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="drawer-${sessionId}.csv"`,
        },
        body: csv(drawerTable(row, lines, wordsFor(caller.library, language))),
      };
    }),
  ];
}
