import { createHash, randomBytes, randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Client as Session } from 'pg';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { checkInvariants, isBroken } from '../../db/invariants/check.ts';
import { ensureLibraries } from '../../db/libraries.ts';
import { openOrm } from '../../db/orm.ts';
import { type Mailbox, openMailbox } from '../../dev/mailbox.ts';
import { freePort } from '../../dev/ports.ts';
import { type Child, startChild } from '../../dev/process.ts';
import { newReference } from '../../domain/payment-reference.ts';
import { dataConverter } from '../../engine/connection.ts';
import { reconciliation, reconciliationWorkflowId } from '../../workflows/reconciliation.ts';
import { statement, statementWorkflowId } from '../../workflows/statement.ts';
import { until } from '../support/carrel.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { policies } from '../support/made-once.ts';
import { createNamespace } from '../support/namespace.ts';
import { camt } from '../support/statements.ts';
import { devServer } from '../support/temporal.ts';

/** What a busy machine may take for a start; milliseconds. */
const patience = 300_000;
const payments = 600;
const amountMinor = 250;

let database: TestDatabase;
let orm: MikroORM;
let session: Session;
let mailbox: Mailbox;
let client: Client;
let env: NodeJS.ProcessEnv;
let taskQueue: string;
let worker: Child;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url, poolSize: 4 });
  session = new Session({ connectionString: database.url });
  await session.connect();
  mailbox = await openMailbox();
  const server = await devServer();
  ({ taskQueue } = server);
  const connection = await Connection.connect({ address: server.address });
  const namespace = await createNamespace(connection);
  const key = { id: 'k1', key: randomBytes(32) };
  client = new Client({ connection, namespace, dataConverter: dataConverter({ payloadKeys: [key] }) });
  env = {
    ...process.env,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_TASK_QUEUE: taskQueue,
    SMTP_URL: mailbox.url,
    PUBLIC_URL: 'http://localhost',
    CARREL_SECRET: randomBytes(32).toString('hex'),
    CARREL_PAYLOAD_KEYS: `${key.id}:${key.key.toString('base64')}`,
    LOG_LEVEL: 'warn',
    NODE_ENV: 'test',
  };
  await ensureLibraries(orm, ['demo'], new Date());
  worker = await startWorker();
}, patience);

afterAll(async () => {
  await worker?.stop();
  await client?.connection.close();
  await mailbox?.stop();
  await session?.end();
  await orm?.close(true);
  await database?.drop();
}, patience);

/** A worker as it is run, in a process of its own. */
async function startWorker(): Promise<Child> {
  const port = await freePort();
  return startChild({
    name: 'the worker',
    command: process.execPath,
    args: ['worker/main.ts'],
    env: { ...env, METRICS_PORT: String(port) },
    ready: async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok ?? false,
    readyWithinMs: patience,
  });
}

const sql = <T extends object>(text: string, values: unknown[] = []) =>
  orm.em.fork().execute<T[]>(text, values);

let barriers = 20_261_122;

/**
 * Lets whoever inserts the `nth` row into a table from now on wait there. What is answered looks at the worker that waits, kills it, and starts another, which passes.
 */
async function haltAt(table: string, nth: number): Promise<(look: () => Promise<void>) => Promise<void>> {
  const barrier = (barriers += 1);
  await session.query(`select pg_advisory_lock(${barrier})`);
  await sql(`
    create sequence ${table}_met;
    create function ${table}_halts() returns trigger language plpgsql as $$
    begin
      if nextval('${table}_met') = ${nth} then perform pg_advisory_xact_lock(${barrier}); end if;
      return new;
    end $$;
    create trigger ${table}_halts before insert on ${table} for each row execute function ${table}_halts()`);
  const halted = () =>
    sql(`select pid from pg_locks where locktype = 'advisory' and objid = ${barrier} and not granted
      and database = (select oid from pg_database where datname = current_database())`);
  return async (look) => {
    await until(halted, (found) => found.length > 0, patience);
    await look();
    worker.kill();
    await worker.ended;
    await session.query(`select pg_advisory_unlock(${barrier})`);
    worker = await startWorker();
  };
}

/** Readers who each owe a charge and have begun to transfer it; their references. */
async function makeWaiting(): Promise<string[]> {
  const references = Array.from({ length: payments }, () => newReference(randomInt));
  const ids = () => `{${references.map(() => uuid()).join(',')}}`;
  const given = [ids(), ids(), ids(), ids(), `{${references.join(',')}}`];
  const row = `unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::text[]) as row(patron, journal, charge, payment, reference)`;
  const steps = [
    `insert into patron (id, library, card, name, email, email_state, phone, language, user_group, created_at)
     select patron, 'demo', patron::text, 'Reader', patron || '@library.example', 'confirmed', '030', 'en', 'adult', now() from ${row}`,
    `insert into journal (id, library, operation, kind, patron_id, at, actor)
     select journal, 'demo', 'charge:other:' || charge, 'charge-other', patron, now(), 'system' from ${row}`,
    `insert into posting (id, journal_id, account, amount, currency)
     select gen_random_uuid(), journal, line.account, line.amount, 'EUR' from ${row},
       lateral (values ('receivable:' || patron, ${amountMinor}), ('income:other', -${amountMinor})) line (account, amount)`,
    `insert into charge (id, library, patron_id, journal_id, cause, subject_type, subject_id, amount, remaining, currency, raised_at)
     select charge, 'demo', patron, journal, 'other', 'desk', charge, ${amountMinor}, ${amountMinor}, 'EUR', now() from ${row}`,
    `insert into payment (id, library, patron_id, means, state, amount, currency, reference, actor, begun_at, expires_at)
     select payment, 'demo', patron, 'bank', 'open', ${amountMinor}, 'EUR', reference, 'patron:' || patron, now(), now() + interval '60 days' from ${row}`,
    `insert into payment_line (payment_id, charge_id, position, amount, open) select payment, charge, 0, ${amountMinor}, true from ${row}`,
  ];
  for (const step of steps) await sql(step, given);
  return references;
}

const yesterday = Temporal.Now.plainDateISO('Europe/Berlin').subtract({ days: 1 }).toString();

/** A bank's file in which all of them pay, and three whom nobody knows. */
function fileOf(references: readonly string[]): Buffer {
  const strangers = ['7.11', '7.12', '7.13'].map((amount) => ({ amount, text: 'for the library' }));
  const known = references.map((reference) => ({ amount: '2.50', text: `Library ${reference}` }));
  const entries = [...known, ...strangers].map((entry, index) => ({ ...entry, ref: `R-${index}` }));
  const closing = ((payments * amountMinor + 2136) / 100).toFixed(2);
  return camt({ id: 'S1', sequence: 1, from: yesterday, opening: '0.00', closing, entries });
}

async function storeFile(content: Buffer): Promise<string> {
  const id = uuid();
  const hash = createHash('sha256').update(content).digest('hex');
  await sql(
    `insert into statement_file (id, library, name, format, hash, size, content, actor, state, received_at)
     values (?, 'demo', 'statement.xml', 'camt', ?, ?, decode(?, 'hex'), 'system', 'stored', now())`,
    [id, hash, content.length, content.toString('hex')],
  );
  return id;
}

const counted = async (text: string): Promise<number> =>
  (await sql<{ n: number }>(`select count(*)::int as n from ${text}`))[0]?.n ?? -1;

const balance = async (account: string): Promise<number> =>
  (
    await sql<{ sum: number }>(
      'select coalesce(sum(amount), 0)::float8 as sum from posting where account = ?',
      [account],
    )
  )[0]?.sum ?? Number.NaN;

/** What the audit finds broken. Notices and payments of these rows have no process: the sweep of an hour from now would give them one. */
async function broken(): Promise<string[]> {
  const checked = await checkInvariants(orm, { policies: policies.all(), now: Date.now(), grace: 'PT1H' });
  return checked.filter(isBroken).map(({ name }) => name);
}

test('P9 G1 a worker killed while it takes a bank’s file over, and again while it books it: the next one books every entry exactly once', async () => {
  const fileId = await storeFile(fileOf(await makeWaiting()));
  const importing = await haltAt('bank_entry', 300);
  const booking = await haltAt('allocation', 350);
  const input = { fileId, library: 'demo' };
  const workflowId = statementWorkflowId(fileId);
  const running = await client.workflow.start(statement, { taskQueue, workflowId, args: [input] });
  await importing(async () => {
    expect(await sql('select state from statement_file')).toEqual([{ state: 'stored' }]);
    expect(await counted('bank_entry')).toBe(0);
  });
  await booking(async () => {
    expect(await sql('select state from statement_file')).toEqual([{ state: 'imported' }]);
    expect(await counted(`payment where state = 'settled'`)).toBeLessThan(payments);
  });
  expect(await running.result()).toEqual({ state: 'imported' });
  expect(await sql('select state, count(*)::int as n from bank_entry group by state order by state')).toEqual(
    [
      { state: 'matched', n: payments },
      { state: 'suspended', n: 3 },
    ],
  );
  expect(await counted(`payment where state = 'settled' and received = ${amountMinor}`)).toBe(payments);
  expect(await counted(`journal where kind = 'payment-bank'`)).toBe(payments);
  expect(await counted(`charge where remaining = 0`)).toBe(payments);
  expect(await counted(`task where kind = 'bank-entry' and resolved_at is null`)).toBe(3);
  expect(await sql('select min(number)::int as first, max(number)::int as last from money_document')).toEqual(
    [{ first: 1, last: payments }],
  );
  expect([await balance('bank:main'), await balance('suspense:main')]).toEqual([
    payments * amountMinor + 2136,
    -2136,
  ]);
  expect(await broken()).toEqual([]);
}, 1_200_000);

test('P9 G1 a worker killed while it compares the day: the next one writes the one report, in which the bank agrees to the cent', async () => {
  const writing = await haltAt('reconciliation_line', 2);
  const workflowId = reconciliationWorkflowId('demo', yesterday);
  const args = [{ library: 'demo', day: yesterday, actor: 'system' }] as const;
  const running = await client.workflow.start(reconciliation, { taskQueue, workflowId, args: [...args] });
  await writing(async () => {
    expect(await counted('reconciliation')).toBe(0);
    expect(await counted('difference')).toBe(0);
  });
  expect(await running.result()).toMatchObject({ state: 'differs', differences: 3 });
  expect(await sql('select kind, amount::int as amount from difference order by amount')).toEqual(
    [711, 712, 713].map((amount) => ({ kind: 'entry-waiting', amount })),
  );
  expect([await counted('reconciliation'), await counted('reconciliation_line')]).toEqual([1, 3]);
  expect(await counted(`notice where kind = 'reconciliation-differs' and state = 'sent'`)).toBe(1);
  expect(await broken()).toEqual([]);
}, 1_200_000);
