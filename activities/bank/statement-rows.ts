import { v5, v7 as uuid } from 'uuid';
import type { Tx } from '../../db/transaction.ts';
import type { StatementFormat } from '../../domain/bank.ts';
import type { ParsedEntry, ParsedStatement } from '../../statements/model.ts';
import { readKey } from '../../statements/keys.ts';
import type { Span } from '../../statements/overlap.ts';

/** Names the ids of entries; see `BankEntry.id`. */
const entryNamespace = 'b5a7f6c2-8a43-5d0e-9a35-0c4f3f1b7f11';

/** Library and code of an account. */
export interface Account {
  readonly library: string;
  readonly code: string;
  readonly currency: string;
}

/** Makes sure the account has its row, and locks it: its statements are imported and matched one after the other. */
export async function lockAccount(tx: Tx, { library, code, currency }: Account, at: Date): Promise<void> {
  await tx.execute(
    'insert into bank_account (library, code, currency, created_at) values (?, ?, ?, ?) on conflict do nothing',
    [library, code, currency, at],
  );
  await tx.execute('select code from bank_account where library = ? and code = ? for no key update', [
    library,
    code,
  ]);
}

/** A statement that is known, with the keys of its entries. */
export interface KnownSpan extends Span {
  readonly id: string;
  readonly format: StatementFormat;
  readonly keys: readonly string[];
}

interface SpanRow extends Omit<KnownSpan, 'opening' | 'closing' | 'sequence' | 'contents' | 'keys'> {
  readonly told: readonly { readonly key: string; readonly on: string; readonly amount: string }[];
  readonly opening: string | null;
  readonly closing: string | null;
  readonly sequence: string | null;
}

const big = (text: string | null) => (text === null ? null : BigInt(text));

/** The account's statements whose days touch those between `from` and `to`. */
export async function touchingStatements(
  tx: Tx,
  { library, code }: Account,
  from: string,
  to: string,
): Promise<KnownSpan[]> {
  const rows = await tx.execute<SpanRow[]>(
    `select id, format, from_on::text as "from", to_on::text as "to", opening::text, closing::text, sequence::text, page,
       coalesce((select jsonb_agg(jsonb_build_object('key', key, 'on', booked_on, 'amount', amount::text)) from bank_statement_entry join bank_entry on bank_entry.id = entry_id
             where bank_statement_entry.statement_id = bank_statement.id), '[]') as told
     from bank_statement where library = ? and account = ? and to_on >= ? and from_on <= ?`,
    [library, code, from, to],
  );
  return rows.map(({ told, ...row }) => ({
    ...row,
    opening: big(row.opening),
    closing: big(row.closing),
    sequence: big(row.sequence),
    keys: told.map(({ key }) => key),
    contents: told.map(({ key, on, amount }) => ({
      content: readKey(key).content,
      on,
      amount: BigInt(amount),
    })),
  }));
}

/** The statement with this identity, and how many entries it has. */
export async function knownStatement(
  tx: Tx,
  { library, code }: Account,
  identity: string,
): Promise<{ id: string; entries: number } | undefined> {
  const [row] = await tx.execute<{ id: string; entries: number }[]>(
    `select id, (select count(*)::int from bank_statement_entry where statement_id = bank_statement.id) as entries
     from bank_statement where library = ? and account = ? and identity = ?`,
    [library, code, identity],
  );
  return row;
}

/** Keys of the account's entries that were booked on the days between. */
export async function keysBetween(
  tx: Tx,
  { library, code }: Account,
  from: string,
  to: string,
): Promise<string[]> {
  const rows = await tx.execute<{ key: string }[]>(
    'select key from bank_entry where library = ? and account = ? and booked_on between ? and ?',
    [library, code, from, to],
  );
  return rows.map(({ key }) => key);
}

export interface NewStatement {
  readonly statement: ParsedStatement;
  readonly fileId: string;
  readonly position: number;
  readonly identity: string;
  readonly format: StatementFormat;
  readonly from: string;
  readonly to: string;
  readonly at: Date;
}

/** Stores a statement; answers its id. How it joins the others is said when all of the file are stored. */
export async function storeStatement(tx: Tx, account: Account, given: NewStatement): Promise<string> {
  const id = uuid();
  const { bankId, sequence, page, opening, closing, skipped } = given.statement;
  await tx.execute(
    `insert into bank_statement (id, library, account, file_id, position, identity, bank_id, sequence, page, format, from_on, to_on,
       opening, closing, currency, joins, skipped, imported_at)
     values (?, ?, ?, ?, ?, ?, ?, ?::bigint, ?, ?, ?, ?, ?::bigint, ?::bigint, ?, 'unknown', ?, ?)`,
    [
      id,
      account.library,
      account.code,
      given.fileId,
      given.position,
      given.identity,
      bankId,
      sequence?.toString() ?? null,
      page,
      given.format,
      given.from,
      given.to,
      opening?.minor.toString() ?? null,
      closing?.minor.toString() ?? null,
      account.currency,
      skipped,
      given.at,
    ],
  );
  return id;
}

const batchSize = 5_000;

const toRow = (entry: ParsedEntry, key: string, namespace: string, position: number) => ({
  id: v5(key, namespace),
  key,
  position,
  booked_on: entry.bookedOn,
  value_on: entry.valueOn,
  amount: entry.amount.toString(),
  charges: entry.charges.toString(),
  end_to_end: entry.endToEnd,
  reference: entry.reference,
  remittance: entry.remittance,
  payer_name: entry.payerName,
  payer_account: entry.payerAccount,
  bank_ref: entry.bankRef,
  code: entry.code,
  kind: entry.kind,
  return_reason: entry.returnReason,
  batch: entry.batch,
  part: entry.part,
  parts: entry.parts,
});

const columns = `booked_on, value_on, amount, charges, end_to_end, reference, remittance, payer_name, payer_account, bank_ref, code, kind, return_reason,
  batch, part, parts`;

const insert = `
with given as (
  select * from jsonb_to_recordset(?::jsonb) as given(id uuid, key text, position int, booked_on date, value_on date, amount bigint, charges bigint,
    end_to_end text, reference text, remittance text, payer_name text, payer_account text, bank_ref text, code text, kind text, return_reason text,
    batch text, part int, parts int)
), added as (
  insert into bank_entry (id, library, account, statement_id, key, currency, ${columns})
  select id, ?, ?, ?::uuid, key, ?, ${columns} from given
  on conflict (library, account, key) do nothing
  returning id
), told as (
  insert into bank_statement_entry (statement_id, entry_id, position) select ?::uuid, id, position from given
)
select count(*)::int as added from added`;

/** Stores a statement's entries, a few statements of SQL for all of them; those that are there stay as they are. Answers how many were new. */
export async function storeEntries(
  tx: Tx,
  account: Account,
  statementId: string,
  entries: readonly ParsedEntry[],
  keys: readonly string[],
): Promise<number> {
  const { library, code, currency } = account;
  const namespace = v5(`${library}:${code}`, entryNamespace);
  let added = 0;
  for (let start = 0; start < entries.length; start += batchSize) {
    const rows = entries
      .slice(start, start + batchSize)
      .map((entry, index) => toRow(entry, keys[start + index] ?? '', namespace, start + index));
    const values = [JSON.stringify(rows), library, code, statementId, currency, statementId];
    const [count] = await tx.execute<{ added: number }[]>(insert, values);
    added += count?.added ?? 0;
  }
  return added;
}
