import type { IllRequest } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { isIllEnded } from '../../domain/ill.ts';
import type { ActivityDeps } from '../deps.ts';
import { openNotices } from '../open-notices.ts';
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
    ...(wakeAt !== undefined && { wakeAt, deadline: wakeAt }),
    deliver: await openNotices(deps, tx, request.id, new Date(now)),
    ended: isIllEnded(request.state),
    ...((await wantsLookUp(deps, tx, request)) && { lookUp: true }),
    ...((await wantsFetch(tx, request)) && { fetch: true }),
    asOf: now,
  };
}
