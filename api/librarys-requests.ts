import type { z } from 'zod';
import { readerByCard } from '../db/queries/desk.ts';
import {
  librarysRequest,
  type LibraryRequest,
  type LibrarySearch,
  messagesOf,
  openByState,
  requestsOfLibrary,
} from '../db/queries/librarys-requests.ts';
import { attemptsOf } from '../db/queries/request-attempts.ts';
import { figuresByService, figuresBySupplier } from '../db/queries/request-statistics.ts';
import { Patron } from '../db/entities/index.ts';
import { inTransaction, reader } from '../db/transaction.ts';
import type { Language } from '../domain/languages.ts';
import type { RequestKind } from '../domain/request-form.ts';
import { queryTerms } from '../domain/text.ts';
import { answer } from './answer.ts';
import {
  countBody,
  libraryRequestBody,
  libraryRequestDetailBody,
  statisticsBody,
} from './bodies/staff-requests.ts';
import type { StaffCaller } from './caller.ts';
import { dayStart } from './days.ts';
import type { ApiDeps } from './deps.ts';
import { cut, page, readCursor } from './pages.ts';
import { problem } from './problem.ts';
import { chosenStates } from './readers-requests.ts';
import { illOf, keepForm, takeForm } from './request-intake.ts';
import type { Key } from './route.ts';
import type { newStaffRequest } from './schemas/requests.ts';
import type {
  libraryRequestFileQuery,
  libraryRequestQuery,
  statisticsQuery,
} from './schemas/staff-requests.ts';
import { createWords } from './words.ts';

type Filters = z.output<typeof libraryRequestFileQuery>;

interface Submission {
  readonly caller: StaffCaller;
  readonly body: z.output<typeof newStaffRequest>;
  readonly key: Key;
  readonly language: Language;
  readonly now: number;
}

const path = '/v1/staff/requests';
const nobody = '00000000-0000-0000-0000-000000000000';

/** What librarians do with their library's requests (I7, I11, I12). */
export function createLibrarysRequests(deps: Pick<ApiDeps, 'orm' | 'commands' | 'policies' | 'texts'>) {
  const wordsFor = createWords(deps);

  /** For whom it is: a reader by the card, whose account may be an institution's, or somebody without one (I6, I7). */
  const patronOf = async (library: string, card: string | undefined) => {
    if (card === undefined) return { patronId: null, kind: 'for-other' as RequestKind };
    const found = await readerByCard(deps.orm, library, card);
    if (!found) throw problem('patron-unknown');
    const { userGroup } = await reader(deps.orm).findOneOrFail(Patron, { id: found.patronId });
    const { groupUsers } = illOf(deps.policies.get(library)).requests;
    const kind: RequestKind = groupUsers.includes(userGroup ?? '') ? 'group' : 'own';
    return { patronId: found.patronId, kind };
  };

  /** A card that is none has no requests. */
  const patronIdOf = async (library: string, card: string) =>
    (await readerByCard(deps.orm, library, card))?.patronId ?? nobody;

  /** A request of the caller's library. Throws where there is none. */
  const find = async ({ library }: StaffCaller, requestId: string, now: number): Promise<LibraryRequest> => {
    const row = await librarysRequest(deps.orm, library, requestId, new Date(now));
    if (!row) throw problem('request-unknown');
    return row;
  };

  const show = async (caller: StaffCaller, requestId: string, language: Language, now: number) => {
    const row = await find(caller, requestId, now);
    const [attempts, messages] = [
      await attemptsOf(deps.orm, requestId),
      await messagesOf(deps.orm, requestId),
    ];
    return libraryRequestDetailBody(row, { attempts, messages }, wordsFor(caller.library, language));
  };

  const searchOf = async (
    library: string,
    filters: Filters,
    now: number,
  ): Promise<Omit<LibrarySearch, 'limit'>> => {
    const { supplier, card, text, from, to, group, state, ...others } = filters;
    const { timeZone } = deps.policies.get(library);
    return {
      ...others,
      library,
      peer: supplier,
      patronId: card === undefined ? undefined : await patronIdOf(library, card),
      states: chosenStates(group, state),
      terms: text === undefined ? undefined : queryTerms(text),
      from: dayStart(timeZone, from, 0),
      to: dayStart(timeZone, to, 1),
      now: new Date(now),
    };
  };

  return {
    find,
    show,

    /** Submits for a reader, or for somebody without a card (I7). */
    async submit({ caller, body, key, language, now }: Submission) {
      const { card, override, ...wish } = body;
      const { library, actor } = caller;
      const { patronId, kind } = await patronOf(library, card);
      const request = takeForm(deps.policies.get(library), wish, kind, now);
      const form = { id: key.id, requestId: key.id, version: 1, library, patronId, request };
      await inTransaction(deps.orm, (tx) => keepForm(tx, { ...form, overridden: override, actor, now }));
      const location = `${path}/${key.id}`;
      const begun = deps.commands.beginRequest({
        requestId: key.id,
        library,
        patronId: patronId ?? '',
        actor,
      });
      return answer(begun, location, async () => ({
        status: 201 as const,
        headers: { Location: location },
        body: await show(caller, key.id, language, now),
      }));
    },

    async list(
      { library }: StaffCaller,
      query: z.output<typeof libraryRequestQuery>,
      language: Language,
      now: number,
    ) {
      const words = wordsFor(library, language);
      const { limit, cursor, ...filters } = query;
      const search = { ...(await searchOf(library, filters, now)), limit, before: readCursor(cursor) };
      const [rows, counts] = await Promise.all([
        requestsOfLibrary(deps.orm, search),
        openByState(deps.orm, library, new Date(now)),
      ]);
      const placed = rows.map((row) => ({ row, at: new Date(row.submittedAt), id: row.id }));
      const { rows: kept, next } = cut(placed, limit);
      const items = kept.map(({ row }) => libraryRequestBody(row, words));
      const found = page({ path, query }, items, next);
      return { ...found, body: { ...found.body, counts: counts.map((each) => countBody(words, each)) } };
    },

    /** The library's requests page by page, for a file. */
    async *all({ library }: StaffCaller, filters: Filters, now: number) {
      const search = await searchOf(library, filters, now);
      const limit = 500;
      let before: LibrarySearch['before'];
      for (;;) {
        const rows = await requestsOfLibrary(deps.orm, { ...search, limit, before });
        const kept = rows.slice(0, limit);
        yield kept;
        const last = kept.at(-1);
        if (rows.length <= limit || !last) return;
        before = { at: new Date(last.submittedAt), id: last.id };
      }
    },

    /** What became of what was asked for from one day to another. */
    async statistics(
      { library }: StaffCaller,
      { from, to }: z.output<typeof statisticsQuery>,
      language: Language,
      now: number,
    ) {
      const { timeZone, currency } = deps.policies.get(library);
      const days = { library, from: dayStart(timeZone, from, 0), to: dayStart(timeZone, to, 1) };
      const services = await figuresByService(deps.orm, days, new Date(now));
      const suppliers = await figuresBySupplier(deps.orm, days, currency);
      return statisticsBody(wordsFor(library, language), services, suppliers);
    },
  };
}
