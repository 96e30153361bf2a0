import { v7 as uuid } from 'uuid';
import { IllFormRow, IllRequest } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import { inTransaction, reader, type Tx } from '../../db/transaction.ts';
import { queriesOf } from '../../domain/cql.ts';
import type { IllForm } from '../../domain/ill.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { CataloguePolicy } from '../../domain/policy-suppliers.ts';
import { keysOfForm } from '../../domain/supplier-facts.ts';
import type { HoldingRecord } from '../../import/holding-record.ts';
import { whose } from '../../import/whose.ts';
import type { ActivityDeps } from '../deps.ts';
import { searchSru } from '../gateways/sru.ts';
import { holdingsIn } from './catalogue-records.ts';

export interface LookUpHoldings {
  readonly requestId: string;
  readonly now: number;
}

/** What the catalogues that a library asks have said. */
export interface LookedUp {
  /** Holdings that were found and kept. */
  readonly found: number;
}

type Wanted = Pick<IllRequest, 'id' | 'library' | 'service' | 'formId'>;

/** The catalogues that have not been asked for this version of the form. */
async function toAsk(tx: Tx, policy: LibraryPolicy, request: Wanted): Promise<readonly CataloguePolicy[]> {
  if (policy.ill === 'none') return [];
  const { catalogues } = policy.ill.suppliers;
  const fitting = catalogues.filter(({ services }) => services?.includes(request.service) ?? true);
  if (fitting.length === 0) return [];
  const asked = await tx.execute<{ catalogue: string }[]>(
    'select catalogue from ill_lookup where form_id = ?',
    [request.formId],
  );
  return fitting.filter(({ code }) => !asked.some(({ catalogue }) => catalogue === code));
}

/** Whether catalogues are to be asked before a supplier is chosen: the process then runs `lookUpHoldings` (I5). */
export async function needsLookUp(
  { policies }: Pick<ActivityDeps, 'policies'>,
  tx: Tx,
  request: Wanted,
): Promise<boolean> {
  return (await toAsk(tx, policies.get(request.library), request)).length > 0;
}

interface Answer {
  readonly catalogue: CataloguePolicy;
  readonly holdings: readonly HoldingRecord[];
  /** Everything there is was answered: what is not among it is not there. */
  readonly whole: boolean;
  readonly error?: string;
}

const longestError = 500;

async function ask(policy: LibraryPolicy, catalogue: CataloguePolicy, form: IllForm): Promise<Answer> {
  try {
    const holders = whose(policy, catalogue.peer);
    for (const query of queriesOf(form, catalogue.indexes)) {
      const { records, total = records.length } = await searchSru(catalogue, query);
      const holdings = records.flatMap((record) => holdingsIn(record, catalogue, holders));
      if (holdings.length > 0) return { catalogue, holdings, whole: total <= records.length };
    }
    return { catalogue, holdings: [], whole: true };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { catalogue, holdings: [], whole: false, error: text.slice(0, longestError) };
  }
}

const keep = `
  insert into ill_holding (id, library, key, peer, origin, source, record_id, title, author, published, keys, call_number, coverage, lendable, copyable, search_text, stated_at)
  select id, ?, key, peer, 'sru', ?, "recordId", title, author, published, keys, "callNumber", coverage, lendable, copyable, "searchText", ?
  from jsonb_to_recordset(?::jsonb) as given(id uuid, key text, peer text, "recordId" text, title text, author text, published text, keys text[], "callNumber" text,
    coverage jsonb, lendable boolean, copyable boolean, "searchText" text)
  order by key
  on conflict (library, key) do update set record_id = excluded.record_id, title = excluded.title, author = excluded.author, published = excluded.published, keys = excluded.keys,
    call_number = excluded.call_number, coverage = excluded.coverage, search_text = excluded.search_text, stated_at = excluded.stated_at`;

const forget = `
  delete from ill_holding where library = ? and origin = 'sru' and source = ?
    and keys && (select array(select jsonb_array_elements_text(?::jsonb))) and not key = any (select jsonb_array_elements_text(?::jsonb))`;

const remember = `
  insert into ill_lookup (form_id, catalogue, request_id, found, error, looked_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing`;

async function store(tx: Tx, request: Wanted, form: IllForm, answer: Answer, at: Date): Promise<void> {
  const { library, id, formId } = request;
  const { catalogue, whole, error } = answer;
  const holdings = [...new Map(answer.holdings.map((each) => [each.key, each])).values()];
  const rows = holdings.map((each) => ({ ...each, id: uuid() }));
  if (rows.length > 0) await tx.execute(keep, [library, catalogue.code, at, JSON.stringify(rows)]);
  if (whole) {
    const keys = JSON.stringify(keysOfForm(form));
    const stated = JSON.stringify(holdings.map(({ key }) => key));
    await tx.execute(forget, [library, catalogue.code, keys, stated]);
  }
  const found = error === undefined ? holdings.length : null;
  await tx.execute(remember, [formId, catalogue.code, id, found, error ?? null, at]);
}

/**
 * Asks the policy's catalogues who has what a request wants, and keeps what they say (I5). Each is asked once for each version of the form; one that cannot be asked is no error: the
 * choice goes on with what is known, and staff see why.
 */
export async function lookUpHoldings(
  { orm, policies }: Pick<ActivityDeps, 'orm' | 'policies'>,
  { requestId, now }: LookUpHoldings,
): Promise<LookedUp> {
  const tx = reader(orm);
  const request = present(await tx.findOne(IllRequest, { id: requestId }), `request ${requestId}`);
  const form = present(await tx.findOne(IllFormRow, { id: request.formId }), `form ${request.formId}`);
  const policy = policies.get(request.library);
  const catalogues = await toAsk(tx, policy, request);
  const answers = await Promise.all(catalogues.map((each) => ask(policy, each, form.content)));
  await inTransaction(orm, async (writing) => {
    for (const answer of answers) await store(writing, request, form.content, answer, new Date(now));
  });
  return { found: answers.reduce((sum, { holdings }) => sum + holdings.length, 0) };
}
