import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { countsByGroup, type GroupCounts } from '../../../db/queries/statistics.ts';
import { csv } from '../../csv.ts';
import type { ApiDeps } from '../../deps.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { told } from '../../schemas/told.ts';
import { day, inOrder } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';

const query = z
  .strictObject({ from: day, to: day.describe('The last day, included.') })
  .refine(inOrder, told('period-reversed', 'to'));

const count = z.int().min(0);

const counts = z
  .strictObject({
    group: z.string().describe('The user group’s code.'),
    groupName: z.string(),
    role: z.enum(['main', 'sub', 'single']).describe('`main`: with sub cards; `single`: in no family.'),
    cards: count.describe('Open at the end of the period.'),
    opened: count,
    closed: count,
    expired: count.describe('Validity or paid time ended within the period, and was not renewed since.'),
    loans: count,
    holds: count,
  })
  .meta({ id: 'GroupCounts' });

const columns = [
  'group',
  'groupName',
  'role',
  'cards',
  'opened',
  'closed',
  'expired',
  'loans',
  'holds',
] as const;

/** Statistics by user group, main and sub cards apart (F10). */
export function statisticsRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const read = async ({ from, to }: z.output<typeof query>, library: string, words: Words) => {
    const startOf = (civil: Temporal.PlainDate) =>
      new Date(civil.toZonedDateTime(words.policy.timeZone).epochMilliseconds);
    const rows = await countsByGroup(deps.orm, library, {
      from: startOf(Temporal.PlainDate.from(from)),
      to: startOf(Temporal.PlainDate.from(to).add({ days: 1 })),
      firstDay: from,
      lastDay: to,
    });
    return rows.map((row) => ({ groupName: groupName(row, words), ...row }));
  };

  const base = { method: 'get', access: ['administrator'], query } as const;

  return [
    route({
      ...base,
      path: '/v1/staff/statistics/groups',
      summary: 'Cards, loans and holds by user group',
      description: 'By the groups and families of today, for the days from `from` to `to`.',
      responses: { 200: { description: 'The counts.', body: z.strictObject({ items: z.array(counts) }) } },
    }).handle(async ({ caller: { library }, query: asked, language }) => ({
      status: 200,
      body: { items: await read(asked, library, wordsFor(library, language)) },
    })),
    route({
      ...base,
      path: '/v1/staff/statistics/groups.csv',
      summary: 'The same as a table for spreadsheets',
      responses: { 200: { description: 'The counts.', body: z.string(), mediaType: 'text/csv' } },
    }).handle(async ({ caller: { library }, query: asked, language }) => {
      const items = await read(asked, library, wordsFor(library, language));
      return {
        status: 200,
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="groups-${asked.from}-${asked.to}.csv"`,
        },
        body: csv([[...columns], ...items.map((item) => columns.map((column) => item[column]))]),
      };
    }),
  ];
}

function groupName({ group }: GroupCounts, { policy, language }: Words): string {
  return policy.userGroups.find(({ code }) => code === group)?.name[language] ?? group;
}
