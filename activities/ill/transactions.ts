import { v7 as uuid } from 'uuid';
import { IllTransaction } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { termsWith } from '../../domain/ill-prices.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import { book, illCost, illIncome, illLostCost, illLostIncome, type Line, peerAccount } from '../ledger.ts';

/** Something between us and another library that is to be booked; minor units of `currency`. */
export interface Between {
  readonly library: string;
  readonly peer: string;
  readonly side: IllTransaction['side'];
  /** Our attempt, or their request to us. */
  readonly aboutId: string;
  readonly reference: string;
  readonly number: string;
  readonly service: IllTransaction['service'];
  readonly costMinor: number | bigint;
  readonly currency: string;
  readonly at: Date;
  readonly actor: Actor;
}

type Kind = 'shipped' | 'lost';

const accounts = {
  requester: { shipped: illCost, lost: illLostCost },
  supplier: { shipped: illIncome, lost: illLostIncome },
} as const;

/**
 * Books what was shipped or lost between two libraries, on our side, once (I15): `peer:<code>` against the cost or the income. What is free or reciprocal is counted and
 * nothing booked. The request or supply is locked. Undefined where it was booked before.
 */
export async function bookBetween(
  tx: Tx,
  policy: LibraryPolicy,
  kind: Kind,
  between: Between,
): Promise<IllTransaction | undefined> {
  const { costMinor, at, actor, ...given } = between;
  const { library, aboutId, side, currency } = given;
  if (await tx.findOne(IllTransaction, { library, aboutId, kind })) return undefined;
  const terms = kind === 'lost' ? 'account' : termsWith(policy, given.peer);
  const owed = terms === 'account' ? BigInt(costMinor) : 0n;
  const amount = side === 'supplier' ? owed : -owed;
  const operation = `ill:${side}:${kind}:${aboutId}`;
  const about = { library, currency, at, actor };
  const lines = linesOf(given.peer, accounts[side][kind], amount);
  const journalId =
    amount === 0n ? null : await book(tx, { ...about, operation, kind: `ill-${kind}`, lines });
  const row = tx.create(IllTransaction, {
    ...given,
    id: uuid(),
    kind,
    terms,
    amount,
    journalId,
    reverses: null,
    at,
  });
  await tx.flush();
  return row;
}

const linesOf = (peer: string, other: string, amount: bigint): Line[] => [
  { account: peerAccount(peer), amount },
  { account: other, amount: -amount },
];

interface Changing {
  /** Makes the change once. */
  readonly key: string;
  readonly at: Date;
  readonly actor: Actor;
  readonly reason: string;
  readonly remarkId?: string | undefined;
}

/** Locks what was shipped or lost, and answers it with what corrections have made of it. */
async function lockTransaction(
  tx: Tx,
  id: string,
): Promise<{ row: IllTransaction; amount: bigint; takenBack: boolean }> {
  await tx.execute('select id from ill_transaction where id = ? for no key update', [id]);
  const row = await tx.findOneOrFail(IllTransaction, { id });
  const changes = await tx.find(IllTransaction, { reverses: id });
  return {
    row,
    amount: changes.reduce((sum, change) => sum + change.amount, row.amount),
    takenBack: changes.some(({ kind }) => kind === 'taken-back'),
  };
}

/** Takes out of the books between two libraries what did not come about, once; false where there is nothing, or nothing any more. */
export async function takeBackBetween(
  tx: Tx,
  library: string,
  aboutId: string,
  change: Omit<Changing, 'key'>,
): Promise<boolean> {
  const shipped = await tx.findOne(IllTransaction, { library, aboutId, kind: 'shipped' });
  if (!shipped) return false;
  const { row, amount, takenBack } = await lockTransaction(tx, shipped.id);
  if (takenBack) return false;
  await changeBy(tx, row, 'taken-back', -amount, { ...change, key: `ill:taken-back:${row.id}` });
  return true;
}

/**
 * Corrects what was booked, to what both sides agree it came to (I17); `costMinor` is what the supplier gets. Answers the correction; undefined where it is that amount
 * already, or was taken back.
 */
export async function correctBetween(
  tx: Tx,
  transactionId: string,
  costMinor: number,
  change: Changing,
): Promise<IllTransaction | undefined> {
  const { row, amount, takenBack } = await lockTransaction(tx, transactionId);
  const wanted = row.side === 'supplier' ? BigInt(costMinor) : -BigInt(costMinor);
  if (takenBack || wanted === amount) return undefined;
  return changeBy(tx, row, 'corrected', wanted - amount, change);
}

async function changeBy(
  tx: Tx,
  row: IllTransaction,
  kind: 'taken-back' | 'corrected',
  amount: bigint,
  { key, at, actor, reason, remarkId }: Changing,
): Promise<IllTransaction> {
  const { library, peer, side, aboutId, reference, number, service, terms, currency } = row;
  const about = { library, currency, at, actor, reason, ...(remarkId !== undefined && { remarkId }) };
  const other = accounts[side][row.kind === 'lost' ? 'lost' : 'shipped'];
  const reverses = kind === 'taken-back' && row.journalId != null ? { reverses: row.journalId } : {};
  const booking = {
    ...about,
    ...reverses,
    operation: key,
    kind: `ill-${kind}`,
    lines: linesOf(peer, other, amount),
  };
  const journalId = amount === 0n ? null : await book(tx, booking);
  const same = { library, peer, side, aboutId, reference, number, service, terms, currency };
  const change = tx.create(IllTransaction, {
    ...same,
    id: uuid(),
    kind,
    amount,
    journalId,
    reverses: row.id,
    at,
  });
  await tx.flush();
  return change;
}
