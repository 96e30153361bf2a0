import { attributes } from '../workflows/attributes.ts';
import * as requests from '../workflows/ill.ts';
import * as supplies from '../workflows/supply.ts';
import { standingAt, type Ways } from './asking.ts';

/** The commands of requests to other libraries (I1–I14). */
export function illCommands({ begin, tell }: Ways) {
  return {
    beginRequest: (input: requests.IllInput) =>
      begin({
        workflow: requests.ill,
        workflowId: requests.illWorkflowId(input.requestId),
        input,
        ask: requests.requested,
        answerIn: standingAt,
        shown: [
          { key: attributes.process, value: 'ill' },
          { key: attributes.library, value: input.library },
          ...(input.patronId === '' ? [] : [{ key: attributes.patron, value: input.patronId }]),
          { key: attributes.state, value: 'requested' },
        ],
      }),
    actOnRequest: (id: string, wish: object, key: string) =>
      tell(requests.illWorkflowId(id), requests.actOnRequest.name, wish, key, { code: 'request-ended' }),
    actOnSupply: (id: string, wish: object, key: string) =>
      tell(supplies.supplyWorkflowId(id), supplies.actOnSupply.name, wish, key, { code: 'supply-ended' }),
  };
}
