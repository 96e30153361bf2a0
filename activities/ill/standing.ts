import type { IllRequest } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { type IllState, isIllEnded } from '../../domain/ill.ts';
import type { ActivityDeps } from '../deps.ts';
import { openNotices } from '../notices/open-notices.ts';
import type { Subject } from '../record.ts';
import { dueOffer } from './due-offer.ts';

import { needsLookUp } from './look-up-holdings.ts';
import type { RequestStanding } from './steps.ts';

export function requestSubject({
  id,
  library,
  patronId,
}: Pick<IllRequest, 'id' | 'library' | 'patronId'>): Subject {
  return { type: 'ill', id, library, patronId: patronId ?? null };
}

/** Catalogues are asked once for each version of the form, before a supplier is chosen. */
async function wantsLookUp(deps: ActivityDeps, tx: Tx, request: IllRequest): Promise<boolean> {
  const { state, mode, onBehalfOf } = request;
  if (state !== 'choosing' && state !== 'reviewing') return false;
  return (mode === 'distributed' || onBehalfOf != null) && needsLookUp(deps, tx, request);
}

/** A supplier offers a document under an address. */
async function wantsFetch(tx: Tx, { id, service, state }: IllRequest): Promise<boolean> {
  return service === 'copy' && state === 'shipped' && (await dueOffer(tx, id)) !== undefined;
}

/** As operators see it: being obtained, here, with its reader, on its way back. Each change is an event of the history, and so is each of a deadline; the row has the rest. */
const shownAs: Partial<Record<IllState, string>> = {
  shipped: 'shipped',
  received: 'shipped',
  held: 'shipped',
  available: 'shipped',
  lent: 'lent',
  returning: 'returning',
};

/** What the request's process has to do next. What the transaction has changed is flushed by then. */
export async function requestStanding(
  deps: ActivityDeps,
  tx: Tx,
  request: IllRequest,
  now: number,
): Promise<RequestStanding> {
  const wakeAt = request.lookAt?.getTime();
  return {
    state: request.state,
    shown: shownAs[request.state] ?? 'requested',
    ...(wakeAt !== undefined && { wakeAt }),
    deliver: await openNotices(deps, tx, request.id, new Date(now)),
    ended: isIllEnded(request.state),
    ...((await wantsLookUp(deps, tx, request)) && { lookUp: true }),
    ...((await wantsFetch(tx, request)) && { fetch: true }),
    asOf: now,
  };
}
