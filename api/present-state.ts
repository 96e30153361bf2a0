import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import type { TypedSearchAttributes } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { optionalTsToDate, tsToMs } from '@temporalio/common/lib/time.js';
import { attributes } from '../workflows/attributes.ts';
import type { OpenProcess, PendingActivity, PresentState, ProcessStatus } from './processes-port.ts';

/** Longer histories are not read for the sake of one timer; Carrel's processes stay far below. */
const readableHistory = 1_000;

const statuses: Readonly<Record<string, ProcessStatus>> = {
  RUNNING: 'running',
  PAUSED: 'running',
  COMPLETED: 'completed',
  CONTINUED_AS_NEW: 'running',
  FAILED: 'failed',
  TERMINATED: 'terminated',
  CANCELLED: 'cancelled',
  TIMED_OUT: 'timed-out',
};

export function statusOf({ status }: Pick<WorkflowExecutionDescription, 'status'>): ProcessStatus {
  return statuses[status.name] ?? 'failed';
}

/** What a process shows of itself for searching. */
export function shownOf(workflowId: string, shown: TypedSearchAttributes, startTime: Date): OpenProcess {
  return {
    workflowId,
    process: shown.get(attributes.process) ?? null,
    state: shown.get(attributes.state) ?? null,
    library: shown.get(attributes.library) ?? null,
    patronId: shown.get(attributes.patron) ?? null,
    deadline: shown.get(attributes.deadline)?.getTime() ?? null,
    startedAt: startTime.getTime(),
  };
}

type RawActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

async function pendingOf(client: Client, activity: RawActivity): Promise<PendingActivity> {
  const { loadedDataConverter } = client.options;
  const failure = await decodeOptionalFailureToOptionalError(loadedDataConverter, activity.lastFailure);
  return {
    activity: activity.activityType?.name ?? '?',
    attempt: activity.attempt ?? 1,
    lastFailure: failure?.message.slice(0, 300) ?? null,
    nextAttemptAt: optionalTsToDate(activity.nextAttemptScheduleTime)?.getTime() ?? null,
  };
}

/** The earliest timer of the history that has neither fired nor been cancelled. */
async function nextTimer(client: Client, described: WorkflowExecutionDescription): Promise<number | null> {
  if (statusOf(described) !== 'running' || described.historyLength > readableHistory) return null;
  const { events } = await client.workflow.getHandle(described.workflowId, described.runId).fetchHistory();
  const open = new Map<string, number>();
  for (const event of events ?? []) {
    const started = event.timerStartedEventAttributes;
    const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    if (started?.timerId)
      open.set(started.timerId, tsToMs(event.eventTime) + tsToMs(started.startToFireTimeout));
    if (over?.timerId) open.delete(over.timerId);
  }
  return open.size > 0 ? Math.min(...open.values()) : null;
}

/** What the engine knows of a process now; undefined when it knows nothing of it, or no longer. */
export async function lookAt(client: Client, workflowId: string): Promise<PresentState | undefined> {
  try {
    const described = await client.workflow.getHandle(workflowId).describe();
    const { typedSearchAttributes, startTime, closeTime, historyLength, raw } = described;
    return {
      ...shownOf(workflowId, typedSearchAttributes, startTime),
      status: statusOf(described),
      closedAt: closeTime?.getTime() ?? null,
      historyEvents: historyLength,
      nextTimerAt: await nextTimer(client, described),
      pending: await Promise.all((raw.pendingActivities ?? []).map((each) => pendingOf(client, each))),
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
