import { Temporal } from 'temporal-polyfill';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { openTask, resolveTask } from '../tasks.ts';
import type { Kept } from './report.ts';

const toDecide = `
  select difference.id, solved_at is null as open, case kind when 'gateway-refund' then kind else 'gateway-money' end as task from difference
  where library = ? and kind in ('gateway-unknown', 'gateway-refund')
    and (solved_at is null or exists (select from task where subject_id = difference.id and kind in ('gateway-money', 'gateway-refund') and resolved_at is null))`;

interface Decision {
  readonly id: string;
  readonly open: boolean;
  readonly task: 'gateway-money' | 'gateway-refund';
}

/**
 * Asks the cashier's office what to do with money that a gateway took and nobody here knows of (P8): credit it to a reader, or send it back; and where money belongs that it gave back; once while it is open. What
 * was solved otherwise is no longer asked.
 */
export async function openDifferenceTasks(
  tx: Tx,
  policy: LibraryPolicy,
  report: Kept,
  at: Date,
): Promise<void> {
  const { library, day } = report;
  const workflowId = `reconciliation:${library}:${day}`;
  const dueAt = new Date(
    Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(policy.timeZone).add({ days: 1 })
      .epochMilliseconds,
  );
  for (const { id, open, task: kind } of await tx.execute<Decision[]>(toDecide, [library])) {
    const subject = { type: 'difference', id, library, patronId: null } as const;
    if (open) await openTask(tx, subject, { kind, branch: null, workflowId, at, dueAt });
    else await resolveTask(tx, kind, id, { at, by: 'system', outcome: 'dropped' });
  }
  await tx.flush();
}
