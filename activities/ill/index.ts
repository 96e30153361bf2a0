import type { ActivityDeps } from '../deps.ts';
import { beginRequest } from './begin.ts';
import { fetchDocument, type FetchDocument } from './fetch-document.ts';
import { actOnRequest } from './acts.ts';
import { lookAtRequest } from './look.ts';
import { lookUpHoldings, type LookUpHoldings } from './look-up-holdings.ts';
import type { ActOnRequest, BeginRequest, LookAtRequest } from './steps.ts';

/** The activities of a request's workflow `ill:<id>`. */
export function createIllActivities(deps: ActivityDeps) {
  return {
    beginRequest: (step: BeginRequest) => beginRequest(deps, step),
    lookAtRequest: (step: LookAtRequest) => lookAtRequest(deps, step),
    lookUpHoldings: (step: LookUpHoldings) => lookUpHoldings(deps, step),
    actOnRequest: (step: ActOnRequest) => actOnRequest(deps, step),
    fetchDocument: (step: FetchDocument) => fetchDocument(deps, step),
  };
}
