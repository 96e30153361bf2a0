import { IllAttempt } from '../../db/entities/index.ts';
import type { Held } from './held.ts';

/** From when on a supplier wants to be asked again, where that is worth waiting for; epoch milliseconds, else infinity. */
export function awaitedUntil(
  { id, outcome, offer }: IllAttempt,
  attempts: readonly IllAttempt[],
  { request }: Held,
): number {
  const from = outcome === 'retry' && offer ? offer['retryAfter'] : undefined;
  if (typeof from !== 'number' || attempts.some(({ retryOf }) => retryOf === id)) return Infinity;
  return request.neededBy && request.neededBy.getTime() <= from ? Infinity : from;
}

/** The first day from which a supplier that said "later" may be asked again; epoch milliseconds, undefined: nobody said so. */
export async function askedAgainAt(held: Held): Promise<number | undefined> {
  const attempts = await held.tx.find(IllAttempt, { requestId: held.request.id });
  const first = Math.min(...attempts.map((each) => awaitedUntil(each, attempts, held)));
  return Number.isFinite(first) ? first : undefined;
}
