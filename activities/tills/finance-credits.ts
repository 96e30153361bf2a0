import { Journal, Posting } from '../../db/entities/index.ts';
import { lockLibrary } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { book, card, financeCredit, transfer } from '../ledger.ts';

export interface EnterFinanceCredit extends Step {
  /** The booking's own id. */
  readonly creditId: string;
  readonly library: string;
  /** For what: `transfer:<way>` or `card:<branch>`. */
  readonly account: string;
  /** Minor units of the library's currency, more than zero. */
  readonly amountMinor: number;
  /** What stands on the finance office's list; staff write it. */
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface TakeBackFinanceCredit extends Step {
  readonly creditId: string;
  readonly library: string;
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface FinanceCreditEntered {
  readonly creditId: string;
}

/** What the institution's finance office has credited to the library for internal transfers and campus cards (P3, P4, P9). */
export function createFinanceCreditCommands({ orm, policies }: ActivityDeps) {
  return {
    enterFinanceCredit: (step: EnterFinanceCredit) =>
      once(orm, step, (tx) => enter(tx, policies.get(step.library), step)),
    takeBackFinanceCredit: (step: TakeBackFinanceCredit) => once(orm, step, (tx) => takeBack(tx, step)),
  };
}

/** Accounts on which money stands that no bank's statement will show, but the finance office's. */
function isCleared({ money, branches }: LibraryPolicy, account: string): boolean {
  return (
    money.ways.transfer.some(({ code }) => transfer(code) === account) ||
    branches.some(({ code }) => card(code) === account)
  );
}

/** Books what was credited, never more than is outstanding; so the daily comparison names what is not (P9). The library is locked: of two at once the second finds what the first left. */
async function enter(
  tx: Tx,
  policy: LibraryPolicy,
  step: EnterFinanceCredit,
): Promise<Refused | FinanceCreditEntered> {
  const { creditId: id, library, account, remarkId, actor } = step;
  if (!isCleared(policy, account)) return refuse({ code: 'finance-account-unknown' });
  await lockLibrary(tx, library);
  const { currency } = policy;
  const [row] = await tx.execute<{ open: string }[]>(
    `select coalesce(sum(amount), 0)::text as open from posting join journal on journal.id = journal_id
     where account = ? and library = ? and currency = ?`,
    [account, library, currency],
  );
  const [open, amount] = [BigInt(row?.open ?? 0), BigInt(step.amountMinor)];
  if (amount > open) return refuse({ code: 'finance-credit-exceeds', openMinor: Number(open) });
  await book(tx, {
    id,
    library,
    currency,
    actor,
    remarkId,
    at: new Date(step.now),
    operation: `finance-credit:${id}`,
    kind: 'finance-credit',
    lines: [
      { account, amount: -amount },
      { account: financeCredit, amount },
    ],
  });
  return { creditId: id };
}

/** Takes back what was entered by mistake, by a booking that reverses it (P10); once. */
async function takeBack(tx: Tx, step: TakeBackFinanceCredit): Promise<Refused | FinanceCreditEntered> {
  const { creditId, library, remarkId, actor } = step;
  await lockLibrary(tx, library);
  const entered = await tx.findOne(Journal, { id: creditId, library, kind: 'finance-credit' });
  const postings = entered ? await tx.find(Posting, { journalId: creditId }) : [];
  const [first] = postings;
  if (!entered || !first) return refuse({ code: 'finance-credit-unknown' });
  const before = await tx.findOne(Journal, { reverses: creditId });
  if (before) return refuse({ code: 'finance-credit-reversed', at: before.at.toISOString() });
  await book(tx, {
    library,
    currency: first.currency,
    actor,
    remarkId,
    at: new Date(step.now),
    operation: `reversal:${creditId}`,
    kind: 'reversal-finance-credit',
    reverses: creditId,
    reason: 'mistake',
    lines: postings.map(({ account, amount }) => ({ account, amount: -amount })),
  });
  return { creditId };
}
