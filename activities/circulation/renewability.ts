import type { Loan, Patron } from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { heldByOthers } from '../../db/queries/queue.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Channel } from '../../domain/patrons.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Reason } from '../../domain/refusal.ts';
import { renewalReasons } from '../../domain/renewals.ts';
import { instant, patronSituation } from '../facts.ts';

async function othersWaiting(tx: Tx, loanId: string): Promise<number> {
  const [row] = await tx.execute<{ n: number }[]>(`select ${heldByOthers} as n from loan where id = ?`, [
    loanId,
  ]);
  return row?.n ?? 0;
}

/** Every reason why the loan cannot be renewed at that moment; empty when it can (L2). Decisive only under the locks of reader and title. */
export async function loanRenewalReasons(
  tx: Tx,
  policy: LibraryPolicy,
  loan: Loan,
  patron: Patron,
  at: Date,
  channel: Channel = 'web',
): Promise<Reason[]> {
  const { patron: facts } = await patronSituation(tx, policy, patron, loan.titleId);
  return renewalReasons({
    policy,
    closures: await closuresFrom(tx, loan.library, at),
    patron: facts,
    kind: loan.kind,
    branch: loan.branch,
    dueAt: instant(loan.dueAt),
    renewals: loan.renewals,
    ended: loan.endedAt !== null,
    heldByOthers: await othersWaiting(tx, loan.id),
    channel,
    now: instant(at),
  });
}
