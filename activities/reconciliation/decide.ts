import { v7 as uuid } from 'uuid';
import { Checkout, GatewayCapture, Payment } from '../../db/entities/index.ts';
import { lockFamily } from '../../db/locks.ts';
import { once, type Tx } from '../../db/transaction.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { ActivityDeps } from '../deps.ts';
import { gateway } from '../ledger.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import { resolveTask } from '../tasks.ts';
import { type AssignGatewayReturn, assignGatewayReturn } from './assign-return.ts';
import {
  type DifferenceDecided,
  lockDifference,
  type LockedDifference,
  type OfDifference,
  solve,
} from './locked.ts';

export interface AcknowledgeDifference extends OfDifference {
  /** Why it may stay. */
  readonly remarkId: string;
}

export interface CreditGatewayMoney extends OfDifference {
  /** Whose money it is. */
  readonly patronId: string;
  /** The payment's own id. */
  readonly paymentId: string;
}

export interface MoneyCredited extends DifferenceDecided {
  readonly paymentId: string;
  /** Notices to deliver. */
  readonly deliver: readonly string[];
}

/** What staff decide about what differs (P8, P9). */
export function createDifferenceCommands(deps: ActivityDeps) {
  return {
    acknowledgeDifference: (step: AcknowledgeDifference) =>
      once(deps.orm, step, (tx) => acknowledgeDifference(tx, step)),
    assignGatewayReturn: (step: AssignGatewayReturn) => assignGatewayReturn(deps, step),
    creditGatewayMoney: (step: CreditGatewayMoney) => creditGatewayMoney(deps, step),
    returnGatewayMoney: (step: OfDifference) => once(deps.orm, step, (tx) => returnGatewayMoney(tx, step)),
  };
}

/** Takes note of a difference that may stay, with the reason; it no longer keeps its month open (P9). It holds until the amount changes. */
async function acknowledgeDifference(
  tx: Tx,
  step: AcknowledgeDifference,
): Promise<Refused | DifferenceDecided> {
  const row = await lockDifference(tx, step);
  if ('refused' in row) return row;
  const values = [new Date(step.now), step.actor, step.remarkId, row.id];
  await tx.execute(
    'update difference set acknowledged_at = ?, acknowledged_by = ?, remark_id = ? where id = ?',
    values,
  );
  return { differenceId: row.id };
}

/** Money that a gateway took and of which nothing was known here, and that nobody has sent back. */
function reasonsAgainst({ kind, detail }: LockedDifference): Reason[] {
  if (kind !== 'gateway-unknown') return [{ code: 'difference-not-creditable' }];
  return detail.refundId === undefined ? [] : [{ code: 'difference-solved' }];
}

/**
 * Credits money that a gateway took, and that belongs to no payment of ours, to the reader who paid it (P8): a payment of its own, booked under the gateway's own id of
 * the money as any other, so that it is booked once for ever.
 */
async function creditGatewayMoney(
  deps: ActivityDeps,
  step: CreditGatewayMoney,
): Promise<Refused | MoneyCredited> {
  const answer = await once(deps.orm, step, async (tx) => {
    const family = await lockFamily(tx, step.patronId);
    if (!family || family.main.library !== step.library) return refuse({ code: 'patron-unknown' });
    const row = await lockDifference(tx, step);
    if ('refused' in row) return row;
    const policy = deps.policies.get(step.library);
    const reasons = reasonsAgainst(row);
    if (row.currency !== policy.currency) reasons.push({ code: 'difference-not-creditable' });
    if (reasons.length > 0) return refuse(...reasons);
    const payment = await beginCredit(tx, row, step);
    const provider = row.account.slice(gateway('').length);
    const at = new Date(step.now);
    const { journalId, wake, deliver } = await settlePayment(tx, policy, family, payment, {
      operation: `gateway:${step.library}:${provider}:${row.subject_id}`,
      account: row.account,
      amount: BigInt(row.amount),
      at,
      actor: step.actor,
    });
    tx.create(GatewayCapture, {
      id: uuid(),
      library: step.library,
      provider,
      ref: row.subject_id,
      paymentId: step.paymentId,
      journalId,
      amount: BigInt(row.amount),
      currency: row.currency,
      takenAt: new Date(row.since),
      seenAt: at,
    });
    await solve(tx, row, step, 'kept');
    return { differenceId: row.id, paymentId: step.paymentId, wake, deliver };
  });
  if ('refused' in answer) return answer;
  const { wake, ...credited } = answer;
  await deps.engine.wake(wake);
  return credited;
}

async function beginCredit(tx: Tx, row: LockedDifference, step: CreditGatewayMoney): Promise<Payment> {
  const { library, patronId, paymentId: id, actor, now } = step;
  const amount = BigInt(row.amount);
  const payment = tx.create(Payment, {
    id,
    library,
    patronId,
    means: 'online',
    state: 'open',
    amount,
    prepaid: amount,
    received: 0n,
    currency: row.currency,
    provider: row.account.slice(gateway('').length),
    actor,
    begunAt: new Date(now),
    expiresAt: new Date(now),
  });
  await tx.flush();
  tx.create(Checkout, { paymentId: id, state: 'paid', kept: 0n, lookedAt: new Date(now) });
  await tx.flush();
  return payment;
}

/** Decides that it goes back the way it came; the comparison asks the gateway for it, and again until it has an answer. */
async function returnGatewayMoney(tx: Tx, step: OfDifference): Promise<Refused | DifferenceDecided> {
  const row = await lockDifference(tx, step);
  if ('refused' in row) return row;
  const reasons = reasonsAgainst(row);
  if (reasons.length > 0) return refuse(...reasons);
  const wanted = JSON.stringify({ refundId: uuid(), refundBy: step.actor });
  await tx.execute('update difference set detail = detail || ?::jsonb where id = ?', [wanted, row.id]);
  const by = { at: new Date(step.now), by: step.actor, outcome: 'sent-back' };
  await resolveTask(tx, 'gateway-money', row.id, by);
  await tx.flush();
  return { differenceId: row.id };
}
