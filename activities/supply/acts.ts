import { lockSupply } from '../../db/locks.ts';
import { once } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { isSupplyEnded } from '../../domain/supply.ts';
import type { ActivityDeps, Roused } from '../deps.ts';
import { answerCancel, ask, leaveUnfilled, notify, offerRetry, promise } from './answers.ts';
import type { SupplyInHand } from './desk.ts';
import { giveUp, recall, receiveBack, sayOverdue } from './out.ts';
import { answerRenewal } from './renewals.ts';
import { ship } from './ship.ts';
import { planNextLook, supplyStanding } from './standing.ts';
import type { ActOnSupply, SupplyOutcome } from './steps.ts';

type ActNamed<N> = Extract<ActOnSupply, { act: N }>;
type Acts = {
  readonly [N in ActOnSupply['act']]: (hand: SupplyInHand, step: ActNamed<N>) => Promise<Refused | undefined>;
};

const acts: Acts = {
  promise,
  ask,
  unfilled: leaveUnfilled,
  retry: offerRetry,
  ship,
  recall,
  overdue: sayOverdue,
  'answer-renewal': answerRenewal,
  'answer-cancel': answerCancel,
  'receive-back': receiveBack,
  lost: giveUp,
  notify,
};

/** Of a request that is forwarded the librarian of the centre does nothing by hand but write notes: its answers are its supplier's. */
const byHand = new Set<ActOnSupply['act']>(['notify']);

type Kept = SupplyOutcome & { readonly rouse: readonly Roused[]; readonly wake: readonly string[] };

/** Does what staff want with an outside request, once, under its lock (I8); what is said is queued in the same transaction. */
export async function actOnSupply(deps: ActivityDeps, step: ActOnSupply): Promise<SupplyOutcome> {
  const { rouse, wake, ...outcome } = await once(deps.orm, step, async (tx): Promise<Kept> => {
    const nobody = { rouse: [], wake: [] };
    const supply = await lockSupply(tx, step.supplyId);
    if (!supply) return { ...refuse({ code: 'supply-unknown' }), ...nobody };
    if (isSupplyEnded(supply.status))
      return { ...refuse({ code: 'supply-ended', status: supply.status }), ...nobody };
    if (supply.forwards && !byHand.has(step.act))
      return { ...refuse({ code: 'supply-forwarded' }), ...nobody };
    const policy = deps.policies.get(supply.library);
    const hand: SupplyInHand = {
      deps,
      tx,
      policy,
      supply,
      at: new Date(step.now),
      actor: step.actor,
      rouse: [],
      wake: [],
    };
    const refusal = await acts[step.act](hand, step as never);
    if (refusal) return { ...refusal, ...nobody };
    planNextLook(policy, supply);
    await tx.flush();
    return { standing: supplyStanding(supply, step.now), rouse: hand.rouse, wake: hand.wake };
  });
  await Promise.all([deps.engine.rouse(rouse), deps.engine.wake(wake)]);
  return outcome;
}
