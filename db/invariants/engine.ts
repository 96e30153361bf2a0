import type { Client } from '@temporalio/client';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createEngine } from '../../engine/processes.ts';
import { type Process, processes } from '../../domain/processes.ts';
import { processTables } from '../process-rows.ts';
import { reader, type Tx } from '../transaction.ts';
import type { Checked } from './check.ts';

/** A request may be on its way: what is younger is nobody's business yet. */
const youngMs = 60_000;
const pageSize = 1_000;
const shown = 20;

function openRows(process: Process): string {
  const { table, open, begunAt } = processTables[process];
  return `select id from ${table} where ${open} and ${begunAt} < ? and id > ? order by id limit ${pageSize}`;
}

/**
 * Compares the rows with the engine, both ways. A process that has ended but still has a mail to deliver is not astray.
 *
 * @param now epoch milliseconds
 */
export async function checkEngine(orm: MikroORM, client: Client, now: number): Promise<Checked[]> {
  const checked: Checked[] = [];
  for (const process of processes) {
    checked.push(
      result(
        `${process}-has-workflow`,
        `Every open ${process} has its open workflow.`,
        await rowsAlone(orm, client, process, now),
      ),
      result(
        `${process}-workflow-has-row`,
        `Every open workflow of a ${process} has an open row, or a notice still to deliver.`,
        await workflowsAlone(orm, client, process, now),
      ),
    );
  }
  return checked;
}

function result(name: string, meaning: string, ids: readonly string[]): Checked {
  return { name, meaning, violations: ids.length, ids: ids.slice(0, shown), reportOnly: false };
}

async function rowsAlone(orm: MikroORM, client: Client, process: Process, now: number): Promise<string[]> {
  const engine = createEngine(client, '');
  const alone: string[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await reader(orm).execute<{ id: string }[]>(openRows(process), [
      new Date(now - youngMs),
      after,
    ]);
    const ids = rows.map(({ id }) => `${process}:${id}`);
    const open = await engine.open(ids);
    alone.push(...ids.filter((id) => !open.has(id)));
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return await stillOpen(reader(orm), process, alone);
    after = last.id;
  }
}

/** A row that ended between the two looks is well. */
async function stillOpen(tx: Tx, process: Process, workflows: readonly string[]): Promise<string[]> {
  const { table, open } = processTables[process];
  const rows = await tx.execute<{ id: string }[]>(
    `select id from ${table} where ${open} and id = any(?::uuid[])`,
    [idsOf(process, workflows)],
  );
  return rows.map(({ id }) => `${process}:${id}`);
}

async function workflowsAlone(
  orm: MikroORM,
  client: Client,
  process: Process,
  now: number,
): Promise<string[]> {
  const { table, open: isOpen } = processTables[process];
  const before = new Date(now - youngMs).toISOString();
  const query = `ExecutionStatus = 'Running' AND CarrelProcess = '${process}' AND StartTime < '${before}'`;
  const running: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) running.push(workflowId);
  const rows = await reader(orm).execute<{ id: string }[]>(
    `select id from ${table} where id = any(?::uuid[]) and (${isOpen} or ended_at > ?
       or exists (select from notice where subject_id = ${table}.id and state = 'queued'))`,
    [idsOf(process, running), new Date(now - youngMs)],
  );
  const known = new Set(rows.map(({ id }) => `${process}:${id}`));
  const astray = running.filter((id) => !known.has(id));
  const open = await createEngine(client, '').open(astray);
  return astray.filter((id) => open.has(id));
}

const idsOf = (process: Process, workflows: readonly string[]): string =>
  `{${workflows.map((id) => id.slice(process.length + 1)).join(',')}}`;
