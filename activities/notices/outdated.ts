import { Charge, Hold, Loan, MembershipPeriod, type Notice, Payment } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';

/** For what has to be so still, by what was told; other notices tell of something that has happened. */
const stillTrue: Readonly<Record<string, (tx: Tx, notice: Notice) => Promise<boolean>>> = {
  placed: async (tx, { subjectId: id }) =>
    (await tx.count(Hold, { id, state: { $in: ['waiting', 'in-transit'] } })) > 0,
  secured: async (tx, { subjectId: id }) => (await tx.count(Hold, { id, state: 'secured' })) > 0,
  'due-soon': isOnLoan,
  overdue: isOnLoan,
  'membership-due': async (tx, { content }) => {
    const { chargeId: id } = await tx.findOneOrFail(MembershipPeriod, { id: String(content.periodId) });
    return id != null && (await tx.count(Charge, { id, remaining: { $gt: 0n } })) > 0;
  },
  'payment-instructions': isAwaited,
  'payment-expiring': isAwaited,
};

async function isOnLoan(tx: Tx, { subjectId: id }: Notice): Promise<boolean> {
  return (await tx.count(Loan, { id, endedAt: null })) > 0;
}

async function isAwaited(tx: Tx, { subjectId: id }: Notice): Promise<boolean> {
  return (await tx.count(Payment, { id, endedAt: null })) > 0;
}

/**
 * Whether a mail asks for what is done, or promises what is no more: a copy to be collected that is kept for nobody, a book to be brought back that is here. Its text
 * would be made anew (N3), and be wrong.
 */
export async function isOutdated(tx: Tx, notice: Notice): Promise<boolean> {
  const holds = stillTrue[notice.kind];
  return holds !== undefined && !(await holds(tx, notice));
}
