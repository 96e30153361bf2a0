import type { MikroORM } from '@mikro-orm/postgresql';
import type { IllMode, IllService, IllState, LiteratureType } from '../../domain/ill.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { requestColumns, type RequestRow, requestTables } from './requests.ts';

/** A request as its library sees it. Null: a reader without a card, or another library that this one is the centre of. */
export interface LibraryRequest extends RequestRow {
  readonly card: string | null;
  readonly name: string | null;
  /** The supplier that has it now, by its code among the policy's peers. */
  readonly peer: string | null;
  readonly late: boolean;
  /** The other library's request that it was made for. */
  readonly onBehalfOf: string | null;
}

const columns = `${requestColumns}, patron.card, patron.name, attempt.peer, request.on_behalf_of as "onBehalfOf"`;
const tables = `${requestTables} left join patron on patron.id = request.patron_id left join ill_attempt attempt on attempt.id = request.attempt_id`;
const late = (now: string) => `(request.ended_at is null and request.late_at <= ${now})`;

/** What librarians look for; what is undefined does not matter. */
export interface LibrarySearch {
  readonly library: string;
  readonly states?: readonly IllState[] | undefined;
  readonly mode?: IllMode | undefined;
  readonly service?: IllService | undefined;
  readonly literature?: LiteratureType | undefined;
  /** A supplier that was asked, now or before. */
  readonly peer?: string | undefined;
  readonly patronId?: string | undefined;
  readonly number?: string | undefined;
  readonly text?: string | undefined;
  readonly terms?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only what is late (I12). */
  readonly late?: boolean | undefined;
  /** Only what has not ended. */
  readonly open?: boolean | undefined;
  readonly now: Date;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

interface Condition {
  readonly name: string;
  readonly sql: (place: (value: unknown) => string) => string;
}

/** A word that more requests have than this is looked for in the order of the list: a page of it is soon found, and all of them would have to be sorted. */
const mostWorded = 1000;

/** Whether the index knows anything of the words: it has pairs of characters, and single ones of Chinese and Japanese. */
const isIndexed = (terms: readonly string[]): boolean =>
  terms.some((term) => Array.from(term).length > 1 || term >= '\u2E80');

const worded: Statement = {
  name: 'forms-with-words',
  text: 'select ill_forms_with($1, $2, $3) as id',
};

/** The forms that have all the words; undefined where these are too many to be of use. */
async function formsWith(orm: MikroORM, library: string, terms: readonly string[]) {
  if (!isIndexed(terms)) return undefined;
  const found = await rowsOf<{ id: string }>(orm, worded, [library, terms, mostWorded + 1]);
  return found.length > mostWorded ? undefined : found.map(({ id }) => id);
}

/** Only what is asked for stands in the statement, so that each search has the index that fits it; as many statements are prepared as there are combinations in use. */
function conditions(search: LibrarySearch, forms: readonly string[] | undefined): Condition[] {
  const { states, mode, service, literature, peer, patronId, number, terms, from, to, before } = search;
  const given: (Condition | false)[] = [
    states !== undefined && { name: 's', sql: (at) => `request.state = any(${at(states)}::text[])` },
    mode !== undefined && { name: 'm', sql: (at) => `request.mode = ${at(mode)}` },
    service !== undefined && { name: 'v', sql: (at) => `request.service = ${at(service)}` },
    literature !== undefined && { name: 'y', sql: (at) => `request.literature = ${at(literature)}` },
    peer !== undefined && {
      name: 'p',
      sql: (at) =>
        `exists (select from ill_attempt asked where asked.request_id = request.id and asked.peer = ${at(peer)})`,
    },
    patronId !== undefined && { name: 'c', sql: (at) => `request.patron_id = ${at(patronId)}` },
    number !== undefined && { name: 'n', sql: (at) => `starts_with(request.number, ${at(number)})` },
    terms !== undefined && {
      name: forms === undefined ? 't' : 'w',
      sql: (at) =>
        forms === undefined
          ? `(select bool_and(strpos(form.search_text, term) > 0) from unnest(${at(terms)}::text[]) term)`
          : `request.form_id = any(${at(forms)}::uuid[])`,
    },
    from !== undefined && { name: 'f', sql: (at) => `request.submitted_at >= ${at(from)}` },
    to !== undefined && { name: 'u', sql: (at) => `request.submitted_at < ${at(to)}` },
    search.late === true && { name: 'l', sql: (at) => late(`${at(search.now)}::timestamptz`) },
    search.open === true && { name: 'o', sql: () => 'request.ended_at is null' },
    before !== undefined && {
      name: 'b',
      sql: (at) => `(request.submitted_at, request.id) < (${at(before.at)}, ${at(before.id)}::uuid)`,
    },
  ];
  return given.filter((each) => each !== false);
}

/** @param forms of the requests that have the words, where they are few */
function statementOf(
  search: LibrarySearch,
  forms: readonly string[] | undefined,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [search.library, search.now];
  const place = (value: unknown) => `$${values.push(value)}`;
  const asked = conditions(search, forms);
  const where = asked.map(({ sql }) => ` and ${sql(place)}`).join('');
  const text = `select ${columns}, coalesce(${late('$2::timestamptz')}, false) as late from ${tables} where request.library = $1${where}
    order by request.submitted_at desc, request.id desc limit ${place(search.limit + 1)}`;
  return {
    statement: { name: `requests-of-library-${asked.map(({ name }) => name).join('')}`, text },
    values,
  };
}

/** A library's requests, the latest first; one more than asked for tells that there is a next page. */
export async function requestsOfLibrary(orm: MikroORM, search: LibrarySearch): Promise<LibraryRequest[]> {
  const { library, terms } = search;
  const forms = terms === undefined ? undefined : await formsWith(orm, library, terms);
  const { statement, values } = statementOf(search, forms);
  return rowsOf(orm, statement, values);
}

const one: Statement = {
  name: 'request-of-library',
  text: `select ${columns}, coalesce(${late('$3::timestamptz')}, false) as late from ${tables} where request.library = $1 and request.id = $2`,
};

/** A request of the library; undefined where it has none such. */
export async function librarysRequest(
  orm: MikroORM,
  library: string,
  requestId: string,
  now: Date,
): Promise<LibraryRequest | undefined> {
  return (await rowsOf<LibraryRequest>(orm, one, [library, requestId, now]))[0];
}

/** How many open requests a library has in a state, and how many of them are late (I12). */
export interface StateCount {
  readonly state: IllState;
  readonly count: number;
  readonly late: number;
}

const counts: Statement = {
  name: 'requests-by-state',
  text: `select state, count(*)::int as count, count(*) filter (where request.late_at <= $2)::int as late
    from ill_request request where library = $1 and ended_at is null group by state`,
};

export function openByState(orm: MikroORM, library: string, now: Date): Promise<StateCount[]> {
  return rowsOf(orm, counts, [library, now]);
}

/** A message behind a request, as librarians read it. */
export interface RequestMessage {
  readonly id: string;
  readonly attemptId: string;
  readonly peer: string;
  readonly direction: 'in' | 'out';
  readonly name: string;
  readonly says: string;
  readonly state: string;
  readonly error: string | null;
  /** Epoch milliseconds, both. */
  readonly saidAt: number;
  readonly storedAt: number;
}

const messages: Statement = {
  name: 'request-messages',
  text: `select message.id, message.about_id as "attemptId", message.peer, message.direction, message.name, message.says, message.state, message.error,
      ${epochMs('message.said_at')} as "saidAt", ${epochMs('message.stored_at')} as "storedAt"
    from ill_message message join ill_attempt attempt on attempt.id = message.about_id
    where attempt.request_id = $1 order by message.seq limit 500`,
};

/** The messages that were exchanged with a request's suppliers, in order. */
export function messagesOf(orm: MikroORM, requestId: string): Promise<RequestMessage[]> {
  return rowsOf(orm, messages, [requestId]);
}
