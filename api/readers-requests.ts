import type { z } from 'zod';
import { linkedAccounts, ownAccounts } from '../db/queries/account-links.ts';
import { attemptsOf } from '../db/queries/request-attempts.ts';
import { readersRequest, type RequestRow, requestsOfReader } from '../db/queries/requests.ts';
import { inTransaction, reader } from '../db/transaction.ts';
import { Patron } from '../db/entities/index.ts';
import { statesOf } from '../domain/ill-groups.ts';
import type { Language } from '../domain/languages.ts';
import { queryTerms } from '../domain/text.ts';
import { answer } from './answer.ts';
import { requestBody, requestLineBody } from './bodies/requests.ts';
import type { PatronCaller } from './caller.ts';
import { dayStart } from './days.ts';
import type { ApiDeps } from './deps.ts';
import { cut, page, readCursor } from './pages.ts';
import { problem } from './problem.ts';
import { illOf, keepForm, takeForm } from './request-intake.ts';
import type { Key } from './route.ts';
import type { newRequest, requestListQuery } from './schemas/requests.ts';
import { createWords } from './words.ts';

/** An account to which a request belongs. */
export interface HomeAccount {
  readonly patronId: string;
  readonly library: string;
  readonly group: boolean;
}

interface Submission {
  readonly caller: PatronCaller;
  readonly body: z.output<typeof newRequest>;
  readonly key: Key;
  readonly language: Language;
  readonly now: number;
}

const path = '/v1/me/requests';

/** What readers do with their requests, at whichever library they have an account (I1, I2, I11). */
export function createReadersRequests(deps: Pick<ApiDeps, 'orm' | 'commands' | 'policies' | 'texts'>) {
  const wordsFor = createWords(deps);

  /** The reader's account at the library that was chosen. Throws `not-your-library` where there is none (I2). */
  const accountAt = async (caller: PatronCaller, library = caller.library): Promise<HomeAccount> => {
    const linked = library === caller.library ? [] : await linkedAccounts(deps.orm, caller.id);
    const patronId =
      library === caller.library ? caller.id : linked.find((each) => each.library === library)?.patronId;
    if (patronId === undefined) throw problem('not-your-library', { library });
    const { requests } = illOf(deps.policies.get(library));
    const { userGroup } = await reader(deps.orm).findOneOrFail(Patron, { id: patronId });
    return { patronId, library, group: requests.groupUsers.includes(userGroup ?? '') };
  };

  /** A request of the reader's with its story. Throws `request-unknown`. */
  const show = async (caller: PatronCaller, requestId: string, language: Language, now: number) => {
    const row = await readersRequest(deps.orm, await ownAccounts(deps.orm, caller.id), requestId);
    if (!row) throw problem('request-unknown');
    return requestBody(row, await attemptsOf(deps.orm, requestId), wordsFor(row.library, language), now);
  };

  return {
    accountAt,
    show,

    /** The row of a request of the reader's, for what is done with it. Throws `request-unknown`. */
    async own(caller: PatronCaller, requestId: string): Promise<RequestRow> {
      const row = await readersRequest(deps.orm, await ownAccounts(deps.orm, caller.id), requestId);
      if (!row) throw problem('request-unknown');
      return row;
    },

    /** Keeps the form and begins the request (I1). */
    async submit({ caller, body, key, language, now }: Submission) {
      const { library: chosen, override, ...wish } = body;
      const { patronId, library, group } = await accountAt(caller, chosen);
      const request = takeForm(deps.policies.get(library), wish, group ? 'group' : 'own', now);
      const { actor } = caller;
      const form = { id: key.id, requestId: key.id, version: 1, library, patronId, request };
      await inTransaction(deps.orm, (tx) => keepForm(tx, { ...form, overridden: override, actor, now }));
      const location = `${path}/${key.id}`;
      const begun = deps.commands.beginRequest({ requestId: key.id, library, patronId, actor });
      return answer(begun, location, async () => ({
        status: 201 as const,
        headers: { Location: location },
        body: await show(caller, key.id, language, now),
      }));
    },

    /** "My requests" (I11). */
    async list(
      caller: PatronCaller,
      query: z.output<typeof requestListQuery>,
      language: Language,
      now: number,
    ) {
      const { cursor, limit, group, state, text, from, to, ...filters } = query;
      const { timeZone } = deps.policies.get(query.library ?? caller.library);
      const { rows, total, firstNo } = await requestsOfReader(deps.orm, {
        ...filters,
        patronIds: await ownAccounts(deps.orm, caller.id),
        states: chosenStates(group, state),
        terms: text === undefined ? undefined : queryTerms(text),
        from: dayStart(timeZone, from, 0),
        to: dayStart(timeZone, to, 1),
        before: readCursor(cursor),
        limit,
      });
      const placed = rows.map((row, index) => ({
        row,
        no: firstNo + index,
        at: new Date(row.submittedAt),
        id: row.id,
      }));
      const { rows: kept, next } = cut(placed, limit);
      const items = kept.map(({ row, no }) => requestLineBody(row, wordsFor(row.library, language), no, now));
      const found = page({ path, query }, items, next);
      return { ...found, body: { ...found.body, total } };
    },
  };
}

/** The states of a group, or one of them; a state that is not of the group finds nothing. */
export function chosenStates(
  group: Parameters<typeof statesOf>[0] | undefined,
  state: RequestRow['state'] | undefined,
): RequestRow['state'][] | undefined {
  if (group === undefined) return state === undefined ? undefined : [state];
  return statesOf(group).filter((each) => state === undefined || each === state);
}
