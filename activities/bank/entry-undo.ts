import { BankReturn, type BankEntry, Journal, Posting } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Suggestion } from '../../domain/matching.ts';
import { isRefused, refuse, type Refused } from '../../domain/refusal.ts';
import type { ActivityDeps } from '../deps.ts';
import { about, bookings, type Deciding } from './entry-ledger.ts';
import type { Decide, DecideEntry } from './entry-decisions.ts';
import { cashWaitsAgain } from './entry-cash.ts';
import { lookAtEntries } from './entry-look.ts';
import { suspend } from './entry-states.ts';
import { reopenPaid } from '../ill-settlements/pay.ts';
import { book } from '../ledger.ts';
import { takeBack } from '../payments/payment-reversals.ts';
import { resolveTask } from '../tasks.ts';

export interface UndoEntry extends DecideEntry {
  /** Why; staff write it. */
  readonly remarkId: string;
}

/**
 * Undoes what was decided on an entry, by staff or by itself (P9, P10): each booking is reversed, charges are open again, and the entry waits anew; nothing decides on it by
 * itself from now on. Refused where money has left the bank since, or a payment cannot be taken back.
 */
export const undoEntry: Decide<UndoEntry> = async (deps, tx, entry, { told, step: _step, ...deciding }) => {
  const made = await standing(tx, entry);
  if (made.length === 0) return refuse({ code: 'entry-waiting' });
  if (made.some(({ kind }) => lasting.includes(kind)) || (await hasLeft(tx, entry)))
    return refuse({ code: 'entry-not-undoable' });
  for (const journal of made) {
    const refused = await reverse(deps, tx, entry, journal, deciding);
    if (refused) return refused;
    if (journal.patronId) told.wake.push(`membership:${journal.patronId}`);
  }
  const { at, actor } = deciding;
  await cashWaitsAgain(tx, entry);
  await reopenPaid(tx, entry.id, deciding);
  await tx.nativeUpdate(
    BankReturn,
    { entryId: entry.id, state: 'waiting' },
    { state: 'cancelled', endedAt: at },
  );
  await resolveTask(tx, 'bank-return', entry.id, { at, by: actor, outcome: 'dropped' });
  await suspend(tx, deps.policies.get(entry.library), entry, await suggestionsFor(deps, tx, entry), at);
  tx.assign(entry, { decidedBy: actor, decidedAt: at });
  return { outcome: 'undone' };
};

/** Bookings of money that has left, or that left and came back: the bank has it so. */
const lasting: readonly string[] = [
  'reversal-payment',
  'charge-returned-payment',
  'returned-credit',
  'bank-return-sent',
];

/** The bookings for an entry that hold, but the one into the bank account. */
async function standing(tx: Tx, { id }: BankEntry): Promise<Journal[]> {
  const all = await tx.find(Journal, { entryId: id }, { orderBy: { at: 'desc', id: 'desc' } });
  const reversed = new Set(all.map(({ reverses }) => reverses));
  return all.filter((journal) => {
    const undone = reversed.has(journal.id) || all.some((other) => other.id === journal.reverses);
    return journal.kind !== 'bank-entry' && !undone;
  });
}

/** Whether money of the entry was sent back, or a later entry has taken its booking back. */
async function hasLeft(tx: Tx, { id }: BankEntry): Promise<boolean> {
  if ((await tx.count(BankReturn, { entryId: id, state: 'sent' })) > 0) return true;
  const sql = `select back.id from journal join journal back on back.reverses = journal.id
    where journal.entry_id = ? and back.entry_id is distinct from journal.entry_id
    union all select anew.id from journal join journal anew on anew.operation in ('charge:returned-payment:' || journal.id, 'returned-credit:' || journal.id)
    where journal.entry_id = ? limit 1`;
  return (await tx.execute<{ id: string }[]>(sql, [id, id])).length > 0;
}

async function reverse(
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  journal: Journal,
  deciding: Deciding,
): Promise<Refused | undefined> {
  const { id: journalId, library, kind, patronId } = journal;
  const { at, actor, remarkId } = deciding;
  if (kind.startsWith('payment-')) {
    const given = { journalId, library, reason: 'mistake', entryId: entry.id, at, actor };
    const taken = await takeBack(deps, tx, { ...given, ...(remarkId !== undefined && { remarkId }) });
    return isRefused(taken) ? taken : undefined;
  }
  const postings = await tx.find(Posting, { journalId });
  await book(tx, {
    ...about(entry, deciding),
    ...(patronId != null && { patronId }),
    operation: `bank:${entry.id}:${await bookings(tx, entry)}`,
    kind: 'bank-undo',
    reverses: journalId,
    reason: 'mistake',
    lines: postings.map(({ account, amount }) => ({ account, amount: -amount })),
  });
  return undefined;
}

async function suggestionsFor(deps: ActivityDeps, tx: Tx, entry: BankEntry): Promise<readonly Suggestion[]> {
  await tx.flush();
  const [decision] = await lookAtEntries(tx, deps.policies.get(entry.library), [entry]);
  if (!decision) return [];
  if ('suggestions' in decision) return decision.suggestions;
  return [{ parts: decision.parts, reasons: decision.reasons, score: 50 }];
}
