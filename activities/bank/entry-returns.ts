import { v7 as uuid } from 'uuid';
import { BankReturn, type BankEntry } from '../../db/entities/index.ts';
import { lockPatron, present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { type Reason, refuse } from '../../domain/refusal.ts';
import { creditOf } from '../payments/credit.ts';
import { returns } from './entry-bookings.ts';
import { about, bookings, openOf } from './entry-ledger.ts';
import type { Decide, DecideEntry } from './entry-decisions.ts';
import { decided, decisionDueAt, entrySubject } from './entry-states.ts';
import { book, prepaid, suspense } from '../ledger.ts';
import { patronSubject, record } from '../record.ts';
import { openTask } from '../tasks.ts';

export interface SendBack extends DecideEntry {
  /** How much, in minor units; all that can be unless stated. */
  readonly amountMinor?: number;
  /** Why; staff write it. */
  readonly remarkId: string;
}

/**
 * Sends money of an entry back to who paid it (P9): what waits in suspense, or, of one that was booked already, what has become its reader's credit and is still there.
 * It is a task to make the transfer, closed when the bank's entry of it appears.
 */
export const sendBack: Decide<SendBack> = async (deps, tx, entry, { step, told: _told, ...deciding }) => {
  const from = await sourceOf(tx, entry);
  const amountMinor = step.amountMinor ?? Number(from.available);
  const reasons = await reasonsAgainst(tx, entry, from, amountMinor);
  if (reasons.length > 0) return refuse(...reasons);
  const [amount, { at, actor, remarkId }] = [BigInt(amountMinor), deciding];
  const { id: entryId, library, account, currency } = entry;
  const { patronId } = from;
  const operation = `bank:${entryId}:${await bookings(tx, entry)}`;
  const lines = [
    { account: patronId === undefined ? suspense(account) : prepaid(patronId), amount },
    { account: returns(account), amount: -amount },
  ];
  const owner = patronId === undefined ? {} : { patronId };
  await book(tx, { ...about(entry, deciding), ...owner, operation, kind: 'bank-return', lines });
  const asked = { id: uuid(), library, account, entryId, amount, currency, actor, askedAt: at } as const;
  tx.create(BankReturn, { ...asked, ...owner, state: 'waiting', remarkId: remarkId ?? null });
  await tx.flush();
  if (patronId !== undefined) {
    const detail = { entryId, amountMinor, currency };
    record(tx, patronSubject({ id: patronId, library }), { kind: 'credit-sent-back', actor, at, detail });
  }
  const policy = deps.policies.get(library);
  const workflowId = `bank:${entryId}`;
  const task = {
    kind: 'bank-return',
    branch: null,
    workflowId,
    at,
    dueAt: decisionDueAt(policy, at),
  } as const;
  await openTask(tx, entrySubject(entry), task);
  await decided(tx, entry, 'sent-back', deciding);
  return { outcome: 'sent-back' };
};

interface Source {
  /** Whose credit it is taken from; absent: it waits in suspense. */
  readonly patronId?: string;
  readonly available: bigint;
}

/** What of the entry became a reader's credit, for each reader; less what was sent back of it. */
const credited = `select journal.patron_id as "patronId", (-sum(posting.amount))::bigint::text as credit
  from journal join posting on posting.journal_id = journal.id and posting.account = 'prepaid:' || journal.patron_id
  where journal.entry_id = ? group by journal.patron_id having -sum(posting.amount) > 0`;

async function sourceOf(tx: Tx, entry: BankEntry): Promise<Source> {
  const open = await openOf(tx, entry);
  if (open > 0n) return { available: open };
  const rows = await tx.execute<{ patronId: string; credit: string }[]>(credited, [entry.id]);
  const [only] = rows;
  if (!only || rows.length > 1) return { available: 0n };
  const patron = present(await lockPatron(tx, only.patronId), `card ${only.patronId}`);
  const { credit } = await creditOf(tx, patron);
  const became = BigInt(only.credit);
  const available = credit < became ? credit : became;
  return { patronId: patron.id, available: available > 0n ? available : 0n };
}

async function reasonsAgainst(
  tx: Tx,
  entry: BankEntry,
  from: Source,
  amountMinor: number,
): Promise<Reason[]> {
  if (entry.amount < 0n) return [{ code: 'entry-outgoing' }];
  const waiting = await tx.count(BankReturn, { entryId: entry.id, state: 'waiting' });
  if (waiting > 0) return [{ code: 'return-waiting' }];
  const availableMinor = Number(from.available);
  return amountMinor < 1 || amountMinor > availableMinor
    ? [{ code: 'return-exceeds-entry', availableMinor }]
    : [];
}
