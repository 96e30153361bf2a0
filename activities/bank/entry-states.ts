import { Temporal } from 'temporal-polyfill';
import { v5 } from 'uuid';
import { type BankEntry, EntrySuggestion } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Outcome, Suggestion } from '../../domain/matching.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Deciding, openOf } from './entry-ledger.ts';
import { instant, toDate } from '../facts.ts';
import type { Subject } from '../record.ts';
import { openTask, resolveTask } from '../tasks.ts';

export const entrySubject = ({ id, library }: Pick<BankEntry, 'id' | 'library'>): Subject => ({
  type: 'bank-entry',
  id,
  library,
  patronId: null,
});

/** By when staff decide on something of the bank's: so long from `at` in the library's zone, as the policy says. */
export function decisionDueAt({ timeZone, money }: LibraryPolicy, at: Date): Date {
  const due = instant(at).toZonedDateTimeISO(timeZone).add(Temporal.Duration.from(money.matching.taskDue));
  return toDate(due.toInstant());
}

/** The task with which an entry waits for staff. */
export const entryTask = (entry: Pick<BankEntry, 'id' | 'library'>) =>
  ({ subject: entrySubject(entry), kind: 'bank-entry', workflowId: `bank:${entry.id}` }) as const;

/** The same suggestion made anew is the same. */
export const suggestionId = ({ id }: BankEntry, parts: Suggestion['parts']): string =>
  v5(JSON.stringify(parts), id);

/** The entry waits for staff (P9): its money stays in suspense, a task is on the work list, and what it may be is offered. The entry is locked. */
export async function suspend(
  tx: Tx,
  policy: LibraryPolicy,
  entry: BankEntry,
  suggestions: readonly Suggestion[],
  at: Date,
): Promise<void> {
  tx.assign(entry, { state: 'suspended', outcome: null, decidedBy: null, decidedAt: null });
  await offer(tx, entry, suggestions);
  const { subject, ...task } = entryTask(entry);
  await openTask(tx, subject, { ...task, branch: null, at, dueAt: decisionDueAt(policy, at) });
}

/** Writes anew what an entry may be. A suggestion's id is made of what it says: one that is made again is the same, and one that is no longer made is gone. */
export async function offer(tx: Tx, entry: BankEntry, suggestions: readonly Suggestion[]): Promise<void> {
  await tx.flush();
  await tx.nativeDelete(EntrySuggestion, { entryId: entry.id });
  suggestions.forEach(({ parts, score, reasons }, rank) => {
    const id = suggestionId(entry, parts);
    tx.create(EntrySuggestion, { id, entryId: entry.id, rank, parts, score, reasons });
  });
}

/** Something was decided: the entry is done when nothing of it is left in suspense, and its task with it. The entry is locked. */
export async function decided(
  tx: Tx,
  entry: BankEntry,
  outcome: Outcome,
  { at, actor, remarkId }: Deciding,
): Promise<void> {
  const open = await openOf(tx, entry);
  tx.assign(entry, { outcome, decidedBy: actor, decidedAt: at });
  if (open !== 0n) return;
  entry.state =
    outcome === 'sent-back' && entry.amount > 0n ? 'returned' : outcome === 'ignored' ? 'ignored' : 'matched';
  await tx.flush();
  await tx.nativeDelete(EntrySuggestion, { entryId: entry.id });
  const resolution = { at, by: actor, outcome: 'settled', remarkId };
  await resolveTask(tx, 'bank-entry', entry.id, resolution);
}
