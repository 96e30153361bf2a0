import type { Patron } from '../../db/entities/index.ts';
import { lockPatron } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { paidAtDesk } from '../../domain/policy-ways.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { balanceOf } from '../payments/credit.ts';
import type { ActivityDeps } from '../deps.ts';
import { card, cash, deposit as depositOf } from '../ledger.ts';
import { handOver } from './hand-over.ts';
import { contentReasons, lockTill, sessionReasons, type Till } from './tills.ts';

export interface MoveDeposit extends Step {
  /** The booking's own id. */
  readonly depositId: string;
  readonly patronId: string;
  readonly direction: 'taken' | 'returned';
  /** Minor units, more than zero. */
  readonly amountMinor: number;
  /** A deposit is given back in cash only. */
  readonly means: 'cash' | 'card';
  readonly branch: string;
  readonly actor: Actor;
}

export interface DepositMoved {
  readonly depositId: string;
  /** What the reader has deposited now, in minor units. */
  readonly heldMinor: number;
  /** The notice with the receipt, to be delivered after the commit. */
  readonly deliver: readonly string[];
}

/** The cashier takes deposits (押金, A6) and gives them back. */
export function createDepositCommands(deps: ActivityDeps) {
  return { moveDeposit: (step: MoveDeposit) => once(deps.orm, step, (tx) => moveDeposit(deps, tx, step)) };
}

/**
 * Books a deposit that is taken or given back (A6, P10). What the account is to leave stands in its data and is for staff to go by; what it has left is this booking's
 * account alone. What is given back is no longer asked for. Locks the reader, then the till.
 */
async function moveDeposit(deps: ActivityDeps, tx: Tx, step: MoveDeposit): Promise<Refused | DepositMoved> {
  const patron = await lockPatron(tx, step.patronId);
  if (!patron) return refuse({ code: 'patron-unknown' });
  const policy = deps.policies.get(patron.library);
  const held = await balanceOf(tx, depositOf(patron.id));
  const till = await lockTill(tx, patron.library, step.branch);
  const reasons = await reasonsAgainst(tx, policy, { patron, till, held, step });
  if (reasons.length > 0) return refuse(...reasons);
  const after = held + signed(step);
  const deliver = await write(tx, policy, patron, till, step);
  if (step.direction === 'returned' && patron.deposit > after) patron.deposit = after;
  return { depositId: step.depositId, heldMinor: Number(after), deliver };
}

const signed = ({ direction, amountMinor }: MoveDeposit): bigint =>
  BigInt(direction === 'taken' ? amountMinor : -amountMinor);

interface Facts {
  readonly patron: Patron;
  readonly till: Till;
  readonly held: bigint;
  readonly step: MoveDeposit;
}

async function reasonsAgainst(
  tx: Tx,
  policy: LibraryPolicy,
  { patron, till, held, step }: Facts,
): Promise<Reason[]> {
  const { branch, means, direction, amountMinor } = step;
  if (!policy.branches.some(({ code }) => code === branch)) return [{ code: 'branch-unknown', branch }];
  const back = direction === 'returned';
  const inCash = back || means === 'cash';
  const offered = paidAtDesk(policy.money.ways, back ? 'cash' : means, branch);
  return [
    ...(offered ? [] : [{ code: 'means-not-offered', means: back ? 'cash' : means } as const]),
    ...(!back && patron.closedAt ? [{ code: 'patron-closed' } as const] : []),
    ...(back && held < BigInt(amountMinor)
      ? [{ code: 'deposit-too-small', depositMinor: Number(held) } as const]
      : []),
    ...(inCash ? sessionReasons(policy, till) : []),
    ...(back ? await contentReasons(tx, till, BigInt(amountMinor)) : []),
  ];
}

async function write(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  till: Till,
  step: MoveDeposit,
): Promise<readonly string[]> {
  const { depositId: id, direction, branch, actor, amountMinor } = step;
  const taken = direction === 'taken';
  const means = taken ? step.means : 'cash';
  const amount = signed(step);
  const kind = taken ? 'deposit-taken' : 'deposit-returned';
  return handOver(tx, policy, patron, till, {
    id,
    operation: `deposit:${id}`,
    kind,
    lines: [
      { account: means === 'card' ? card(branch) : cash(branch), amount },
      { account: depositOf(patron.id), amount: -amount },
    ],
    event: { kind, detail: { depositId: id } },
    document: { kind: taken ? 'deposit' : 'deposit-return', amountMinor, means },
    at: new Date(step.now),
    actor,
  });
}
