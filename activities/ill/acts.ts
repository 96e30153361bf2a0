import type { IllRequest } from '../../db/entities/index.ts';
import { lockRequest } from '../../db/locks.ts';
import { once, type Tx } from '../../db/transaction.ts';
import { isIllEnded } from '../../domain/ill.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { ActivityDeps } from '../deps.ts';
import { record } from '../record.ts';
import { requestStanding, requestSubject } from './standing.ts';
import type { ActOnRequest, CancelRequest, RequestOutcome } from './steps.ts';

type Act = (
  deps: ActivityDeps,
  tx: Tx,
  request: IllRequest,
  step: ActOnRequest,
) => Promise<Refused | undefined>;

const acts: Readonly<Record<ActOnRequest['act'], Act>> = {
  cancel: (_deps, tx, request, step) => cancel(tx, request, step),
};

/** Does what reader or librarian want, once, under the locks of reader and request. */
export async function actOnRequest(deps: ActivityDeps, step: ActOnRequest): Promise<RequestOutcome> {
  return once(deps.orm, step, async (tx) => {
    const request = await lockRequest(tx, step.requestId);
    if (!request) return refuse({ code: 'request-unknown' });
    if (isIllEnded(request.state)) return refuse({ code: 'request-ended' });
    const refusal = await acts[step.act](deps, tx, request, step);
    if (refusal) return refusal;
    await tx.flush();
    return { standing: await requestStanding(deps, tx, request, step.now) };
  });
}

async function cancel(tx: Tx, request: IllRequest, { actor, now }: CancelRequest): Promise<undefined> {
  const at = new Date(now);
  request.state = 'cancelled';
  request.endedAt = at;
  record(tx, requestSubject(request), { kind: 'ill-cancelled', actor, at });
}
