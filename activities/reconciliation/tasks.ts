import { Temporal } from 'temporal-polyfill';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { openTask, resolveTask } from '../tasks.ts';
import type { Kept } from './report.ts';

const toDecide = `
  select difference.id, solved_at is null as open from difference
  where library = ? and kind = 'gateway-unknown'
    and (solved_at is null or exists (select from task where subject_id = difference.id and kind = 'gateway-money' and resolved_at is null))`;

/**
 * Asks the cashier's office what to do with money that a gateway took and nobody here knows of (P8): credit it to a reader, or send it back; once while it is open. What
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
  for (const { id, open } of await tx.execute<{ id: string; open: boolean }[]>(toDecide, [library])) {
    const subject = { type: 'difference', id, library, patronId: null } as const;
    if (open) await openTask(tx, subject, { kind: 'gateway-money', branch: null, workflowId, at, dueAt });
    else await resolveTask(tx, 'gateway-money', id, { at, by: 'system', outcome: 'dropped' });
  }
  await tx.flush();
}
