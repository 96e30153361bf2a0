import { z } from 'zod';
import { type AccountRow, trialBalanceOf } from '../../../db/queries/books.ts';
import { moneyOf } from '../../bodies/desk.ts';
import type { ApiDeps } from '../../deps.ts';
import { accountName } from '../../../notices/account-names.ts';
import { openItemsTable, postingsTable, trialBalanceTable } from '../../export/books.ts';
import { streamed, type TableFormat, tableFormats, tableReply } from '../../export/table-reply.ts';
import { instantsOf } from '../../readers-statement.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { money } from '../../schemas/desk.ts';
import { told } from '../../schemas/told.ts';
import { day, inOrder } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';

const period = z
  .strictObject({ from: day.describe('The first day.'), to: day.describe('The last day, included.') })
  .refine(inOrder, told('period-reversed', 'to'));

const on = z.strictObject({ on: day.describe('At the end of this day.') });

const account = z
  .strictObject({
    account: z
      .string()
      .describe('Readers’ accounts are told together, as `receivable`, `prepaid` and `deposit`.'),
    accountName: z.string(),
    opening: money,
    debit: money,
    credit: money,
    closing: money.describe('Debit above zero, credit below; the sum over all accounts is nothing.'),
  })
  .meta({ id: 'AccountBalance' });

/** The library's books for its accountant: bookings, trial balance and open items (P10, A13). */
export function bookRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const { orm } = deps;
  const between = ({ from, to }: z.output<typeof period>, { policy }: Words) =>
    instantsOf({ from, to }, policy.timeZone) as { from: Date; to: Date };
  const base = { method: 'get', access: ['cashier'] } as const;

  return [
    route({
      ...base,
      path: '/v1/staff/books/trial-balance',
      summary: 'Every account’s balance before a period, what came and went, and the balance after it',
      query: period,
      responses: { 200: { description: 'The accounts.', body: z.strictObject({ items: z.array(account) }) } },
    }).handle(async ({ caller: { library }, query, language }) => {
      const words = wordsFor(library, language);
      const rows = await trialBalanceOf(orm, library, between(query, words));
      return { status: 200, body: { items: rows.map((row) => accountBody(row, words)) } };
    }),
    ...(['csv', 'xlsx'] as const).flatMap((format) => tableRoutes(format)),
  ];

  function tableRoutes(format: TableFormat): Route[] {
    const responses = {
      200: { description: 'The table.', body: streamed, mediaType: tableFormats[format] },
    } as const;
    const as = format === 'csv' ? 'CSV' : 'an Excel workbook';
    return [
      route({
        ...base,
        path: `/v1/staff/books/postings.${format}`,
        summary: `Every posting of a period with its booking, as ${as}`,
        description: 'However many there are: the file is written while it is read.',
        query: period,
        responses,
      }).handle(async ({ caller: { library }, query, language }) => {
        const words = wordsFor(library, language);
        const table = postingsTable({ orm, words }, between(query, words));
        return tableReply(table, format, `postings-${library}-${query.from}-${query.to}`);
      }),
      route({
        ...base,
        path: `/v1/staff/books/trial-balance.${format}`,
        summary: `The trial balance of a period, as ${as}`,
        query: period,
        responses,
      }).handle(async ({ caller: { library }, query, language }) => {
        const words = wordsFor(library, language);
        const table = trialBalanceTable({ orm, words }, between(query, words));
        return tableReply(table, format, `trial-balance-${library}-${query.from}-${query.to}`);
      }),
      route({
        ...base,
        path: `/v1/staff/books/open-items.${format}`,
        summary: `What readers owed at the end of a day, item by item, as ${as}`,
        query: on,
        responses,
      }).handle(async ({ caller: { library }, query, language }) => {
        const words = wordsFor(library, language);
        const { to } = between({ from: query.on, to: query.on }, words);
        return tableReply(openItemsTable({ orm, words }, to), format, `open-items-${library}-${query.on}`);
      }),
    ];
  }
}

function accountBody(row: AccountRow, words: Words): z.input<typeof account> {
  const shown = (minor: string) => moneyOf(words, Number(minor), row.currency);
  return {
    account: row.account,
    accountName: accountName(words, row.account),
    opening: shown(row.opening),
    debit: shown(row.debit),
    credit: shown(row.credit),
    closing: shown(row.closing),
  };
}
