import { v7 as uuid } from 'uuid';
import { insertRows, updateRows } from '../../db/bulk.ts';
import type { BankEntry } from '../../db/entities/index.ts';
import { type JournalTables, writeJournals } from '../../db/settle-tables.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Suggestion } from '../../domain/matching.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Deciding } from './entry-ledger.ts';
import { decisionDueAt, entryTask, suggestionId } from './entry-states.ts';
import { bookEntryInBulk } from './settle-many.ts';

/** An entry that nobody has looked at, with what staff are offered. */
export interface ManyWaiting {
  readonly entry: BankEntry;
  readonly suggestions: readonly Suggestion[];
}

const suggestion = {
  id: 'uuid',
  entry_id: 'uuid',
  rank: 'int',
  parts: 'jsonb',
  score: 'int',
  reasons: 'jsonb',
};
const task = {
  id: 'uuid',
  library: 'text',
  kind: 'text',
  subject_type: 'text',
  subject_id: 'uuid',
  workflow_id: 'text',
  due_at: 'timestamptz',
  created_at: 'timestamptz',
};

/**
 * Lets new entries wait for staff in a few statements, the same as `bookEntry` and `suspend` do one by one. The entries are locked, and not booked yet.
 */
export async function suspendMany(
  tx: Tx,
  policy: LibraryPolicy,
  many: readonly ManyWaiting[],
  deciding: Deciding,
): Promise<void> {
  const tables: JournalTables = { journals: [], postings: [] };
  const entries = many.map(({ entry }) => ({
    id: entry.id,
    journal_id: bookEntryInBulk(entry, { ...deciding, tables }),
    state: 'suspended',
  }));
  await writeJournals(tx, tables);
  await updateRows(tx, 'bank_entry', { journal_id: 'uuid', state: 'text' }, entries);
  await insertRows(tx, 'entry_suggestion', suggestion, many.flatMap(offered));
  const { at } = deciding;
  const dueAt = decisionDueAt(policy, at);
  await insertRows(
    tx,
    'task',
    task,
    many.map(({ entry }) => {
      const { kind, workflowId, subject } = entryTask(entry);
      return {
        id: uuid(),
        library: subject.library,
        kind,
        subject_type: subject.type,
        subject_id: subject.id,
        workflow_id: workflowId,
        due_at: dueAt,
        created_at: at,
      };
    }),
  );
}

const offered = ({ entry, suggestions }: ManyWaiting) =>
  suggestions.map(({ parts, score, reasons }, rank) => ({
    id: suggestionId(entry, parts),
    entry_id: entry.id,
    rank,
    parts,
    score,
    reasons,
  }));
