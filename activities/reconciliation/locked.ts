import type { Step, Tx } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { resolveTask } from '../tasks.ts';

export interface OfDifference extends Step {
  readonly differenceId: string;
  readonly library: string;
  readonly actor: Actor;
}

export interface DifferenceDecided {
  readonly differenceId: string;
}

/** A difference as it is decided on; amounts are minor units as text. */
export interface LockedDifference {
  readonly id: string;
  readonly kind: string;
  readonly subject_id: string;
  readonly account: string;
  readonly amount: string;
  readonly currency: string;
  readonly since: string;
  readonly solved_at: string | null;
  readonly detail: { readonly refundId?: string; readonly of?: string | null };
}

/** A difference's row comes last in the order of locks. */
export async function lockDifference(
  tx: Tx,
  { differenceId, library }: Pick<OfDifference, 'differenceId' | 'library'>,
): Promise<LockedDifference | Refused> {
  const [row] = await tx.execute<LockedDifference[]>(
    'select * from difference where id = ? and library = ? for no key update',
    [differenceId, library],
  );
  if (!row) return refuse({ code: 'difference-unknown' });
  return row.solved_at === null ? row : refuse({ code: 'difference-solved' });
}

/** Ends a difference by a decision, and its task with it. */
export async function solve(
  tx: Tx,
  { id, kind }: Pick<LockedDifference, 'id' | 'kind'>,
  { now, actor }: Pick<OfDifference, 'now' | 'actor'>,
  outcome: 'kept' | 'settled',
): Promise<void> {
  const at = new Date(now);
  await tx.execute('update difference set solved_at = ? where id = ?', [at, id]);
  const task = kind === 'gateway-refund' ? 'gateway-refund' : 'gateway-money';
  await resolveTask(tx, task, id, { at, by: actor, outcome });
  await tx.flush();
}
