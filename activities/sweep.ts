import { Context } from '@temporalio/activity';
import { processTables } from '../db/process-rows.ts';
import { reader, type Tx } from '../db/transaction.ts';
import { type Process, processes } from '../domain/processes.ts';
import { finding, type SweepReport } from '../domain/sweep-report.ts';
import type { ActivityDeps, Restart } from './deps.ts';
import { drawDue } from './ill-settlements/draw.ts';

export interface SweepPage {
  readonly after?: string;
  readonly now: number;
}

export interface SweptPage {
  readonly report: SweepReport;
  /** Where the next page begins; absent after the last. */
  readonly next?: string;
}

/** A request may be on its way; a row this young is nobody's business yet. */
const graceMs = 60_000;
/** A deadline or a queued notice this old has been slept through. */
const overdueMs = 2 * 60_000;
const pageSize = 500;

interface OpenRow {
  readonly id: string;
  readonly library: string;
  readonly patron_id: string | null;
  readonly state: string;
  readonly asleep: boolean;
}

function openRows(process: Process): string {
  const { table, open, begunAt, state, missed } = processTables[process];
  return `select id, library, patron_id, ${state} as state, ${missed} or exists
      (select from notice where subject_id = ${table}.id and state = 'queued' and attempts = 0 and created_at < :overdue) as asleep
    from ${table} where ${open} and ${begunAt} < :young and id > :after order by id limit ${pageSize}`;
}

const firstId = '00000000-0000-0000-0000-000000000000';

export function createSweepActivities(deps: ActivityDeps) {
  return { sweepPage: (page: SweepPage) => sweepPage(deps, page) };
}

/** One page of the sweep (G1): one process after the other, each by id, then the open workflows the other way round. */
async function sweepPage(
  deps: ActivityDeps,
  { after = `hold:${firstId}`, now }: SweepPage,
): Promise<SweptPage> {
  const [part, id = firstId] = after.split(':');
  if (part === 'orphans') {
    await drawDue(deps, now);
    return { report: await findOrphans(deps) };
  }
  const process = part as Process;
  const rows = await readRows(reader(deps.orm), process, id, now);
  const report = await repair(deps, process, rows);
  const last = rows.length === pageSize ? rows.at(-1) : undefined;
  if (last) return { report, next: `${process}:${last.id}` };
  const following = processes[processes.indexOf(process) + 1];
  return { report, next: following === undefined ? 'orphans' : `${following}:${firstId}` };
}

async function readRows(tx: Tx, process: Process, after: string, now: number): Promise<OpenRow[]> {
  const bindings: Record<string, Date | string> = {
    overdue: new Date(now - overdueMs),
    young: new Date(now - graceMs),
    after,
  };
  const values: (Date | string)[] = [];
  const sql = openRows(process).replaceAll(/(?<!:):(\w+)/g, (_, name: string) => {
    values.push(bindings[name] as Date | string);
    return '?';
  });
  return tx.execute(sql, values);
}

async function repair(deps: ActivityDeps, process: Process, rows: readonly OpenRow[]): Promise<SweepReport> {
  const ids = rows.map(({ id }) => `${process}:${id}`);
  const open = await deps.engine.open(ids);
  const gone = rows.filter(({ id }) => !open.has(`${process}:${id}`));
  const asleep = rows
    .filter((row) => row.asleep && open.has(`${process}:${row.id}`))
    .map(({ id }) => `${process}:${id}`);
  for (const { id, library, patron_id: patronId, state } of gone) {
    Context.current().heartbeat();
    await deps.engine.restart({ process, id, library, patronId, state } satisfies Restart);
  }
  await deps.engine.wake(asleep);
  return {
    looked: rows.length,
    restarted: finding(gone.map(({ id }) => `${process}:${id}`)),
    woken: finding(asleep),
    orphans: finding([]),
  };
}

async function findOrphans(deps: ActivityDeps): Promise<SweepReport> {
  const tx = reader(deps.orm);
  const orphans: string[] = [];
  const ended: string[] = [];
  for (const process of processes) {
    for await (const workflows of deps.engine.listOpen(process)) {
      Context.current().heartbeat();
      const states = await statesOf(tx, process, workflows);
      orphans.push(...workflows.filter((id) => !states.has(id)));
      ended.push(...workflows.filter((id) => states.get(id)));
    }
  }
  await deps.engine.wake(ended);
  return { looked: 0, restarted: finding([]), woken: finding(ended), orphans: finding(orphans) };
}

/** Of the workflow ids given, those that have a row, and whether it has ended. */
async function statesOf(
  tx: Tx,
  process: Process,
  workflows: readonly string[],
): Promise<Map<string, boolean>> {
  const { table, open } = processTables[process];
  const ids = workflows.map((workflow) => workflow.slice(process.length + 1));
  const rows = await tx.execute<{ id: string; ended: boolean }[]>(
    `select id, not ${open} as ended from ${table} where id = any(?::uuid[])`,
    [`{${ids.join(',')}}`],
  );
  return new Map(rows.map(({ id, ended }) => [`${process}:${id}`, ended]));
}
