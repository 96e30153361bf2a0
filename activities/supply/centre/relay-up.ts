import { SupplyRequest } from '../../../db/entities/index.ts';
import { reader } from '../../../db/transaction.ts';
import type { Action } from '../../../domain/ill-status.ts';
import { judgeRequester } from '../../../domain/ill-transitions.ts';
import type { ActivityDeps } from '../../deps.ts';
import { actOnRequest } from '../../ill/acts.ts';
import type { ActOnRequest } from '../../ill/steps.ts';
import { storedFor } from '../../peers/heed.ts';
import type { LookAtSupply } from '../steps.ts';
import { forwardedId } from './forward.ts';

type Acting = 'requestId' | 'operation' | 'actor' | 'now';
type Bare<A> = A extends unknown ? Omit<A, Acting> : never;

/** What each of a member's actions is to the request that was passed on; undefined: the centre answers it itself. */
function actFor(action: Action, messageId: string): Bare<ActOnRequest> | undefined {
  if (action === 'StatusRequest') return undefined;
  if (action === 'Cancel') return { act: 'cancel' };
  if (action === 'Renew') return { act: 'renew' };
  if (action === 'ShippedReturn') return { act: 'send-back' };
  if (action === 'Lost') return { act: 'lose' };
  return { act: 'relay', messageId };
}

/**
 * What a member says goes on to the supplier before it is heeded here (I5): each message by one act on the centre's own request, in a transaction of its own and once, whatever is killed in between. What
 * that request makes of it is seen by its state.
 */
export async function relayUp(deps: ActivityDeps, { supplyId, library, now }: LookAtSupply): Promise<void> {
  const { ill } = deps.policies.get(library);
  if (ill === 'none' || ill.centre === 'none') return;
  const tx = reader(deps.orm);
  const supply = await tx.findOne(SupplyRequest, { id: supplyId });
  if (!supply?.forwards) return;
  const said = { status: supply.status, at: supply.saidAt?.getTime() ?? null };
  for (const { name, body, row } of await storedFor(tx, supplyId)) {
    if (name !== 'requestingAgencyMessage') continue;
    if (judgeRequester(said, { action: body.action, at: row.saidAt.getTime() }).verdict !== 'heed') continue;
    const act = actFor(body.action, row.id);
    if (!act) continue;
    const made = { operation: `relay:${row.id}`, now, actor: 'system' } as const;
    await actOnRequest(deps, { ...act, ...made, requestId: forwardedId(supplyId) });
  }
}
