import { type Charge, Dispute } from '../../db/entities/index.ts';
import { lockCharges, lockFamily, type LockedFamily } from '../../db/locks.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { decisionDueAt } from '../../domain/disputes.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { endDispute } from './dispute-rows.ts';
import { instant, toDate } from '../facts.ts';
import { debitCharges, debitsByItself } from '../payments/debits.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { chargeSubject, patronSubject, record } from '../record.ts';
import { openTask } from '../tasks.ts';
import { amountReasons, bookWaiver, inPayment, lockOpen } from './waivers.ts';

interface OwnCharge extends Step {
  readonly chargeId: string;
  readonly patronId: string;
  readonly actor: Actor;
}

export interface DisputeCharge extends OwnCharge {
  readonly disputeId: string;
  /** What the reader wrote. */
  readonly remarkId: string;
}

export type WithdrawDispute = OwnCharge;

export interface DecideDispute extends Step {
  readonly chargeId: string;
  readonly library: string;
  readonly decision: 'uphold' | 'reject';
  /** What is waived when it is upheld, in minor units; absent: all that is open. */
  readonly amountMinor?: number;
  /** The id of that waiver's journal. */
  readonly waiverId: string;
  /** What staff wrote; the reader is told. */
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface DisputeAnswer {
  readonly chargeId: string;
  /** What is open of the charge, in minor units. */
  readonly openMinor: number;
}

/** A reader objects to a charge before paying it, and staff decide (P7). */
export function createDisputeCommands(deps: ActivityDeps) {
  return {
    disputeCharge: (step: DisputeCharge) => once(deps.orm, step, (tx) => dispute(deps, tx, step)),
    withdrawDispute: (step: WithdrawDispute) => withdrawDispute(deps, step),
    decideDispute: (step: DecideDispute) => decideDispute(deps, step),
  };
}

const answerOf = ({ id: chargeId, remaining }: Charge): DisputeAnswer => ({
  chargeId,
  openMinor: Number(remaining),
});

/** A reader's own charge, reader and charge locked; undefined where it is somebody else's. */
async function lockOwn(
  tx: Tx,
  { chargeId, patronId }: OwnCharge,
): Promise<{ family: LockedFamily; charge: Charge } | undefined> {
  const family = await lockFamily(tx, patronId);
  const [charge] = await lockCharges(tx, [chargeId]);
  return family && charge?.patronId === patronId ? { family, charge } : undefined;
}

/** A charge that counts again is taken from the balance like one that falls due (P2), where the policy says so. Answers whom to wake after the commit. */
async function dueAgain(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  charge: Charge,
  at: Date,
): Promise<readonly string[]> {
  if (!debitsByItself(policy)) return [];
  await tx.flush();
  return debitCharges(tx, policy, family, [charge], at);
}

/** Holds the charge out of what is to be paid, and puts it on staff's work list. Once: what staff have decided stands. */
async function dispute(deps: ActivityDeps, tx: Tx, step: DisputeCharge): Promise<Refused | DisputeAnswer> {
  const own = await lockOwn(tx, step);
  if (!own) return refuse({ code: 'charge-unknown', chargeId: step.chargeId });
  const { family, charge } = own;
  const policy = deps.policies.get(charge.library);
  const reasons = await disputeReasons(tx, policy, charge);
  if (reasons.length > 0) return refuse(...reasons);
  const { disputeId: id, remarkId, actor } = step;
  const at = new Date(step.now);
  const { library, patronId, remaining: disputed } = charge;
  tx.create(Dispute, {
    id,
    library,
    chargeId: charge.id,
    patronId,
    remarkId,
    state: 'open',
    disputed,
    openedAt: at,
  });
  charge.disputedAt = at;
  await openTask(tx, chargeSubject(charge), {
    kind: 'charge-disputed',
    branch: null,
    workflowId: '',
    at,
    dueAt: toDate(decisionDueAt(policy, await closuresFrom(tx, library, at), instant(at))),
  });
  const detail = { chargeId: charge.id, disputeId: id, remarkId };
  record(tx, patronSubject(family.main), { kind: 'charge-disputed', actor, at, detail });
  return answerOf(charge);
}

async function disputeReasons(tx: Tx, { money }: LibraryPolicy, charge: Charge): Promise<Reason[]> {
  const { id: chargeId, remaining, disputedAt } = charge;
  if (money.disputes === 'none') return [{ code: 'dispute-not-offered' }];
  if (disputedAt) return [{ code: 'charge-disputed', chargeId }];
  if (remaining === 0n) return [{ code: 'charge-settled', chargeId }];
  const decided = await tx.findOne(Dispute, { chargeId, state: { $in: ['upheld', 'rejected'] } });
  return [
    ...(decided ? [{ code: 'dispute-decided', chargeId } as const] : []),
    ...(await inPayment(tx, chargeId)),
  ];
}

/** The reader gives it up: the charge is due again. */
async function withdrawDispute(deps: ActivityDeps, step: WithdrawDispute): Promise<Refused | DisputeAnswer> {
  const { wake, ...answer } = await once(deps.orm, step, async (tx) => {
    const own = await lockOwn(tx, step);
    if (!own) return { ...refuse({ code: 'charge-unknown', chargeId: step.chargeId }), wake: [] };
    const { family, charge } = own;
    const at = new Date(step.now);
    const { actor } = step;
    const ended = await endDispute(tx, charge, { state: 'withdrawn', at, actor });
    if (!ended) return { ...refuse({ code: 'dispute-unknown', chargeId: charge.id }), wake: [] };
    const detail = { chargeId: charge.id, disputeId: ended.id };
    record(tx, patronSubject(family.main), { kind: 'dispute-withdrawn', actor, at, detail });
    const woken = await dueAgain(tx, deps.policies.get(charge.library), family, charge, at);
    return { ...answerOf(charge), wake: woken };
  });
  await deps.engine.wake(wake);
  return answer;
}

/** Staff decide: upheld, it is waived, wholly or in part; rejected, it is due again, as is what was not waived. Of two at once the second is told that it has been decided. */
async function decideDispute(
  deps: ActivityDeps,
  step: DecideDispute,
): Promise<Refused | (DisputeAnswer & { deliver: string[] })> {
  const { wake, ...answer } = await once(deps.orm, step, async (tx) => {
    const { chargeId, decision, remarkId, actor, amountMinor } = step;
    const open = await lockOpen(tx, step);
    if (!open) return { ...refuse({ code: 'charge-unknown', chargeId }), wake: [] };
    const { family, charge } = open;
    const amount = decision === 'uphold' ? BigInt(amountMinor ?? charge.remaining) : 0n;
    const reasons = await decisionReasons(tx, charge, amount);
    if (reasons.length > 0) return { ...refuse(...reasons), wake: [] };
    const at = new Date(step.now);
    const policy = deps.policies.get(charge.library);
    const state = decision === 'uphold' ? 'upheld' : 'rejected';
    const ended = await endDispute(tx, charge, { state, at, actor, remarkId });
    const detail = { chargeId, disputeId: ended?.id, remarkId };
    if (state === 'rejected')
      record(tx, patronSubject(family.main), { kind: 'dispute-rejected', actor, at, detail });
    else {
      const given = { amountMinor: Number(amount), currency: charge.currency };
      record(tx, patronSubject(family.main), {
        kind: 'dispute-upheld',
        actor,
        at,
        detail: { ...detail, ...given },
      });
    }
    const waiver = { ...step, amount, at, reason: 'dispute-upheld' } as const;
    const waived = amount > 0n ? await bookWaiver(tx, policy, family, charge, waiver) : [];
    const due = charge.remaining;
    const woken = [...waived, ...(await dueAgain(tx, policy, family, charge, at))];
    const decided = { waivedMinor: Number(amount), debitedMinor: Number(due - charge.remaining) };
    const noticeId = await queueNotice(tx, policy, family.main, patronSubject(family.main), {
      kind: 'dispute-decided',
      cause: ended?.id ?? chargeId,
      at,
      content: { chargeId, ...decided, openMinor: Number(charge.remaining), remarkId },
    });
    return { ...answerOf(charge), deliver: noticeId ? [noticeId] : [], wake: woken };
  });
  await deps.engine.wake(wake);
  return answer;
}

async function decisionReasons(tx: Tx, charge: Charge, amount: bigint): Promise<Reason[]> {
  const { id: chargeId, disputedAt } = charge;
  if (disputedAt) return amountReasons(charge, amount);
  const before = await tx.findOne(Dispute, { chargeId }, { orderBy: { openedAt: 'desc' } });
  return [{ code: before ? 'dispute-decided' : 'dispute-unknown', chargeId }];
}
