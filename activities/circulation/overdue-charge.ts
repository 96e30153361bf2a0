import type { Loan } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { overdueFeeMinor } from '../../domain/reminders.ts';
import type { Actor } from '../../domain/roles.ts';
import { raiseCharge } from '../charges/money.ts';
import { instant } from '../facts.ts';
import { loanSubject, record } from '../record.ts';

interface Returned {
  /** When it came back; the days late are counted until then. */
  readonly backAt: Date;
  readonly at: Date;
  readonly actor: Actor;
}

/** Whether the library's own fee is charged on other libraries' things is its policy. */
function chargesOverdue({ ill }: LibraryPolicy, { kind }: Loan): boolean {
  return kind !== 'ill' || (ill !== 'none' && ill.delivery.things.overdueFee);
}

/** Charges the reader who has brought a loan back late (L5), once a loan; nothing where it was in time. The reader's row is locked. */
export async function chargeOverdue(
  tx: Tx,
  policy: LibraryPolicy,
  loan: Loan,
  { backAt, at, actor }: Returned,
): Promise<void> {
  const amountMinor = overdueFeeMinor(policy, instant(loan.dueAt), instant(backAt));
  if (amountMinor === 0 || !chargesOverdue(policy, loan)) return;
  const subject = { ...loanSubject(loan), patronId: loan.patronId };
  await raiseCharge(tx, policy, subject, { cause: 'overdue', amountMinor, at, actor });
  record(tx, loanSubject(loan), {
    kind: 'overdue-charged',
    actor,
    at,
    detail: { amountMinor, currency: policy.currency },
  });
}
