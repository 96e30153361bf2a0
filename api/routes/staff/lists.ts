import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import * as lists from '../../../db/queries/lists.ts';
import { type TaskRow, tasksOf } from '../../../db/queries/tasks.ts';
import { civilDay } from '../../../domain/calendar.ts';
import { deskHoldBody } from '../../bodies/desk.ts';
import {
  fetchBody,
  lapsedBody,
  overdueBody,
  putAwayBody,
  taskBody,
  transitBody,
} from '../../bodies/lists.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { deskHold } from '../../schemas/desk.ts';
import {
  branchFilter,
  inTransit,
  lapsedHold,
  overdueLoan,
  task,
  toFetch,
  toPutAway,
} from '../../schemas/lists.ts';
import { instant, line } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { pageFrom } from './paging.ts';

const query = pageQuery.extend({ branch: branchFilter });

type ListQuery = z.output<typeof query>;

/** How far back the list of lapsed holds goes unless told otherwise. */
const lapsedDays = 7;
const dayMs = 86_400_000;

const byId = ({ at, id }: { at: number; id: string }) => ({ at, id });
const byItem = ({ at, itemId }: { at: number; itemId: string }) => ({ at, id: itemId });

/** What the desk has to do, and what lies and travels where (H10). */
export function listRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const pageFor = (caller: StaffCaller, { branch, limit, cursor }: ListQuery): lists.ListPage => ({
    library: caller.library,
    branch,
    limit,
    after: readCursor(cursor),
  });

  const described = <T extends z.ZodType>(entry: T) => ({
    200: { description: 'A page of the list.', body: pageOf(entry), headers: pageHeaders },
  });

  const words = ({ library }: StaffCaller, language: Words['language']) => wordsFor(library, language);

  return [
    route({
      method: 'get',
      path: '/v1/staff/lists/to-phone',
      summary: 'Readers to phone: a copy is kept for them',
      access: ['desk'],
      query,
      responses: described(task),
    }).handle(async ({ caller, query: asked, language, now }) => {
      const search = {
        ...pageFor(caller, asked),
        state: 'open',
        kind: 'phone-reader',
        scope: { desk: true, ill: false, money: false, procedures: [] },
        now: new Date(now),
      } as const;
      const found = await tasksOf(deps.orm, search);
      const spoken = words(caller, language);
      const byDue = ({ dueAt, id }: TaskRow) => ({ at: dueAt, id });
      return pageFrom({ path: '/v1/staff/lists/to-phone', query: asked }, found, byDue, (row) =>
        taskBody(row, spoken, now),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/lists/to-fetch',
      summary: 'Copies to fetch from the shelf for readers who wait',
      description: 'Fetch, then check in: the copy goes to the first reader in the queue.',
      access: ['desk'],
      query,
      responses: described(toFetch),
    }).handle(async ({ caller, query: asked, language, now }) => {
      const spoken = words(caller, language);
      const today = civilDay(spoken.policy, Temporal.Instant.fromEpochMilliseconds(now)).toString();
      const found = await lists.listToFetch(deps.orm, pageFor(caller, asked), today);
      const byHold = ({ at, holdId }: lists.FetchRow) => ({ at, id: holdId });
      return pageFrom({ path: '/v1/staff/lists/to-fetch', query: asked }, found, byHold, (row) =>
        fetchBody(row, spoken),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/lists/to-put-away',
      summary: 'Copies on the hold shelf that nobody collected: back to the shelf, by way of a check-in',
      access: ['desk'],
      query,
      responses: described(toPutAway),
    }).handle(async ({ caller, query: asked, language }) => {
      const found = await lists.listToPutAway(deps.orm, pageFor(caller, asked));
      const spoken = words(caller, language);
      return pageFrom({ path: '/v1/staff/lists/to-put-away', query: asked }, found, byItem, (row) =>
        putAwayBody(row, spoken),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/lists/hold-shelf',
      summary: 'What is kept, those whose time ends first at the top',
      access: ['desk'],
      query: query.extend({ place: line(60).optional().describe('Only what is picked up there.') }),
      responses: described(deskHold),
    }).handle(async ({ caller, query: asked, language }) => {
      const found = await lists.listHoldShelf(deps.orm, pageFor(caller, asked), asked.place);
      const spoken = words(caller, language);
      return pageFrom({ path: '/v1/staff/lists/hold-shelf', query: asked }, found, byId, (row) =>
        deskHoldBody(row, spoken),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/lists/in-transit',
      summary: 'Copies on their way from or to a branch',
      access: ['desk'],
      query,
      responses: described(inTransit),
    }).handle(async ({ caller, query: asked, language }) => {
      const found = await lists.listInTransit(deps.orm, pageFor(caller, asked));
      const spoken = words(caller, language);
      return pageFrom({ path: '/v1/staff/lists/in-transit', query: asked }, found, byItem, (row) =>
        transitBody(row, spoken),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/lists/overdue',
      summary: 'Loans past their due date, the oldest first',
      access: ['desk'],
      query,
      responses: described(overdueLoan),
    }).handle(async ({ caller, query: asked, language, now }) => {
      const found = await lists.listOverdue(deps.orm, pageFor(caller, asked), new Date(now));
      const spoken = words(caller, language);
      return pageFrom({ path: '/v1/staff/lists/overdue', query: asked }, found, byId, (row) =>
        overdueBody(row, spoken, now),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/lists/lapsed',
      summary: 'Holds not collected in time',
      access: ['desk'],
      query: query.extend({ since: instant.optional().describe('Without it: the last seven days.') }),
      responses: described(lapsedHold),
    }).handle(async ({ caller, query: asked, language, now }) => {
      const since = new Date(asked.since ?? now - lapsedDays * dayMs);
      const found = await lists.listLapsed(deps.orm, pageFor(caller, asked), since);
      const spoken = words(caller, language);
      return pageFrom({ path: '/v1/staff/lists/lapsed', query: asked }, found, byId, (row) =>
        lapsedBody(row, spoken),
      );
    }),
  ];
}
