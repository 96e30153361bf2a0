import { z } from 'zod';
import {
  exchangedAbout,
  outsideRequest as requestById,
  outsideRequests,
} from '../../../db/queries/outside-requests.ts';
import { eventsOf, tasksAbout } from '../../../db/queries/story.ts';
import { stockFor } from '../../../db/queries/supply-stock.ts';
import { reader } from '../../../db/transaction.ts';
import { isSupplyEnded } from '../../../domain/supply.ts';
import { outsideRequestBody, outsideRequestDetailBody } from '../../bodies/outside-requests.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { outsideRequest, outsideRequestDetail, outsideRequestQuery } from '../../schemas/outside-requests.ts';
import { id } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { pageFrom } from './paging.ts';

/** Shows an outside request of the caller's library as it stands. Throws where there is none. */
export function createOutsideRequests({ orm }: Pick<ApiDeps, 'orm'>) {
  const find = async ({ library }: Pick<StaffCaller, 'library'>, requestId: string) => {
    const row = await requestById(orm, library, requestId);
    if (!row) throw problem('supply-unknown');
    return row;
  };
  const show = async (caller: StaffCaller, requestId: string, words: Words, now: number) => {
    const row = await find(caller, requestId);
    const [stock, messages, events, tasks] = await Promise.all([
      isSupplyEnded(row.status) ? [] : stockFor(reader(orm), row.library, row.content),
      exchangedAbout(orm, requestId),
      eventsOf(orm, requestId),
      tasksAbout(orm, requestId),
    ]);
    const told = { events, tasks, notices: [] };
    return outsideRequestDetailBody(row, { stock, messages, told }, words, now);
  };
  return { find, show };
}

/** Requests of other libraries, as the librarian sees them (I8): 待处理外馆请求. */
export function outsideRequestRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const { show } = createOutsideRequests(deps);
  return [
    route({
      method: 'get',
      path: '/v1/staff/outside-requests',
      summary: 'Requests of other libraries (外馆请求), the latest first',
      description: 'Those that wait for staff (待处理外馆请求), unless asked otherwise (I8).',
      access: ['ill-librarian'],
      query: outsideRequestQuery,
      responses: {
        200: {
          description: 'A page of outside requests.',
          body: pageOf(outsideRequest),
          headers: pageHeaders,
        },
      },
    }).handle(async ({ caller: { library }, query: asked, language, now }) => {
      const words = wordsFor(library, language);
      const { cursor, ...filters } = asked;
      const search = { ...filters, library, now: new Date(now), before: readCursor(cursor) };
      const { late, marked, ...rest } = asked;
      const query = {
        ...rest,
        ...(late !== undefined && { late: String(late) }),
        ...(marked !== undefined && { marked: String(marked) }),
      };
      return pageFrom(
        { path: '/v1/staff/outside-requests', query },
        await outsideRequests(deps.orm, search),
        (row) => ({ at: row.receivedAt, id: row.id }),
        (row) => outsideRequestBody(row, words, now),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/outside-requests/:id',
      summary: 'A request of another library',
      description: 'With what our own catalogue has of it, what was said, and what happened.',
      access: ['ill-librarian'],
      params: z.strictObject({ id }),
      problems: ['supply-unknown'],
      responses: { 200: { description: 'The request.', body: outsideRequestDetail } },
    }).handle(async ({ caller, params, language, now }) => ({
      status: 200,
      body: await show(caller, params.id, wordsFor(caller.library, language), now),
    })),
  ];
}
