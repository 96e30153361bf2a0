import { lockPatron } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { creditOf } from '../payments/credit.ts';
import type { ActivityDeps } from '../deps.ts';
import { cash, prepaid } from '../ledger.ts';
import { refundableOf } from '../payments/refundable.ts';
import { handOver } from './hand-over.ts';
import { contentReasons, lockTill, sessionReasons } from './tills.ts';

export interface PayOut extends Step {
  /** The booking's own id. */
  readonly payoutId: string;
  readonly patronId: string;
  /** Minor units, more than zero. */
  readonly amountMinor: number;
  /** Out of whose till. */
  readonly branch: string;
  readonly actor: Actor;
}

export interface PaidOut {
  readonly payoutId: string;
  /** What is left of the balance, in minor units. */
  readonly creditMinor: number;
  /** The notice with the receipt, to be delivered after the commit. */
  readonly deliver: readonly string[];
}

/** The cashier gives readers back what they have paid and not used. */
export function createPayoutCommands(deps: ActivityDeps) {
  return { payOut: (step: PayOut) => once(deps.orm, step, (tx) => payOut(deps, tx, step)) };
}

/**
 * Pays balance out in cash (P2), also of a closed card. Never what was paid online (P7) or has been invoiced (P6), and never more than is in the till; every reason at
 * once. Locks the reader, then the till.
 */
async function payOut(deps: ActivityDeps, tx: Tx, step: PayOut): Promise<Refused | PaidOut> {
  const patron = await lockPatron(tx, step.patronId);
  if (!patron) return refuse({ code: 'patron-unknown' });
  const { library, id: patronId } = patron;
  const policy = deps.policies.get(library);
  const { branch, actor, payoutId } = step;
  const amount = BigInt(step.amountMinor);
  const { credit } = await creditOf(tx, patron);
  const reasons = [
    ...wayReasons(policy, branch),
    ...(await balanceReasons(tx, patronId, { credit, amount })),
  ];
  const till = await lockTill(tx, library, branch);
  reasons.push(...sessionReasons(policy, till), ...(await contentReasons(tx, till, amount)));
  if (reasons.length > 0) return refuse(...reasons);
  const deliver = await handOver(tx, policy, patron, till, {
    id: payoutId,
    operation: `payout:${payoutId}`,
    kind: 'payout-cash',
    lines: [
      { account: prepaid(patronId), amount },
      { account: cash(branch), amount: -amount },
    ],
    event: { kind: 'credit-paid-out', detail: { payoutId } },
    document: { kind: 'payout', amountMinor: step.amountMinor, means: 'cash' },
    at: new Date(step.now),
    actor,
  });
  return { payoutId, creditMinor: Number(credit - amount), deliver };
}

function wayReasons({ branches, money: { ways } }: LibraryPolicy, branch: string): Reason[] {
  if (!branches.some(({ code }) => code === branch)) return [{ code: 'branch-unknown', branch }];
  const offered = ways.cash !== 'none' && (ways.credit === 'none' || ways.credit.payOut);
  return offered ? [] : [{ code: 'means-not-offered', means: 'cash' }];
}

async function balanceReasons(
  tx: Tx,
  patronId: string,
  { credit, amount }: { readonly credit: bigint; readonly amount: bigint },
): Promise<Reason[]> {
  if (credit < amount) return [{ code: 'credit-too-small', creditMinor: Number(credit) }];
  const refundable = await refundableOf(tx, patronId, credit);
  return refundable < amount ? [{ code: 'credit-not-refundable', refundableMinor: Number(refundable) }] : [];
}
