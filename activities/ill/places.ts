import { pickupCodes } from '../../domain/ill-places.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { record } from '../record.ts';
import type { ChangePlace } from './delivery-steps.ts';
import type { Held } from './held.ts';
import { requestSubject } from './standing.ts';

const beforeShipping: readonly string[] = ['reviewing', 'choosing', 'requested', 'promised', 'asked'];

/** Another place to pick it up, until it is shipped (I19). What the supplier was told stays: it sends to the library. */
export async function changePlace(held: Held, { place }: ChangePlace): Promise<Refused | undefined> {
  const { tx, policy, request, at, actor } = held;
  if (request.delivery !== 'pickup') return refuse({ code: 'request-without-pickup' });
  if (!beforeShipping.includes(request.state))
    return refuse({ code: 'request-shipped', state: request.state });
  if (!pickupCodes(policy).includes(place)) return refuse({ code: 'place-unknown' });
  const before = request.place;
  if (before === place) return undefined;
  request.place = place;
  record(tx, requestSubject(request), {
    kind: 'ill-place-changed',
    actor,
    at,
    detail: { before, after: place },
  });
  return undefined;
}
