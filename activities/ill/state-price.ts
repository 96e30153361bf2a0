import type { Refused } from '../../domain/refusal.ts';
import { record } from '../record.ts';
import { bookReader } from './booking.ts';
import { lookAtDocument } from './documents.ts';
import { type Held, latestAttempt } from './held.ts';
import { requestSubject } from './standing.ts';
import type { StatePrice } from './steps.ts';

/**
 * Staff state what the reader pays, because the schedule cannot say (I15): no rate for the supplier's currency, or no number of pages. It counts instead of the schedule's price; of
 * something shipped it is booked at once. Staff have agreed it with the reader.
 */
export async function statePrice(held: Held, { amountMinor }: StatePrice): Promise<Refused | undefined> {
  const { tx, policy, request, patron, at, actor } = held;
  request.statedMinor = BigInt(amountMinor);
  request.priceMinor = request.statedMinor;
  const detail = { amountMinor, currency: policy.currency };
  record(tx, requestSubject(request), { kind: 'ill-price-stated', actor, at, detail });
  if (!request.shippedAt || !patron) return undefined;
  await tx.flush();
  await bookReader(tx, policy, { request, attempt: await latestAttempt(held), patron, at, actor });
  if (request.state === 'held') await lookAtDocument(held);
  return undefined;
}
