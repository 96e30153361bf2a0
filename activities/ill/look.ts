import { IllRequest } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import { reader } from '../../db/transaction.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import { requestStanding } from './standing.ts';
import type { LookAtRequest } from './steps.ts';

/** Heeds what suppliers have said since, does what has become due, and tells where the request stands. */
export async function lookAtRequest(
  deps: ActivityDeps,
  { requestId, now }: LookAtRequest,
): Promise<Standing> {
  const tx = reader(deps.orm);
  const request = present(await tx.findOne(IllRequest, { id: requestId }), `request ${requestId}`);
  return requestStanding(deps, tx, request, now);
}
