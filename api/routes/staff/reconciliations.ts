import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import {
  type DifferenceRow,
  linesOf,
  reportById,
  type ReportRow,
  reportsOf,
} from '../../../db/queries/reconciliations.ts';
import { civilDay } from '../../../domain/calendar.ts';
import { startOfDay } from '../../../domain/months.ts';
import { differenceBody, reconciliationBody, reportBody } from '../../bodies/reconciliation.ts';
import { type Cell, csv } from '../../csv.ts';
import { decimalText } from '../../decimal.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { reconciliation, report } from '../../schemas/reconciliations.ts';
import { day, id } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { pageFrom } from './paging.ts';

const folder = '/v1/staff/reconciliations';
const access = ['cashier', 'administrator'] as const;
const params = z.strictObject({ id });

const columns = [
  'kind',
  'text',
  'account',
  'accountName',
  'expected',
  'found',
  'amount',
  'currency',
  'since',
  'role',
  'about',
  'state',
] as const;

function cells(row: DifferenceRow, words: Words): Cell[] {
  const { kind, text, account, accountName, since, role, about, solvedAt, acknowledged } = differenceBody(
    row,
    words,
  );
  const amount = (minor: string | null): Cell =>
    minor === null ? '' : { number: decimalText(BigInt(minor), row.currency) };
  const open = acknowledged ? 'acknowledged' : 'open';
  const amounts = [amount(row.expected), amount(row.found), amount(row.amount)];
  const state = solvedAt === null ? open : 'solved';
  return [
    kind,
    text,
    account,
    accountName,
    ...amounts,
    row.currency,
    since,
    role,
    `${about.type}:${about.id}`,
    state,
  ].map((cell) => cell ?? '');
}

/** The daily comparison of ledger, gateways and bank (P9). */
export function reconciliationRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const find = async (library: string, reportId: string) => {
    const row = await reportById(deps.orm, library, reportId);
    if (!row) throw problem('not-found');
    return { row, lines: await linesOf(deps.orm, reportId) };
  };
  const placeOf = (library: string) => (row: ReportRow) => ({
    at: startOfDay(deps.policies.get(library), Temporal.PlainDate.from(row.day).add({ days: 1 }).toString())
      .epochMilliseconds,
    id: row.id,
  });
  return [
    route({
      method: 'get',
      path: folder,
      summary: 'The daily reconciliations, the latest first',
      access,
      query: pageQuery,
      responses: {
        200: { description: 'A page of reports.', body: pageOf(reconciliation), headers: pageHeaders },
      },
    }).handle(async ({ caller: { library }, query }) => {
      const { limit, cursor } = query;
      const found = await reportsOf(deps.orm, { library, limit, after: readCursor(cursor) });
      return pageFrom({ path: folder, query }, found, placeOf(library), reconciliationBody);
    }),
    route({
      method: 'post',
      path: folder,
      summary: 'Reconcile a day now',
      description: 'Its report is brought up to date. A run of that day that is under way goes on instead.',
      access,
      body: z.strictObject({ day }),
      problems: ['day-not-over', 'engine-unavailable'],
      responses: {
        202: {
          description: 'Asked for; the list shows the report.',
          body: z.strictObject({ state: z.literal('accepted'), location: z.string() }),
          headers: { Location: 'Where the report will be seen.' },
        },
      },
    }).handle(async ({ caller: { library, actor }, body, now }) => {
      const today = civilDay(deps.policies.get(library), Temporal.Instant.fromEpochMilliseconds(now));
      if (body.day >= today.toString()) throw problem('day-not-over');
      await deps.processes.reconcile({ library, day: body.day, actor });
      return { status: 202, headers: { Location: folder }, body: { state: 'accepted', location: folder } };
    }),
    route({
      method: 'get',
      path: `${folder}/:id`,
      summary: 'A day’s report',
      description:
        'Each difference to the cent: what it is about, since when, who must act, and where it is solved. Amounts are those of the day’s latest run.',
      access,
      params,
      problems: ['not-found'],
      responses: { 200: { description: 'The report.', body: report } },
    }).handle(async ({ caller: { library }, params: given, language }) => {
      const { row, lines } = await find(library, given.id);
      return { status: 200, body: reportBody(row, lines, wordsFor(library, language)) };
    }),
    route({
      method: 'get',
      path: `${folder}/:id/differences.csv`,
      summary: 'The same as a table for spreadsheets',
      access,
      params,
      problems: ['not-found'],
      responses: { 200: { description: 'The differences.', body: z.string(), mediaType: 'text/csv' } },
    }).handle(async ({ caller: { library }, params: given, language }) => {
      const { row, lines } = await find(library, given.id);
      const words = wordsFor(library, language);
      return {
        status: 200,
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="reconciliation-${row.day}.csv"`,
        },
        body: csv([[...columns], ...lines.map((line) => cells(line, words))]),
      };
    }),
  ];
}
