import type { IllRequest } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { isIllEnded } from '../../domain/ill.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import { openNotices } from '../open-notices.ts';
import type { Subject } from '../record.ts';

export function requestSubject({
  id,
  library,
  patronId,
}: Pick<IllRequest, 'id' | 'library' | 'patronId'>): Subject {
  return { type: 'ill', id, library, patronId: patronId ?? null };
}

/** What the request's process has to do next. What the transaction has changed is flushed by then. */
export async function requestStanding(
  deps: ActivityDeps,
  tx: Tx,
  request: IllRequest,
  now: number,
): Promise<Standing> {
  const wakeAt = request.lookAt?.getTime();
  return {
    state: request.state,
    ...(wakeAt !== undefined && { wakeAt, deadline: wakeAt }),
    deliver: await openNotices(deps, tx, request.id, new Date(now)),
    ended: isIllEnded(request.state),
    asOf: now,
  };
}
