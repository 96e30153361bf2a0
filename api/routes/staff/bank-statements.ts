import { z } from 'zod';
import { bankEntries, type EntryRow, statementFile, statementFiles } from '../../../db/queries/statements.ts';
import { keepStatementFile } from '../../../db/statement-files.ts';
import { entryStates } from '../../../domain/bank.ts';
import { formatOf } from '../../../statements/index.ts';
import { answer } from '../../answer.ts';
import { statementFileBody } from '../../bodies/statements.ts';
import type { ApiDeps } from '../../deps.ts';
import { fileBody } from '../../files.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { entrySchema, statementFileSchema } from '../../schemas/statements.ts';
import { told } from '../../schemas/told.ts';
import { day, id, inOrder, line } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { pageFrom } from './paging.ts';

const path = '/v1/staff/bank-statements';
const params = z.strictObject({ id });
const account = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/)
  .describe('An account’s code in the policy.');

const mediaTypes = ['application/xml', 'text/xml', 'text/plain', 'text/csv', 'application/octet-stream'];
const maxBytes = 20_000_000;

const midnight = ({ bookedOn }: EntryRow) => Date.parse(`${bookedOn}T00:00:00Z`);

const handedIn = statementFileSchema
  .extend({
    known: z.boolean().describe('The same file was handed in before, and is shown as it was read then.'),
  })
  .meta({ id: 'HandedInStatement' });

/** Bank statements: handing files in, and looking at what is in them (P9). */
export function bankStatementRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  return [
    route({
      method: 'post',
      path,
      summary: 'Hand in a bank’s file',
      description:
        'camt.053 (versions 02, 04, 08), MT940, or CSV as the policy describes it; the body is the file. All of it is taken over, or nothing with all reasons. A file that was taken over before, or one that overlaps with others, books nothing twice.',
      access: ['cashier'],
      idempotent: true,
      query: z.strictObject({
        name: line(200).default('statement').describe('What the file is called.'),
        account: account.optional().describe('For files that do not name their account (CSV).'),
      }),
      file: { mediaTypes, maxBytes },
      body: fileBody,
      problems: ['bank-account-unknown', 'engine-unavailable'],
      responses: {
        200: { description: 'Read; `state` tells whether it was taken over.', body: handedIn },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, query, body, key, now, language }) => {
      const { library, actor } = caller;
      const { accounts } = deps.policies.get(library).money.bank;
      if (query.account !== undefined && !accounts.some(({ code }) => code === query.account))
        throw problem('bank-account-unknown');
      const hash = Buffer.from(body.hash, 'base64url').toString('hex');
      const { id: fileId } = await keepStatementFile(deps.orm, {
        id: key.id,
        library,
        name: query.name,
        format: formatOf(body.bytes),
        account: query.account ?? null,
        hash,
        content: body.bytes,
        actor,
        at: new Date(now),
      });
      const read = deps.commands.importStatement({ fileId, library });
      return answer(read, `${path}/${fileId}`, async () => {
        const row = await statementFile(deps.orm, library, fileId);
        if (!row) throw problem('statement-file-unknown');
        const known = fileId !== key.id;
        return {
          status: 200 as const,
          body: { ...statementFileBody(row, wordsFor(library, language)), known },
        };
      });
    }),
    route({
      method: 'get',
      path,
      summary: 'Bank files',
      access: ['cashier'],
      query: pageQuery,
      responses: {
        200: {
          description: 'A page of files, the latest first.',
          body: pageOf(statementFileSchema),
          headers: pageHeaders,
        },
      },
    }).handle(async ({ caller: { library }, query, language }) => {
      const { limit, cursor } = query;
      const words = wordsFor(library, language);
      return pageFrom(
        { path, query },
        await statementFiles(deps.orm, library, { limit, after: readCursor(cursor) }),
        ({ receivedAt, id: rowId }) => ({ at: receivedAt, id: rowId }),
        (row) => statementFileBody(row, words),
      );
    }),
    route({
      method: 'get',
      path: `${path}/:id`,
      summary: 'A bank file and what became of it',
      access: ['cashier'],
      params,
      problems: ['statement-file-unknown'],
      responses: { 200: { description: 'The file.', body: statementFileSchema } },
    }).handle(async ({ caller: { library }, params: { id: fileId }, language }) => {
      const row = await statementFile(deps.orm, library, fileId);
      if (!row) throw problem('statement-file-unknown');
      return { status: 200, body: statementFileBody(row, wordsFor(library, language)) };
    }),
    route({
      method: 'get',
      path: '/v1/staff/bank-entries',
      summary: 'Entries of the library’s bank accounts',
      access: ['cashier'],
      query: pageQuery
        .extend({
          account: account.optional(),
          file: id.optional().describe('Only those that this file tells of.'),
          state: z.enum(entryStates).optional(),
          from: day.optional(),
          to: day.optional(),
          amountMinor: z
            .string()
            .regex(/^\d{1,18}$/)
            .optional()
            .describe('Whichever way the money went; minor units.'),
          q: line(100).optional().describe('In names, accounts, references and what the payer wrote.'),
        })
        .refine(inOrder, told('period-reversed', 'to')),
      responses: {
        200: {
          description: 'A page of entries, the latest day first.',
          body: pageOf(entrySchema),
          headers: pageHeaders,
        },
      },
    }).handle(async ({ caller: { library }, query }) => {
      const { cursor, file, q, amountMinor, ...search } = query;
      const amount = amountMinor === undefined ? undefined : BigInt(amountMinor);
      const given = { ...search, library, fileId: file, text: q, amount, after: readCursor(cursor) };
      return pageFrom(
        { path: '/v1/staff/bank-entries', query },
        await bankEntries(deps.orm, given),
        (row) => ({ at: midnight(row), id: row.id }),
        (row) => row,
      );
    }),
  ];
}
