import { z } from 'zod';
import {
  handedIn,
  linesOfSettlement,
  peerBalances,
  settlementById,
  type SettlementRow,
  settlementsOf,
  statedBy,
} from '../../../db/queries/ill-settlements.ts';
import { compareStatements, settlementStates, type StatedLine } from '../../../domain/ill-settlement.ts';
import { peersOf } from '../../../domain/policy-peers.ts';
import { balanceBody, settlementBody, settlementDetail } from '../../bodies/library-settlements.ts';
import type { ApiDeps } from '../../deps.ts';
import { pdfReply, pdfResponse } from '../../document-files.ts';
import { streamed, tableFormats, tableReply } from '../../export/table-reply.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import {
  librarySettlement,
  librarySettlementDetail,
  peerBalance,
} from '../../schemas/library-settlements.ts';
import { id } from '../../schemas/values.ts';
import { statementTable } from '../../settlement-statement.ts';
import { createWords } from '../../words.ts';
import { pageFrom } from './paging.ts';

export const settlementFolder = '/v1/staff/library-settlements';
export const settlementAccess = ['cashier', 'ill-librarian'] as const;

const params = z.strictObject({ id });
const placeOf = ({ drawnAt, id: rowId }: SettlementRow) => ({ at: drawnAt, id: rowId });

/** The caller's own settlement. */
export async function settlementFor({ orm }: ApiDeps, library: string, settlementId: string) {
  const row = await settlementById(orm, library, settlementId);
  if (!row) throw problem('settlement-unknown');
  return row;
}

/** What libraries owe each other and how it is settled, to look at (I17). */
export function librarySettlementRoutes(deps: ApiDeps): Route[] {
  const { orm } = deps;
  const wordsFor = createWords(deps);
  const base = { method: 'get', access: settlementAccess } as const;
  const theirs = async (row: SettlementRow): Promise<StatedLine[]> => {
    const there = peersOf(deps.policies.get(row.library)).find(({ code }) => code === row.peer)?.library;
    if (there === undefined || !deps.policies.has(there)) return handedIn(orm, row.id);
    const back = peersOf(deps.policies.get(there)).find(({ library }) => library === row.library)?.code ?? '';
    return statedBy(orm, { ...row, library: there, peer: back });
  };
  return [
    route({
      ...base,
      path: '/v1/staff/peer-balances',
      summary: 'What other libraries owe the library, or it owes them, by currency',
      responses: {
        200: { description: 'The balances.', body: z.strictObject({ items: z.array(peerBalance) }) },
      },
    }).handle(async ({ caller: { library }, language }) => {
      const words = wordsFor(library, language);
      const items = (await peerBalances(orm, library)).map((row) => balanceBody(row, words));
      return { status: 200, body: { items } };
    }),
    route({
      ...base,
      path: settlementFolder,
      summary: 'Settlements with other libraries, the latest first',
      query: pageQuery.extend({
        state: z.enum(settlementStates).optional(),
        peer: z.string().max(80).optional().describe('The other library’s code in the policy.'),
      }),
      responses: { 200: { description: 'A page.', body: pageOf(librarySettlement), headers: pageHeaders } },
    }).handle(async ({ caller: { library }, query, language }) => {
      const words = wordsFor(library, language);
      const { limit, cursor, state, peer } = query;
      const found = await settlementsOf(orm, { library, state, peer, limit, after: readCursor(cursor) });
      return pageFrom({ path: settlementFolder, query }, found, placeOf, (row) => settlementBody(row, words));
    }),
    route({
      ...base,
      path: `${settlementFolder}/:id`,
      summary: 'A settlement, line by line, beside the other library’s statement',
      params,
      problems: ['settlement-unknown'],
      responses: { 200: { description: 'The settlement.', body: librarySettlementDetail } },
    }).handle(async ({ caller: { library }, params: given, language }) => {
      const row = await settlementFor(deps, library, given.id);
      const lines = await linesOfSettlement(orm, row.id);
      const stated = await theirs(row);
      const ours = lines
        .filter(({ state }) => state !== 'left-out')
        .map(({ side, reference, amount }) => ({ side, reference, amount: BigInt(amount) }));
      const compared = stated.length === 0 ? undefined : compareStatements(ours, stated);
      return { status: 200, body: settlementDetail(row, lines, compared, wordsFor(library, language)) };
    }),
    route({
      ...base,
      path: `${settlementFolder}/:id/statement.pdf`,
      summary: 'The statement as PDF, as it is mailed',
      params,
      problems: ['settlement-unknown'],
      responses: { 200: pdfResponse },
    }).handle(async ({ caller: { library }, params: given }) => {
      const row = await settlementFor(deps, library, given.id);
      const lines = await linesOfSettlement(orm, row.id);
      return pdfReply(await deps.printer.settlement(deps.policies.get(library), row, lines), row.number);
    }),
    ...(['csv', 'xlsx'] as const).map((format) =>
      route({
        ...base,
        path: `${settlementFolder}/:id/statement.${format}`,
        summary: `The statement as ${format === 'csv' ? 'CSV, which the other library can hand in' : 'an Excel workbook'}`,
        params,
        problems: ['settlement-unknown'],
        responses: {
          200: { description: 'The table.', body: streamed, mediaType: tableFormats[format] },
        },
      }).handle(async ({ caller: { library }, params: given }) => {
        const row = await settlementFor(deps, library, given.id);
        return tableReply(statementTable(row, await linesOfSettlement(orm, row.id)), format, row.number);
      }),
    ),
  ];
}
