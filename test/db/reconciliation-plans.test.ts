import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bankAccounts, bankFindings } from '../../db/queries/reconcile-bank.ts';
import { deskFindings } from '../../db/queries/reconcile-desk.ts';
import { settlementFindings } from '../../db/queries/reconcile-gateway.ts';
import { ledgerBalances } from '../../db/queries/reconcile-ledger.ts';
import { openOrm } from '../../db/orm.ts';
import { reader } from '../../db/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let orm: Awaited<ReturnType<typeof openOrm>>;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url, poolSize: 2 });
  for (const sql of [...books, 'analyze']) await reader(orm).execute(sql);
}, 180_000);
afterAll(async () => {
  await orm?.close();
  await database?.drop();
});

const journals = 200_000;

/** A library's books: 200,000 journals of four years, each with two postings. One in a hundred is an internal transfer, as many are of the bank, or in cash. */
const books = [
  `insert into library (code, created_at) values ('demo', now())`,
  `set session_replication_role = replica`,
  `insert into bank_account (library, code, currency, created_at) select 'demo', 'account' || n, 'EUR', now() from generate_series(1, 3) n`,
  `insert into bank_statement (id, library, account, file_id, position, identity, format, from_on, to_on, opening, closing, currency, joins, imported_at)
   select gen_random_uuid(), 'demo', 'account' || n, gen_random_uuid(), 0, n::text, 'camt', '2026-01-01', '2026-06-01', 0, 0, 'EUR', 'unknown', now() from generate_series(1, 3) n`,
  `create temporary table booking as select gen_random_uuid() as id, gen_random_uuid() as patron, n, timestamptz '2022-06-01' + n * interval '10 minutes' as at,
     case n % 100 when 0 then 'transfer:internal' when 1 then 'bank:account' || n % 3 + 1 when 2 then 'cash:main' when 3 then 'card:main' when 4 then 'gateway:online'
       when 5 then 'transit:main' when 6 then 'slips:account1' when 7 then 'difference:main' end as account
   from generate_series(1, ${journals}) n`,
  `insert into journal (id, library, operation, kind, patron_id, at, actor)
   select id, 'demo', 'op:' || n, 'charge-other', patron, at, 'system' from booking`,
  `insert into posting (id, journal_id, account, amount, currency)
   select gen_random_uuid(), id, coalesce(account, 'receivable:' || patron), 100, 'EUR' from booking
   union all select gen_random_uuid(), id, case when account is null then 'income:other' else 'prepaid:' || patron end, -100, 'EUR' from booking`,
  `set session_replication_role = origin`,
];

const day = '2026-06-01';
const at = new Date(`${day}T00:00:00Z`);
const given = {
  library: 'demo',
  zone: 'Europe/Berlin',
  day,
  silentSince: day,
  ...Object.fromEntries(
    [
      'from',
      'ends',
      'openFrom',
      'cardsFrom',
      'settledUntil',
      'paidOutUntil',
      'transfersUntil',
      'carriedUntil',
      'slipsUntil',
    ].map((name) => [name, at]),
  ),
};

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Node[];
}

const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];

test.each([
  ['the bank', bankFindings],
  ['the head of the report: banks', bankAccounts],
  ['the head of the report: other accounts', ledgerBalances],
  ['the desk', deskFindings],
  ['settlement files', settlementFindings],
])('P9 of two hundred thousand bookings %s reads those of its accounts, and never all', async (_, sql) => {
  const [row] = await reader(orm).execute<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(
    `explain (analyze, format json) ${sql}`,
    given,
  );
  const plan = row?.['QUERY PLAN'][0].Plan;
  const ofBooks = (plan ? nodes(plan) : []).filter((node) => node['Relation Name'] === 'posting');
  expect(ofBooks.filter((node) => node['Node Type'].includes('Seq Scan'))).toEqual([]);
  const read = ofBooks.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0);
  expect(read).toBeLessThan(journals / 10);
});
