import type { Coverage } from '../../domain/coverage.ts';
import type { HoldingFound } from '../../domain/supplier-facts.ts';
import { isbnForms, issn, queryTerms } from '../../domain/text.ts';
import { bind } from '../personal-data/personal-table.ts';
import { epochMs } from '../prepared.ts';
import type { Tx } from '../transaction.ts';

const most = 500;

const byKeys = `
  select peer, keys, call_number as "callNumber", record_id as "recordId", coverage, lendable, copyable
  from ill_holding where library = ? and keys && (select array(select jsonb_array_elements_text(?::jsonb)))
  order by stated_at desc, id limit ${most}`;

/** Everything that peers of a library have under one of the keys, what was stated last first. */
export async function findHoldings(
  tx: Tx,
  library: string,
  keys: readonly string[],
): Promise<readonly HoldingFound[]> {
  if (keys.length === 0) return [];
  return tx.execute<HoldingFound[]>(byKeys, [library, JSON.stringify(keys)]);
}

/** A statement as staff see it; `at` in epoch milliseconds. */
export interface HoldingRow {
  readonly id: string;
  readonly peer: string;
  readonly origin: 'import' | 'sru';
  readonly source: string;
  readonly recordId: string | null;
  readonly title: string;
  readonly author: string | null;
  readonly published: string | null;
  readonly callNumber: string | null;
  readonly coverage: readonly Coverage[] | null;
  readonly lendable: boolean;
  readonly copyable: boolean;
  readonly at: number;
}

export interface HoldingSearch {
  readonly library: string;
  /** Words of title and author, an ISBN or an ISSN. */
  readonly query: string;
  readonly peer?: string | undefined;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

const mostTerms = 12;

function keysIn(query: string): string[] {
  const serial = issn(query);
  return [
    ...isbnForms(query)
      .slice(0, 1)
      .map((isbn) => `isbn:${isbn}`),
    ...(serial === undefined ? [] : [`issn:${serial}`]),
  ];
}

const search = `
  select id, peer, origin, source, record_id as "recordId", title, author, published, call_number as "callNumber", coverage, lendable, copyable,
    ${epochMs('stated_at')} as at
  from ill_holding
  where library = :library and (:peer::text is null or peer = :peer)
    and (:keys::jsonb = '[]' or keys && (select array(select jsonb_array_elements_text(:keys::jsonb))))
    and (:words::text = '' or search_grams(search_text) @> search_grams(:words)
      and not exists (select from jsonb_array_elements_text(:terms::jsonb) as term where strpos(search_text, term) = 0))
    and (:at::timestamptz is null or (stated_at, id) < (:at, :id::uuid))
  order by stated_at desc, id desc limit :limit`;

/** What peers have, by words or a number, what was stated last first; one more than `limit` where there are more. */
export async function searchHoldings(tx: Tx, given: HoldingSearch): Promise<readonly HoldingRow[]> {
  const keys = keysIn(given.query);
  const terms = keys.length > 0 ? [] : queryTerms(given.query).slice(0, mostTerms);
  if (keys.length === 0 && terms.length === 0 && given.query.trim() !== '') return [];
  const { text, values } = bind(search, {
    library: given.library,
    peer: given.peer ?? null,
    keys: JSON.stringify(keys),
    words: terms.join(' '),
    terms: JSON.stringify(terms),
    at: given.before?.at ?? null,
    id: given.before?.id ?? null,
    limit: given.limit + 1,
  });
  return tx.execute<HoldingRow[]>(text, values);
}
