import { ScheduleOverlapPolicy, type Client, ScheduleNotFoundError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { requiredTsToDate } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import type { SweepReport } from '../domain/sweep-report.ts';
import { attributes } from '../workflows/attributes.ts';
import {
  reconciliation,
  reconciliationAttributes,
  type ReconciliationInput,
  reconciliationWorkflowId,
} from '../workflows/reconciliation.ts';
import { sweepScheduleId } from '../workflows/sweep.ts';
import { asEngine } from './engine-errors.ts';
import { lookAt, statusOf } from './present-state.ts';
import type { OpenProcess, Processes, ProcessPage, ProcessSearch, SweepRun } from './processes-port.ts';

export interface ProcessesOptions {
  readonly client: Client;
  readonly taskQueue: string;
  /** Address of the engine's own pages. */
  readonly uiUrl?: string | undefined;
  /** How long a request waits for the engine, in milliseconds. */
  readonly answerWithin?: number;
}

/** The operators' view of the engine, over the same client as the commands. */
export function createProcesses({
  client,
  taskQueue,
  uiUrl,
  answerWithin = 3_000,
}: ProcessesOptions): Processes {
  const { namespace } = client.options;
  const ask = <T>(work: () => Promise<T>): Promise<T> =>
    asEngine(() => client.withDeadline(Date.now() + answerWithin, work));
  const schedule = client.schedule.getHandle(sweepScheduleId(taskQueue));
  return {
    search: (wish) => ask(() => search(client, wish)),
    look: (workflowId) => ask(() => lookAt(client, workflowId)),
    latestSweep: () => ask(() => latestSweep(client, schedule)),
    sweepNow: () =>
      ask(
        async () =>
          (await ifThere(() => schedule.trigger(ScheduleOverlapPolicy.BUFFER_ONE).then(() => true))) ?? false,
      ),
    reconcile: (wish) => ask(() => reconcile(client, taskQueue, wish)),
    pageOf: (workflowId) =>
      uiUrl &&
      `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`,
  };
}

/** A text in a visibility query. Callers pass codes and ids only; what could end the text is taken out all the same. */
const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '')}'`;

function queryOf({ library, process, state, patronId, deadlineBefore }: ProcessSearch): string {
  const { process: ofProcess, library: ofLibrary, state: ofState, patron, deadline } = attributes;
  return [
    `ExecutionStatus = 'Running'`,
    `${ofLibrary.name} = ${quoted(library)}`,
    ...(process === undefined ? [] : [`${ofProcess.name} = ${quoted(process)}`]),
    ...(state === undefined ? [] : [`${ofState.name} = ${quoted(state)}`]),
    ...(patronId === undefined ? [] : [`${patron.name} = ${quoted(patronId)}`]),
    ...(deadlineBefore === undefined
      ? []
      : [`${deadline.name} < ${quoted(new Date(deadlineBefore).toISOString())}`]),
  ].join(' AND ');
}

async function search(client: Client, wish: ProcessSearch): Promise<ProcessPage> {
  const page = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    query: queryOf(wish),
    pageSize: wish.limit,
    ...(wish.cursor !== undefined && { nextPageToken: Buffer.from(wish.cursor, 'base64url') }),
  });
  const token = Buffer.from(page.nextPageToken);
  return {
    processes: page.executions.map(openProcess),
    next: token.length > 0 ? token.toString('base64url') : null,
  };
}

function openProcess(execution: temporal.api.workflow.v1.IWorkflowExecutionInfo): OpenProcess {
  const fields = execution.searchAttributes?.indexedFields ?? {};
  const shown = ({ name }: { name: string }): string | null => {
    const payload = fields[name];
    return payload ? defaultPayloadConverter.fromPayload<string>(payload) : null;
  };
  const deadline = shown(attributes.deadline);
  return {
    workflowId: execution.execution?.workflowId ?? '',
    process: shown(attributes.process),
    state: shown(attributes.state),
    library: shown(attributes.library),
    patronId: shown(attributes.patron),
    deadline: deadline === null ? null : Date.parse(deadline),
    startedAt: requiredTsToDate(execution.startTime, 'startTime').getTime(),
  };
}

async function reconcile(client: Client, taskQueue: string, wish: ReconciliationInput): Promise<void> {
  await client.workflow.start(reconciliation, {
    workflowId: reconciliationWorkflowId(wish.library, wish.day),
    taskQueue,
    args: [wish],
    typedSearchAttributes: reconciliationAttributes(wish.library),
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

type Schedule = ReturnType<Client['schedule']['getHandle']>;

async function latestSweep(client: Client, schedule: Schedule): Promise<SweepRun | undefined> {
  const latest = await latestAction(schedule);
  if (!latest) return undefined;
  const { workflowId } = latest.action.workflow;
  // Without a run id: a sweep goes on page by page as a new run of the same workflow.
  const handle = client.workflow.getHandle<() => Promise<SweepReport>>(workflowId);
  const status = statusOf(await handle.describe());
  const report = status === 'completed' ? await handle.result() : null;
  return { workflowId, startedAt: latest.takenAt.getTime(), status, report };
}

async function latestAction(schedule: Schedule) {
  return (await ifThere(() => schedule.describe()))?.info.recentActions.at(-1);
}

/** Undefined before the first worker has set up the schedule. */
async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
