import type { MikroORM } from '@mikro-orm/postgresql';
import type { EntryKind, EntryState, StatementFormat } from '../../domain/bank.ts';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** A bank's file as staff see it (P9): what it was, and what became of it. Instants are epoch milliseconds. */
export interface StatementFileRow {
  readonly id: string;
  readonly name: string;
  readonly format: StatementFormat;
  readonly account: string | null;
  readonly size: number;
  readonly state: 'stored' | 'imported' | 'rejected';
  readonly result: unknown;
  readonly actor: Actor;
  readonly receivedAt: number;
  readonly settledAt: number | null;
  readonly endedAt: number | null;
  /** Of the file's entries, those that are booked to where they belong, and those that wait. */
  readonly matched: number;
  readonly waiting: number;
}

const files = `
  select file.id, file.name, file.format, file.account, file.size, file.state, file.result, file.actor, ${epochMs('file.received_at')} as "receivedAt",
    ${epochMs('file.settled_at')} as "settledAt", ${epochMs('file.ended_at')} as "endedAt",
    (select coalesce(sum((each ->> 'added')::int), 0)::int from jsonb_array_elements(file.result -> 'statements') each) as added,
    (select coalesce(sum((select count(*) from bank_entry where statement_id = statement.id and bank_entry.state in ('new', 'suspended'))), 0)::int
      from bank_statement statement where file_id = file.id) as waiting
  from statement_file file where file.library = $1`;

const file: Statement = { name: 'statement-file', text: `${files} and file.id = $2` };

const fileList: Statement = {
  name: 'statement-files',
  text: `${files} and ($2::timestamptz is null or (file.received_at, file.id) < ($2, $3::uuid))
    order by file.received_at desc, file.id desc limit $4`,
};

export interface After {
  readonly at: Date;
  readonly id: string;
}

/** Entries that wait are counted; those that are done are the others of the file's. */
type FileRow = Omit<StatementFileRow, 'matched'> & { readonly added: number };

async function filesOf(
  orm: MikroORM,
  statement: Statement,
  values: readonly unknown[],
): Promise<StatementFileRow[]> {
  const rows = await rowsOf<FileRow>(orm, statement, values);
  return rows.map(({ added, ...row }) => ({ ...row, matched: added - row.waiting }));
}

/** A file of the library's. */
export async function statementFile(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<StatementFileRow | undefined> {
  return (await filesOf(orm, file, [library, id]))[0];
}

/** The library's files, the latest first; one more than asked for tells that there is a next page. */
export function statementFiles(
  orm: MikroORM,
  library: string,
  { limit, after }: { readonly limit: number; readonly after: After | undefined },
): Promise<StatementFileRow[]> {
  return filesOf(orm, fileList, [library, after?.at, after?.id, limit + 1]);
}

/** An entry as staff see it; amounts are minor units as text, exact whatever their size, days `YYYY-MM-DD`. */
export interface EntryRow {
  readonly id: string;
  readonly account: string;
  readonly fileId: string;
  readonly bookedOn: string;
  readonly valueOn: string | null;
  readonly amount: string;
  readonly charges: string;
  readonly currency: string;
  readonly payerName: string | null;
  readonly payerAccount: string | null;
  readonly remittance: string;
  readonly reference: string | null;
  readonly endToEnd: string | null;
  readonly bankRef: string | null;
  readonly code: string | null;
  readonly kind: EntryKind;
  readonly returnReason: string | null;
  readonly part: number | null;
  readonly parts: number | null;
  readonly state: EntryState;
  readonly journalId: string | null;
}

export interface EntrySearch {
  readonly library: string;
  readonly id?: string | undefined;
  readonly account?: string | undefined;
  readonly fileId?: string | undefined;
  readonly state?: EntryState | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Minor units, whichever way the money went. */
  readonly amount?: bigint | undefined;
  /** In payer, account, remittance or references; capitals do not matter. */
  readonly text?: string | undefined;
  readonly limit: number;
  /** The last entry of the page before: the instant is its day at midnight UTC. */
  readonly after?: After | undefined;
}

const said = `concat_ws(' ', payer_name, payer_account, remittance, reference, end_to_end, bank_ref)`;

const entryList: Statement = {
  name: 'bank-entries',
  text: `
    select entry.id, entry.account, bank_statement.file_id as "fileId", booked_on::text as "bookedOn", value_on::text as "valueOn", amount::text,
      charges::text, entry.currency, payer_name as "payerName", payer_account as "payerAccount", remittance, reference, end_to_end as "endToEnd",
      bank_ref as "bankRef", code, kind, return_reason as "returnReason", part, parts, state, journal_id as "journalId"
    from bank_entry entry join bank_statement on bank_statement.id = statement_id
    where entry.library = $1 and ($2::uuid is null or entry.id = $2) and ($3::text is null or entry.account = $3)
      and ($4::uuid is null or exists (select from bank_statement_entry told join bank_statement teller on teller.id = told.statement_id
        where told.entry_id = entry.id and teller.file_id = $4))
      and ($5::text is null or state = $5) and ($6::date is null or booked_on >= $6) and ($7::date is null or booked_on <= $7)
      and ($8::bigint is null or abs(amount) = abs($8)) and ($9::text is null or position(lower($9) in lower(${said})) > 0)
      and ($10::date is null or (booked_on, entry.id) < ($10, $11::uuid))
    order by booked_on desc, entry.id desc limit $12`,
};

/** Entries of the library's accounts, the latest day first; one more than asked for tells that there is a next page. */
export function bankEntries(orm: MikroORM, search: EntrySearch): Promise<EntryRow[]> {
  const { library, id, account, fileId, state, from, to, amount, text, limit, after } = search;
  const day = after?.at.toISOString().slice(0, 10);
  return rowsOf(orm, entryList, [
    library,
    id,
    account,
    fileId,
    state,
    from,
    to,
    amount?.toString(),
    text,
    day,
    after?.id,
    limit + 1,
  ]);
}
