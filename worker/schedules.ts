import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { attributes } from '../workflows/attributes.ts';
import { sweep, sweepScheduleId } from '../workflows/sweep.ts';

/** Sets up the sweep, every ten minutes, once for all workers. Runs missed while the engine was down are not made up for. */
export async function ensureSchedules(client: Client, taskQueue: string): Promise<void> {
  try {
    await client.schedule.create({
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
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
