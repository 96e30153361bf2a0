import type { ActivityDeps } from '../deps.ts';
import { actOnSupply } from './acts.ts';
import { lookAtSupply } from './look.ts';
import type { ActOnSupply, LookAtSupply } from './steps.ts';

/** The activities of the workflow `supply:<id>`. */
export function createSupplyActivities(deps: ActivityDeps) {
  return {
    lookAtSupply: (step: LookAtSupply) => lookAtSupply(deps, step),
    actOnSupply: (step: ActOnSupply) => actOnSupply(deps, step),
  };
}
