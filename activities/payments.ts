import { type Charge, type Patron, Payment, PaymentLine } from '../db/entities/index.ts';
import { lockCharges, lockFamily, type LockedFamily } from '../db/locks.ts';
import { once, type Step, type Tx } from '../db/transaction.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../domain/refusal.ts';
import type { Actor } from '../domain/roles.ts';
import type { ActivityDeps } from './deps.ts';
import { cash, prepaid } from './ledger.ts';
import { reversePayment, type ReversePayment } from './payment-reversals.ts';
import { settlePayment } from './settle-payment.ts';

/** How much is paid of a charge; minor units, more than zero. */
export interface LineWish {
  readonly chargeId: string;
  readonly amountMinor: number;
}

export interface TakePayment extends Step {
  /** The payment's own id; its journal has it. */
  readonly paymentId: string;
  readonly patronId: string;
  readonly lines: readonly LineWish[];
  /** Cash into the till of the branch, or from what the reader has paid and not used. */
  readonly means: 'cash' | 'credit';
  readonly branch: string;
  readonly actor: Actor;
}

export interface PaymentTaken {
  readonly paymentId: string;
  /** Until when the card is paid now, `YYYY-MM-DD`. */
  readonly paidUntil: string | null;
  /** Processes to be woken after the commit. */
  readonly wake: readonly string[];
  /** The mail with the receipt. */
  readonly deliver: readonly string[];
}

/** What the cashier does with a reader's money. */
export function createPaymentCommands(deps: ActivityDeps) {
  return {
    takePayment: (step: TakePayment) => takePayment(deps, step),
    reversePayment: (step: ReversePayment) => reversePayment(deps, step),
  };
}

/** Books a payment, and wakes the fee's process; the extension does not wait for it. */
async function takePayment(deps: ActivityDeps, step: TakePayment): Promise<Refused | PaymentTaken> {
  const answer = await once(deps.orm, step, async (tx) => {
    const family = await lockFamily(tx, step.patronId);
    if (!family) return refuse({ code: 'patron-unknown' });
    return payCharges(tx, deps.policies.get(family.main.library), family, step);
  });
  if ('paymentId' in answer) await deps.engine.wake(answer.wake);
  return answer;
}

/**
 * Books a payment of one or several charges of a reader (P10): cash or credit against receivable, wholly or in part, all lines or none. A usage fee that is paid in
 * full extends the main card and all its sub cards in the same transaction (F3). Of two that pay the same charge at once the second finds it settled. The
 * reader's family is locked; the charges are locked here, last in the order of locks.
 */
export async function payCharges(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  payment: Omit<TakePayment, 'operation'>,
): Promise<Refused | PaymentTaken> {
  const { lines, means, branch, paymentId: id, actor } = payment;
  const { main } = family;
  const charges = new Map(
    (
      await lockCharges(
        tx,
        lines.map(({ chargeId }) => chargeId),
      )
    ).map((charge) => [charge.id, charge]),
  );
  const total = lines.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
  const reasons = lines.flatMap((line) => lineReasons(charges.get(line.chargeId), main.id, line));
  if (!policy.branches.some(({ code }) => code === branch)) reasons.push({ code: 'branch-unknown', branch });
  if (means === 'credit') reasons.push(...(await creditReasons(tx, main.id, total)));
  if (reasons.length > 0) return refuse(...reasons);

  const at = new Date(payment.now);
  const row = await beginPayment(tx, main, {
    id,
    means,
    branch,
    actor,
    at,
    lines,
    currency: policy.currency,
    total,
  });
  const account = means === 'cash' ? cash(branch) : prepaid(main.id);
  const money = { operation: `payment:${id}`, journalId: id, account, amount: total, at, actor };
  const { wake, deliver } = await settlePayment(tx, policy, family, row, money);
  return { paymentId: id, paidUntil: main.paidUntil ?? null, wake, deliver };
}

interface Beginning extends Pick<TakePayment, 'means' | 'branch' | 'actor' | 'lines'> {
  readonly id: string;
  readonly currency: string;
  readonly total: bigint;
  readonly at: Date;
}

async function beginPayment(
  tx: Tx,
  { library, id: patronId }: Patron,
  beginning: Beginning,
): Promise<Payment> {
  const { lines, total, at, ...given } = beginning;
  const row = tx.create(Payment, {
    ...given,
    library,
    patronId,
    state: 'open',
    amount: total,
    prepaid: 0n,
    received: 0n,
    begunAt: at,
  });
  await tx.flush();
  lines.forEach(({ chargeId, amountMinor }, position) => {
    const line = { paymentId: row.id, chargeId, position, amount: BigInt(amountMinor), open: true };
    tx.create(PaymentLine, line);
  });
  return row;
}

function lineReasons(charge: Charge | undefined, patronId: string, line: LineWish): Reason[] {
  const { chargeId, amountMinor } = line;
  if (!charge || charge.patronId !== patronId) return [{ code: 'charge-unknown', chargeId }];
  if (charge.remaining === 0n) return [{ code: 'charge-settled', chargeId }];
  const openMinor = Number(charge.remaining);
  return amountMinor > openMinor ? [{ code: 'payment-exceeds-charge', chargeId, openMinor }] : [];
}

async function creditReasons(tx: Tx, patronId: string, total: bigint): Promise<Reason[]> {
  const creditMinor = await creditOf(tx, patronId);
  return BigInt(creditMinor) < total ? [{ code: 'credit-too-small', creditMinor }] : [];
}

/** What a reader has paid and not used, in minor units. */
export async function creditOf(tx: Tx, patronId: string): Promise<number> {
  const sql = 'select coalesce(-sum(amount), 0)::float8 as credit from posting where account = ?';
  const [row] = await tx.execute<{ credit: number }[]>(sql, [prepaid(patronId)]);
  return row?.credit ?? 0;
}
