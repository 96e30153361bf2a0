import type { IllAttempt } from '../../db/entities/index.ts';
import type { Cost } from '../../domain/ill-costs.ts';
import { byHand } from '../../domain/ill.ts';
import { bookLost } from './booking.ts';
import type { SupplierSays } from './delivery.ts';
import type { Held } from './held.ts';
import { billIn, heedBill } from './loss-charge.ts';

/** Books what a supplier asks for a thing that will not come back, once (I15); a supplier that the librarian found by other means has no account here. */
export async function bookLostCost(
  held: Held,
  attempt: IllAttempt,
  { amountMinor, currency }: Cost,
): Promise<void> {
  const { tx, policy, request, at, actor } = held;
  if (amountMinor === 0 || attempt.peer === byHand) return;
  await tx.flush();
  await bookLost(tx, policy, request, attempt, { costMinor: amountMinor, currency, at, actor });
}

/** What a supplier that closes a loan without its return says that it gets for it; it may say so after we have closed the request. */
export async function heedLostCost(
  held: Held,
  attempt: IllAttempt,
  says: readonly SupplierSays[],
): Promise<void> {
  if (held.request.service !== 'loan') return;
  const bill = says.flatMap((each) => billIn(each) ?? []).at(-1);
  if (!bill) return;
  await bookLostCost(held, attempt, bill);
  if (attempt.id === held.request.attemptId) await heedBill(held, attempt, bill);
}
