import { continueAsNew } from '@temporalio/workflow';
import { addReports, type SweepReport } from '../domain/sweep-report.ts';
import { patient } from './proxies.ts';

/** One schedule for all workers of a task queue. */
export const sweepScheduleId = (taskQueue: string): string => `sweep:${taskQueue}`;

/** Where the sweep goes on, and what it has found so far. */
export interface SweepInput {
  readonly after?: string;
  readonly report?: SweepReport;
}

/**
 * Looks for open rows without their workflow and open workflows without their row, page by page; starts or wakes what is missing, reports the rest (G1), and
 * clears away what has expired. A
 * page that fails is tried again; a sweep that dies is followed by the schedule's next.
 */
export async function sweep({ after, report }: SweepInput = {}): Promise<SweepReport> {
  const page = await patient.sweepPage({ ...(after && { after }), now: Date.now() });
  const found = report ? addReports(report, page.report) : page.report;
  if (page.next) return continueAsNew<typeof sweep>({ after: page.next, report: found });
  await patient.tidy({ now: Date.now() });
  return found;
}
