import { SupplyRequest } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import { once, reader } from '../../db/transaction.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import type { ActOnSupply, LookAtSupply, SupplyOutcome } from './steps.ts';

/** The activities of the workflow `supply:<id>`. */
export function createSupplyActivities(deps: ActivityDeps) {
  return {
    lookAtSupply: (step: LookAtSupply) => lookAtSupply(deps, step),
    actOnSupply: (step: ActOnSupply): Promise<SupplyOutcome> =>
      once(deps.orm, step, async () => refuse({ code: 'supply-unknown' })),
  };
}

async function lookAtSupply(deps: ActivityDeps, { supplyId, now }: LookAtSupply): Promise<Standing> {
  const row = present(await reader(deps.orm).findOne(SupplyRequest, { id: supplyId }), `supply ${supplyId}`);
  return { state: row.status, deliver: [], ended: row.endedAt != null, asOf: now };
}
