import { setTimeout as sleep } from 'node:timers/promises';
import { type Client as Engine } from '@temporalio/client';
import type { Client as Database } from 'pg';

interface Unfinished {
  readonly holds: number;
  readonly loans: number;
  readonly notices: number;
  readonly workflows: number;
}

/** Waits until nothing is open and nothing is on its way any more. Answers what was left when patience ended. */
export async function untilQuiet(
  database: Database,
  engine: Engine,
  withinMs: number,
): Promise<{ quiet: boolean; seconds: number; left: Unfinished }> {
  const begun = Date.now();
  for (;;) {
    const left = await unfinished(database, engine);
    const quiet = Object.values(left).every((count) => count === 0);
    const waited = Date.now() - begun;
    if (quiet || waited > withinMs) return { quiet, seconds: Math.round(waited / 1_000), left };
    await sleep(1_000);
  }
}

async function unfinished(database: Database, engine: Engine): Promise<Unfinished> {
  const { rows } = await database.query<Omit<Unfinished, 'workflows'>>(
    `select (select count(*)::int from hold where ended_at is null) as holds,
            (select count(*)::int from loan where ended_at is null) as loans,
            (select count(*)::int from notice where state = 'queued') as notices`,
  );
  const { count } = await engine.workflow.count(
    `ExecutionStatus = 'Running' AND CarrelProcess IN ('hold', 'loan', 'command')`,
  );
  return { holds: 0, loans: 0, notices: 0, ...rows[0], workflows: count };
}

/** How many windows lapsed, and how long after their end; milliseconds. */
export async function lapsesIn(
  database: Database,
): Promise<{ count: number; lateP50Ms: number; lateMaxMs: number }> {
  const { rows } = await database.query<{ late: number }>(
    `select (extract(epoch from ended_at - keep_until) * 1000)::int as late from hold where state = 'lapsed' order by 1`,
  );
  const late = rows.map((row) => row.late);
  return {
    count: late.length,
    lateP50Ms: late[Math.floor(late.length / 2)] ?? 0,
    lateMaxMs: late.at(-1) ?? 0,
  };
}
