import { z } from 'zod';
import { endedLoans, openLoans } from '../../../db/queries/loans.ts';
import {
  blocksOf,
  patronsByCard,
  patronsByName,
  patronFile,
  patronHolds,
  patronNotices,
} from '../../../db/queries/patrons.ts';
import { profileOf } from '../../../db/queries/profile.ts';
import { patronEvents } from '../../../db/queries/story.ts';
import { reader } from '../../../db/transaction.ts';
import { deskHoldBody } from '../../bodies/desk.ts';
import { endedLoanBody, loanBodies } from '../../bodies/loan.ts';
import { fileBody, foundBody, staffNoticeBody } from '../../bodies/patron.ts';
import { eventEntry } from '../../bodies/story.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { card, deskHold } from '../../schemas/desk.ts';
import { endedLoan, loan } from '../../schemas/loans.ts';
import { foundPatron, patronFile as fileSchema, staffNotice } from '../../schemas/patrons.ts';
import { patronEvent } from '../../schemas/story.ts';
import { told } from '../../schemas/told.ts';
import { id, line } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { pageFrom } from './paging.ts';

const mostFound = 50;

const searchQuery = z
  .strictObject({
    card: card.optional(),
    q: line(100).optional().describe('A part of the name.'),
  })
  .refine((asked) => (asked.card === undefined) !== (asked.q === undefined), told('named-once', 'q'));

const holdQuery = pageQuery.extend({ state: z.enum(['open', 'ended']).default('open') });

const params = z.strictObject({ id });

const pages = <T extends z.ZodType>(entry: T) => ({
  200: { description: 'A page, the latest first.', body: pageOf(entry), headers: pageHeaders },
});

/** Readers as the desk sees them. */
export function patronRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const find = async ({ library }: StaffCaller, patronId: string) => {
    const file = await patronFile(deps.orm, library, patronId);
    if (!file) throw problem('patron-unknown');
    return file;
  };

  const base = { method: 'get', access: ['desk'], problems: ['patron-unknown'] } as const;

  return [
    route({
      method: 'get',
      path: '/v1/staff/patrons',
      summary: 'Find readers by card or name',
      description: `At most ${mostFound}, by name; \`more\` says that there are others, and the search should be narrower.`,
      access: ['desk', 'ill-librarian', 'cashier'],
      query: searchQuery,
      responses: {
        200: {
          description: 'Those found.',
          body: z.strictObject({ items: z.array(foundPatron), more: z.boolean() }),
        },
      },
    }).handle(async ({ caller: { library }, query }) => {
      const found =
        query.card === undefined
          ? await patronsByName(deps.orm, library, query.q ?? '', mostFound + 1)
          : await patronsByCard(deps.orm, library, query.card);
      return {
        status: 200,
        body: { items: found.slice(0, mostFound).map(foundBody), more: found.length > mostFound },
      };
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id',
      summary: 'A reader’s card: details, blocks, and how much there is of everything',
      params,
      responses: { 200: { description: 'The card.', body: fileSchema } },
    }).handle(async ({ caller, params: { id: patronId }, language, now }) => {
      const file = await find(caller, patronId);
      const [profile, blocks] = await Promise.all([
        profileOf(reader(deps.orm), patronId, new Date(now)),
        blocksOf(deps.orm, patronId),
      ]);
      if (!profile) throw problem('patron-unknown');
      return {
        status: 200,
        body: fileBody({ profile, file, blocks }, wordsFor(caller.library, language), now),
      };
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/holds',
      summary: 'A reader’s holds',
      params,
      query: holdQuery,
      responses: pages(deskHold),
    }).handle(async ({ caller, params: { id: patronId }, query, language }) => {
      await find(caller, patronId);
      const { state, limit, cursor } = query;
      const found = await patronHolds(deps.orm, state, { patronId, limit, before: readCursor(cursor) });
      const words = wordsFor(caller.library, language);
      return pageFrom(
        { path: `/v1/staff/patrons/${patronId}/holds`, query },
        found,
        (row) => ({ at: row.endedAt ?? row.placedAt, id: row.id }),
        (row) => deskHoldBody(row, words),
      );
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/loans',
      summary:
        'What a reader has on loan, as the reader sees it: with every reason why something cannot be renewed',
      params,
      responses: { 200: { description: 'The loans.', body: z.strictObject({ items: z.array(loan) }) } },
    }).handle(async ({ caller, params: { id: patronId }, language, now }) => {
      await find(caller, patronId);
      const account = await openLoans(deps.orm, patronId, new Date(now));
      return { status: 200, body: { items: loanBodies(account, wordsFor(caller.library, language), now) } };
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/loans/history',
      summary: 'A reader’s earlier loans',
      params,
      query: pageQuery,
      responses: pages(endedLoan),
    }).handle(async ({ caller, params: { id: patronId }, query, language }) => {
      await find(caller, patronId);
      const { limit, cursor } = query;
      const found = await endedLoans(deps.orm, { patronId, limit, before: readCursor(cursor) });
      const words = wordsFor(caller.library, language);
      return pageFrom(
        { path: `/v1/staff/patrons/${patronId}/loans/history`, query },
        found,
        (row) => ({ at: row.endedAt ?? 0, id: row.id }),
        (row) => endedLoanBody(row, words),
      );
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/notices',
      summary: 'What a reader was told, and what became of it (N1)',
      params,
      query: pageQuery,
      responses: pages(staffNotice),
    }).handle(async ({ caller, params: { id: patronId }, query, language }) => {
      await find(caller, patronId);
      const { limit, cursor } = query;
      const found = await patronNotices(deps.orm, { patronId, limit, before: readCursor(cursor) });
      const words = wordsFor(caller.library, language);
      return pageFrom(
        { path: `/v1/staff/patrons/${patronId}/notices`, query },
        found,
        (row) => ({ at: row.createdAt, id: row.id }),
        (row) => staffNoticeBody(row, words),
      );
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/events',
      summary: 'What happened around a reader',
      params,
      query: pageQuery,
      responses: pages(patronEvent),
    }).handle(async ({ caller, params: { id: patronId }, query, language }) => {
      await find(caller, patronId);
      const { limit, cursor } = query;
      const found = await patronEvents(deps.orm, patronId, readCursor(cursor), limit);
      const words = wordsFor(caller.library, language);
      return pageFrom(
        { path: `/v1/staff/patrons/${patronId}/events`, query },
        found,
        (row) => ({ at: row.at, id: row.id }),
        (row) => ({
          ...eventEntry(words, row),
          id: row.id,
          subjectType: row.subjectType,
          subjectId: row.subjectId,
        }),
      );
    }),
  ];
}
