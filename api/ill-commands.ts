import type { Reason } from '../domain/refusal.ts';
import { attributes } from '../workflows/attributes.ts';
import * as requests from '../workflows/ill.ts';
import * as supplies from '../workflows/supply.ts';
import { type Start, standingAt } from './asking.ts';
import type { CommandOutcome } from './commands-port.ts';

/** How a command reaches the engine: with a start, or as an update of what has been started. */
interface Ways {
  readonly begin: (start: Start) => Promise<CommandOutcome<never>>;
  readonly tell: (
    workflowId: string,
    update: string,
    wish: object,
    key: string,
    ended: Reason,
  ) => Promise<CommandOutcome<never>>;
}

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
