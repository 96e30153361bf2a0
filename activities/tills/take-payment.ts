import { lockCharges, lockFamily, type LockedFamily } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { paidAtDesk } from '../../domain/policy-ways.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { chargeReasons } from '../payments/charge-reasons.ts';
import { creditOf } from '../payments/credit.ts';
import type { ActivityDeps } from '../deps.ts';
import {
  type DeskMeans,
  type DeskPayment,
  type LineWish,
  totalOf,
  writeDeskPayment,
} from './desk-payment.ts';
import { card, cash, prepaid } from '../ledger.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import { inTill, lockTill, sessionReasons, type Till } from './tills.ts';

export interface TakePayment extends Step {
  /** The payment's own id; its journal has it. */
  readonly paymentId: string;
  readonly patronId: string;
  readonly lines: readonly LineWish[];
  /** What is paid in besides, for the reader's balance (P2); minor units. With no lines it is more than zero. */
  readonly prepaidMinor?: number;
  /** Cash into the till of the branch, the campus card at its reader, or from what the reader has paid and not used. */
  readonly means: DeskMeans;
  readonly branch: string;
  readonly actor: Actor;
}

export interface PaymentTaken {
  readonly paymentId: string;
  /** Until when the card is paid now, `YYYY-MM-DD`. */
  readonly paidUntil: string | null;
  /** Processes to be woken after the commit. */
  readonly wake: readonly string[];
  /** The mails with the receipt and the invoice. */
  readonly deliver: readonly string[];
}

/** Books a payment at the desk (P2, P3), and wakes the processes that waited for it; the extension of a card does not wait for them. */
export async function takePayment(deps: ActivityDeps, step: TakePayment): Promise<Refused | PaymentTaken> {
  const answer = await once(deps.orm, step, async (tx) => {
    const family = await lockFamily(tx, step.patronId);
    if (!family) return refuse({ code: 'patron-unknown' });
    return payCharges(tx, deps.policies.get(family.main.library), family, step);
  });
  if ('paymentId' in answer) await deps.engine.wake(answer.wake);
  return answer;
}

/**
 * Books a payment of one or several charges of a reader, and what is paid in for the balance (P2, P10): all of it or none, and every reason against it at once. A usage
 * fee that is paid in full extends the main card and all its sub cards in the same transaction (F3). Of two that pay the same charge at once the second finds it
 * settled; of two that use the same balance the second finds what the first left. The reader's family is locked; charges and till are locked here.
 */
export async function payCharges(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  wish: Omit<TakePayment, 'operation'>,
): Promise<Refused | PaymentTaken> {
  const { main } = family;
  const payment = paymentOf(policy, wish);
  const charges = await lockCharges(
    tx,
    wish.lines.map(({ chargeId }) => chargeId),
  );
  const reasons = [
    ...(await chargeReasons(tx, main.id, charges, wish.lines)),
    ...wayReasons(policy, wish),
    ...(main.closedAt && payment.prepaid > 0n ? [{ code: 'patron-closed' } as const] : []),
    ...(payment.means === 'credit' ? await creditReasons(tx, family, totalOf(payment)) : []),
  ];
  const till = payment.means === 'credit' ? undefined : await lockTill(tx, main.library, wish.branch);
  if (till && payment.means === 'cash') reasons.push(...sessionReasons(policy, till));
  if (reasons.length > 0) return refuse(...reasons);
  const { wake, deliver } = await settle(tx, policy, family, payment, till);
  return { paymentId: payment.id, paidUntil: main.paidUntil ?? null, wake, deliver };
}

type BranchPayment = DeskPayment & { readonly branch: string };

function paymentOf({ currency }: LibraryPolicy, wish: Omit<TakePayment, 'operation'>): BranchPayment {
  const { paymentId: id, lines, prepaidMinor = 0, means, branch, actor, now } = wish;
  return { id, means, branch, actor, lines, currency, prepaid: BigInt(prepaidMinor), at: new Date(now) };
}

async function settle(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  payment: BranchPayment,
  till: Till | undefined,
) {
  const { id, at, actor } = payment;
  const row = await writeDeskPayment(tx, family.main, payment);
  const account = accountOf(payment, family.main.id);
  const money = { operation: `payment:${id}`, journalId: id, account, amount: row.amount, at, actor };
  return settlePayment(tx, policy, family, row, { ...money, ...(till && inTill(till)) });
}

function accountOf({ means, branch }: BranchPayment, patronId: string): string {
  if (means === 'credit') return prepaid(patronId);
  return means === 'cash' ? cash(branch) : card(branch);
}

/** Whether the library takes this way there, and has balances to pay into. */
function wayReasons(
  { branches, money: { ways } }: LibraryPolicy,
  { branch, means, prepaidMinor = 0 }: Omit<TakePayment, 'operation'>,
): Reason[] {
  if (!branches.some(({ code }) => code === branch)) return [{ code: 'branch-unknown', branch }];
  const wanted: DeskMeans[] = prepaidMinor > 0 ? [means, 'credit'] : [means];
  return wanted
    .filter((each) => !paidAtDesk(ways, each, branch))
    .map((each) => ({ code: 'means-not-offered', means: each }));
}

async function creditReasons(tx: Tx, { main }: LockedFamily, total: bigint): Promise<Reason[]> {
  const { available } = await creditOf(tx, main);
  return available < total ? [{ code: 'credit-too-small', creditMinor: Number(available) }] : [];
}
