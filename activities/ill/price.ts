import type { IllAttempt, IllFormRow } from '../../db/entities/index.ts';
import { priceOfRequest, type RequestPrice } from '../../domain/ill-prices.ts';
import { isRefused } from '../../domain/refusal.ts';
import type { Candidate } from './candidates.ts';
import type { Held } from './held.ts';

/** What it would cost the reader; undefined where nobody who has a card pays, or staff state it later. */
export function readersPrice(
  { policy, patron, request }: Held,
  { literature }: IllFormRow,
  { peer, expectedMinor, currency }: Pick<Candidate, 'peer' | 'expectedMinor' | 'currency'>,
): RequestPrice | undefined {
  if (!patron) return undefined;
  const price = priceOfRequest(policy, {
    service: request.service,
    literature,
    userGroup: patron.userGroup,
    peer,
    ...(expectedMinor !== undefined && { costMinor: Number(expectedMinor) }),
    ...(currency && { currency }),
  });
  return isRefused(price) ? undefined : price;
}

/** The supplier of an earlier attempt, to be asked once more. */
export function candidateOf({ peer, expectedMinor, currency }: IllAttempt): Candidate {
  return {
    peer,
    ...(expectedMinor != null && { expectedMinor }),
    ...(currency && { currency }),
  };
}
