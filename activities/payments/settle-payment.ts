import type { Payment } from '../../db/entities/index.ts';
import type { LockedFamily } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { bookPayment, type MoneyIn, type Settlement } from './book-payment.ts';
import { debitOpenCharges } from './debits.ts';

export { endPayment, type MoneyIn, settleFee, type Settlement, waitingFor } from './book-payment.ts';

/**
 * Books money that came for a payment, as `bookPayment` says: the one way in for money, whatever the means. What became the reader's credit fills a negative balance
 * first; where the policy says so, the rest is used at once for charges that are open (P2).
 */
export async function settlePayment(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  payment: Payment,
  money: MoneyIn,
): Promise<Settlement> {
  const settlement = await bookPayment(tx, policy, family, payment, money);
  const { credit } = policy.money.ways;
  const paidIn = payment.means !== 'credit' && money.amount > settlement.allocated;
  if (!paidIn || credit === 'none' || credit.paidIn === 'keep') return settlement;
  const debited = await debitOpenCharges(tx, policy, family, money.at);
  return { ...settlement, wake: [...new Set([...settlement.wake, ...debited])] };
}
