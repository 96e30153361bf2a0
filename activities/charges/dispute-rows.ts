import { type Charge, Dispute } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { DisputeState } from '../../domain/disputes.ts';
import type { Actor } from '../../domain/roles.ts';
import { resolveTask } from '../tasks.ts';

export interface DisputeEnd {
  readonly state: Exclude<DisputeState, 'open'>;
  readonly at: Date;
  readonly actor: Actor;
  /** What staff wrote to it. */
  readonly remarkId?: string | undefined;
}

/** Ends a charge's open dispute, if there is one, and staff's task with it; the charge counts again. The charge is locked. Answers the dispute. */
export async function endDispute(
  tx: Tx,
  charge: Charge,
  { state, at, actor, remarkId }: DisputeEnd,
): Promise<Dispute | undefined> {
  if (!charge.disputedAt) return undefined;
  const dispute = await tx.findOneOrFail(Dispute, { chargeId: charge.id, state: 'open' }, { refresh: true });
  charge.disputedAt = null;
  tx.assign(dispute, { state, decidedAt: at, decidedBy: actor, decisionRemarkId: remarkId ?? null });
  const outcome = state === 'upheld' || state === 'rejected' ? state : 'dropped';
  await resolveTask(tx, 'charge-disputed', charge.id, { at, by: actor, outcome, remarkId });
  return dispute;
}
