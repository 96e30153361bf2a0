import { v7 as uuid } from 'uuid';
import type { Tx } from '../../db/transaction.ts';
import {
  type AccountFigures,
  differences as meanings,
  type Found,
  type ReconciliationState,
  stateOf,
} from '../../domain/differences.ts';
import type { Actor } from '../../domain/roles.ts';
import { textArray } from './text-array.ts';

export interface Report {
  readonly library: string;
  readonly day: string;
  /** The first instant after the day. */
  readonly ends: Date;
  readonly found: readonly Found[];
  /** Accounts that could not be looked at: what was open of them stays open. */
  readonly stillOpen: readonly string[];
  readonly accounts: readonly AccountFigures[];
  readonly at: Date;
  readonly actor: Actor;
}

export interface Kept {
  readonly id: string;
  readonly library: string;
  readonly day: string;
  readonly state: ReconciliationState;
  /** How many are open, acknowledged ones included. */
  readonly differences: number;
}

/**
 * Writes the findings: a difference that is new gets its row, one that was known is brought up to date, one that is gone is solved, and the day's report names those
 * that began before the day's end. An acknowledgement holds for the amount it was given for.
 */
export async function keepReport(tx: Tx, report: Report): Promise<Kept> {
  const { library, day, found, ends } = report;
  await keepDifferences(tx, report);
  const id = await keepHead(tx, report);
  const began = found.filter(({ since }) => since < ends.getTime());
  await tx.execute(
    `insert into reconciliation_line (reconciliation_id, difference_id, expected, found, amount)
     select ?, id, expected, found, amount from difference
     where library = ? and solved_at is null and (key = any(?::text[]) or account = any(?::text[]) and since < ?)
     on conflict (reconciliation_id, difference_id) do update set expected = excluded.expected, found = excluded.found, amount = excluded.amount`,
    [id, library, keysOf(began), textArray(report.stillOpen), ends],
  );
  const [row] = await tx.execute<{ open: number; waiting: number }[]>(
    `select count(*)::int as open, count(*) filter (where acknowledged_at is null)::int as waiting
     from reconciliation_line join difference on difference.id = difference_id where reconciliation_id = ? and solved_at is null`,
    [id],
  );
  const { open = 0, waiting = 0 } = row ?? {};
  return { id, library, day, differences: open, state: stateOf(open, waiting) };
}

async function keepHead(tx: Tx, { library, day, ends, at, actor, accounts }: Report): Promise<string> {
  const [row] = await tx.execute<{ id: string }[]>(
    `insert into reconciliation (id, library, day, ends_at, first_run_at, run_at, actor, accounts) values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (library, day) do update set run_at = excluded.run_at, accounts = excluded.accounts returning id`,
    [uuid(), library, day, ends, at, at, actor, JSON.stringify(accounts)],
  );
  if (!row) throw new Error('The report was not written.');
  return row.id;
}

const columns = `id uuid, key text, kind text, subject_type text, subject_id text, account text, expected bigint, found bigint, amount bigint, currency text,
  detail jsonb, since timestamptz, role text`;

async function keepDifferences(tx: Tx, { library, found, stillOpen, at }: Report): Promise<void> {
  await tx.execute(
    `insert into difference (id, library, key, kind, subject_type, subject_id, account, expected, found, amount, currency, detail, since, role, found_at)
     select id, ?, key, kind, subject_type, subject_id, account, expected, found, amount, currency, detail, since, role, ?
     from jsonb_to_recordset(?::jsonb) as row (${columns})
     on conflict (library, key) do update set expected = excluded.expected, found = excluded.found, amount = excluded.amount,
       detail = difference.detail || excluded.detail, solved_at = null,
       acknowledged_at = case when difference.solved_at is null and difference.amount = excluded.amount then difference.acknowledged_at end,
       acknowledged_by = case when difference.solved_at is null and difference.amount = excluded.amount then difference.acknowledged_by end,
       remark_id = case when difference.solved_at is null and difference.amount = excluded.amount then difference.remark_id end`,
    [library, at, JSON.stringify(found.map(rowOf))],
  );
  await tx.execute(
    `update difference set solved_at = ? where library = ? and solved_at is null and key <> all(?::text[])
       and (account is null or account <> all(?::text[]))`,
    [at, library, keysOf(found), textArray(stillOpen)],
  );
}

const rowOf = ({ kind, subjectId, expected, found, amount, since, detail = {}, ...rest }: Found) => ({
  ...rest,
  id: uuid(),
  kind,
  subject_type: meanings[kind].subject,
  subject_id: subjectId,
  expected: expected === null ? null : String(expected),
  found: found === null ? null : String(found),
  amount: String(amount),
  since: new Date(since).toISOString(),
  role: meanings[kind].role,
  detail,
});

const keysOf = (found: readonly Found[]): string => textArray(found.map(({ key }) => key));
