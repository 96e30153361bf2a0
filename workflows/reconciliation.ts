import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, sleep } from '@temporalio/workflow';
import type { DayReconciled } from '../activities/reconciliation/reconcile-day.ts';
import type { Refused } from '../domain/refusal.ts';
import type { Actor } from '../domain/roles.ts';
import { attributes } from './attributes.ts';
import { outside, patient } from './proxies.ts';

export interface ReconciliationInput {
  readonly library: string;
  /** Civil day `YYYY-MM-DD` in the library's zone. */
  readonly day: string;
  readonly actor: Actor;
}

export const reconciliationWorkflowId = (library: string, day: string): string =>
  `reconciliation:${library}:${day}`;

/** One schedule for each library. */
export const reconciliationScheduleId = (library: string): string => `reconciliations:${library}`;

export const reconciliationAttributes = (library: string): TypedSearchAttributes =>
  new TypedSearchAttributes([
    { key: attributes.process, value: 'reconciliation' },
    { key: attributes.library, value: library },
  ]);

/** What is told of a report: its id, how it stands, and how many differ. */
type Told = Omit<DayReconciled, 'deliver'>;

/** What payments that were woken have to ask their gateway and book what it says. */
const settling = '15 seconds';

/**
 * Compares a library's ledger, gateways and bank as of the end of a day (P9). Payments for which a gateway has money that is not booked are woken, and the day is
 * compared again when they have had their time. Mails what differs. A comparison that fails is tried again; one that dies is the next day's.
 */
export async function reconciliation(input: ReconciliationInput): Promise<Told | Refused> {
  const compare = (last: boolean) => patient.reconcileDay({ ...input, now: Date.now(), last });
  let report = await compare(false);
  if ('woken' in report && report.woken > 0) {
    await sleep(settling);
    report = await compare(true);
  }
  if ('refused' in report) return report;
  const { deliver, ...told } = report;
  await Promise.all(deliver.map((noticeId) => outside.deliverNotice({ noticeId })));
  return told;
}

/** Reconciles the days of a library that are over and have no report yet, one after the other. The schedule's workflow. */
export async function reconciliations({
  library,
}: Pick<ReconciliationInput, 'library'>): Promise<{ days: readonly string[] }> {
  const { days } = await patient.daysToReconcile({ library, now: Date.now() });
  for (const day of days) {
    try {
      await executeChild(reconciliation, {
        workflowId: reconciliationWorkflowId(library, day),
        args: [{ library, day, actor: 'system' }],
        typedSearchAttributes: reconciliationAttributes(library),
      });
    } catch (error) {
      // Staff have asked for the day at the same time: its report is being written.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
  return { days };
}
