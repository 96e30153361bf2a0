import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Engine, Restart } from '../activities/deps.ts';
import type { Standing } from '../domain/standing.ts';
import { wake } from '../workflows/hold.ts';
import { restart } from './restart.ts';
import { rouse } from './rouse.ts';

const chunk = 50;
const listPage = 500;

/** What activities ask of the workflow engine, over a client of the worker's own. */
export function createEngine(client: Client, taskQueue: string): Engine {
  return {
    wake: async (workflowIds, standings = {}) => {
      await Promise.all([...new Set(workflowIds)].map((id) => signal(client, id, standings[id])));
    },
    wakeListed: async (workflowIds) => {
      const open = await inChunks([...new Set(workflowIds)], (ids) => listedOf(client, ids));
      await Promise.all(open.map((id) => signal(client, id)));
    },
    rouse: (processes) => rouse(client, taskQueue, processes),
    open: async (workflowIds) => new Set(await inChunks(workflowIds, (ids) => openOf(client, ids))),
    restart: (process) => restart(client, taskQueue, process),
    listOpen: (process) => listOpen(client, process),
  };
}

/** One that has ended needs no telling, and one that was never started is the sweep's business. */
async function signal(client: Client, workflowId: string, standing?: Standing): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(wake, ...(standing ? [standing] : []));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

async function inChunks<T>(
  ids: readonly string[],
  look: (ids: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (let i = 0; i < ids.length; i += chunk) found.push(...(await look(ids.slice(i, i + chunk))));
  return found;
}

/** Visibility lags behind and answers for many; whoever it does not name is asked for in person. */
async function openOf(client: Client, ids: readonly string[]): Promise<string[]> {
  const listed = new Set(await listedOf(client, ids));
  const unlisted = ids.filter((id) => !listed.has(id));
  const running = await Promise.all(unlisted.map((id) => isRunning(client, id)));
  return [...listed, ...unlisted.filter((_, index) => running[index])];
}

async function listedOf(client: Client, ids: readonly string[]): Promise<string[]> {
  const query = `ExecutionStatus = 'Running' AND WorkflowId IN (${ids.map((id) => `'${id}'`).join(', ')})`;
  const listed: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) listed.push(workflowId);
  return listed;
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function* listOpen(client: Client, process: Restart['process']): AsyncIterable<readonly string[]> {
  let page: string[] = [];
  const query = `ExecutionStatus = 'Running' AND CarrelProcess = '${process}'`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: listPage })) {
    page.push(workflowId);
    if (page.length < listPage) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
