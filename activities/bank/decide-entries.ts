import type { BankEntry } from '../../db/entities/index.ts';
import { holdPayments, lockReaders } from '../../db/locks-in-bulk.ts';
import { MovedOn } from '../../db/locks.ts';
import { type Payer, payersNamed, payersOf } from '../../db/queries/entry-candidates.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Decision } from '../../domain/matching.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { lookAtEntries, referencesOf } from './entry-look.ts';

/**
 * Decides on entries with the payments locked that they name, and then with those that were found otherwise; so that nothing else settles, cancels or waives what a
 * decision rests on.
 */
export async function decideLocked(
  tx: Tx,
  policy: LibraryPolicy,
  entries: readonly BankEntry[],
): Promise<Decision[]> {
  const references = entries.flatMap(referencesOf);
  const named = references.length > 0 ? await payersNamed(tx, policy.code, references) : [];
  await lockThem(tx, named);
  const first = await lookAtEntries(tx, policy, entries);
  const locked = new Set(named.map(({ id }) => id));
  const others = first.flatMap(paymentsOf).filter((id) => !locked.has(id));
  if (others.length === 0) return first;
  await lockThem(tx, await payersOf(tx, others));
  const again = await lookAgain(tx, policy, entries, first, locked);
  const known = new Set([...locked, ...others]);
  if (again.flatMap(paymentsOf).some((id) => !known.has(id))) throw new MovedOn('what the entries are for');
  return again;
}

/** Decides anew on the entries whose payments had not been locked. */
async function lookAgain(
  tx: Tx,
  policy: LibraryPolicy,
  entries: readonly BankEntry[],
  first: readonly Decision[],
  locked: ReadonlySet<string>,
): Promise<Decision[]> {
  const unlocked = entries.filter((_, index) =>
    paymentsOf(first[index] as Decision).some((id) => !locked.has(id)),
  );
  const decisions = await lookAtEntries(tx, policy, unlocked);
  const again = new Map(unlocked.map(({ id }, index) => [id, decisions[index]]));
  return entries.map(({ id }, index) => again.get(id) ?? (first[index] as Decision));
}

async function lockThem(tx: Tx, payments: readonly Payer[]): Promise<void> {
  if (payments.length === 0) return;
  await lockReaders(
    tx,
    payments.map(({ patronId }) => patronId),
  );
  await holdPayments(
    tx,
    payments.map(({ id }) => id),
  );
}

function paymentsOf(decision: Decision): string[] {
  if (!('parts' in decision)) return [];
  return decision.parts.flatMap((part) => (part.to === 'payment' ? [part.paymentId] : []));
}
