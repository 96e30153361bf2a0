import { currentUpdateInfo, workflowInfo } from '@temporalio/workflow';

/** What every write carries: the key under which it is done once, and the workflow's time (epoch milliseconds). */
export interface Made {
  readonly operation: string;
  readonly now: number;
}

/** For an update's handler: the same update, delivered twice, is one operation. */
export function made(): Made {
  return { operation: `${workflowInfo().workflowId}/${currentUpdateInfo()?.id ?? 'start'}`, now: Date.now() };
}
