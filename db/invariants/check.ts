import type { MikroORM } from '@mikro-orm/postgresql';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { invariants } from './index.ts';
import type { Invariant } from './invariant.ts';
import { policyFacts } from './policy-facts.ts';

export interface AuditRequest {
  readonly policies: readonly LibraryPolicy[];
  /** The moment to ask about; epoch milliseconds. */
  readonly now: number;
  /** How late a timer or a delivery may be before it counts as lost; an ISO 8601 duration. */
  readonly grace: string;
}

/** What came of one invariant: how many rows break it, and the first of them. */
export interface Checked {
  readonly name: string;
  readonly meaning: string;
  readonly violations: number;
  readonly ids: readonly string[];
  /** The rows are worth knowing, but break nothing. */
  readonly reportOnly: boolean;
}

type Connection = Awaited<ReturnType<typeof connect>>;

const shown = 20;

/** Checks every invariant against one snapshot of the database, and changes nothing. Throws when the database does not answer. */
export async function checkInvariants(orm: MikroORM, request: AuditRequest): Promise<Checked[]> {
  const connection = await connect(orm);
  try {
    await connection.query('begin isolation level repeatable read read only');
    return await checkWithin(connection, request);
  } finally {
    await connection.query('rollback').catch(() => undefined);
    connection.release();
  }
}

/** A connection of the driver, whose SQL may hold question marks. An ORM that was asked for nothing else would never close its pool. */
async function connect(orm: MikroORM) {
  await orm.em.fork().execute('select 1');
  const pool = await orm.em.getConnection().getNativeClient();
  return pool.connect();
}

/** The same in a transaction that is under way on the connection. */
export async function checkWithin(connection: Connection, request: AuditRequest): Promise<Checked[]> {
  await tell(connection, request);
  const checked: Checked[] = [];
  for (const invariant of invariants) checked.push(await check(connection, invariant));
  return checked;
}

async function tell(connection: Connection, { policies, now, grace }: AuditRequest): Promise<void> {
  const facts = JSON.stringify(policies.map(policyFacts));
  await connection.query(
    `select set_config('carrel.now', $1, true), set_config('carrel.grace', $2, true), set_config('carrel.policies', $3, true)`,
    [new Date(now).toISOString(), grace, facts],
  );
}

async function check(connection: Connection, { name, meaning, sql, severity }: Invariant): Promise<Checked> {
  const { rows } = await connection.query<{ id: string; n: number }>(
    `select id, count(*) over ()::int as n from (${sql}) as broken order by id limit ${shown}`,
  );
  return {
    name,
    meaning,
    violations: rows[0]?.n ?? 0,
    ids: rows.map(({ id }) => id),
    reportOnly: severity === 'report',
  };
}

export function isBroken({ violations, reportOnly }: Checked): boolean {
  return violations > 0 && !reportOnly;
}
