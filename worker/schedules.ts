import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { LibraryPolicy } from '../domain/policy.ts';
import { attributes } from '../workflows/attributes.ts';
import {
  reconciliationAttributes,
  reconciliations,
  reconciliationScheduleId,
} from '../workflows/reconciliation.ts';
import { sweep, sweepScheduleId } from '../workflows/sweep.ts';

/** Sets up what runs by the clock, once for all workers: the sweep, and for each library the daily reconciliation at the time of its policy. */
export async function ensureSchedules(
  client: Client,
  taskQueue: string,
  policies: readonly Pick<LibraryPolicy, 'code' | 'timeZone' | 'money'>[],
): Promise<void> {
  await ensure(client, sweeps(taskQueue));
  for (const policy of policies) await ensure(client, daily(taskQueue, policy));
}

/** A schedule that is there runs from now on at the times stated here, should the policy have changed. */
async function ensure(client: Client, schedule: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(schedule);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec } = schedule;
    await client.schedule.getHandle(schedule.scheduleId).update((before) => ({ ...before, spec }));
  }
}

/** Every ten minutes. Runs missed while the engine was down are not made up for. */
const sweeps = (taskQueue: string): ScheduleOptions => ({
  scheduleId: sweepScheduleId(taskQueue),
  spec: { intervals: [{ every: '10m' }] },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10m' },
  action: {
    type: 'startWorkflow',
    workflowType: sweep,
    workflowId: sweepScheduleId(taskQueue),
    taskQueue,
    args: [],
    typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.process, value: 'sweep' }]),
  },
});

/** Once a day (P9), on the library's wall. After an outage one run makes up for all days that were missed. */
function daily(
  taskQueue: string,
  { code, timeZone, money }: Pick<LibraryPolicy, 'code' | 'timeZone' | 'money'>,
): ScheduleOptions {
  const [hour, minute] = money.reconciliation.at.split(':').map(Number);
  const scheduleId = `${reconciliationScheduleId(code)}:${taskQueue}`;
  return {
    scheduleId,
    spec: { calendars: [{ hour: hour ?? 0, minute: minute ?? 0 }], timezone: timeZone },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1d' },
    action: {
      type: 'startWorkflow',
      workflowType: reconciliations,
      workflowId: scheduleId,
      taskQueue,
      args: [{ library: code }],
      typedSearchAttributes: reconciliationAttributes(code),
    },
  };
}
