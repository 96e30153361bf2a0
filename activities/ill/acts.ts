import { IllRequest } from '../../db/entities/index.ts';
import { once } from '../../db/transaction.ts';
import { isIllEnded } from '../../domain/ill.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { ActivityDeps, Roused } from '../deps.ts';
import { answer } from './answer.ts';
import { recordByHand } from './by-hand.ts';
import { cancel } from './cancel.ts';
import { deliveryActs } from './delivery-acts.ts';
import { type Held, holdRequest } from './held.ts';
import { settleLate } from './late.ts';
import { relay } from './relay.ts';
import { choose, edit, review } from './review.ts';
import { concluded, tellOthers } from './conclude.ts';
import { statePrice } from './state-price.ts';
import type { ActOnRequest, RequestOutcome } from './steps.ts';

type Acts = {
  readonly [A in ActOnRequest['act']]: (
    held: Held,
    step: Extract<ActOnRequest, { act: A }>,
  ) => Promise<Refused | undefined>;
};

/** One line an act; what an act changes beside the request goes into `held.wake` and `held.rouse`. */
const acts: Acts = {
  cancel,
  review,
  choose,
  edit,
  answer,
  record: recordByHand,
  price: statePrice,
  'settle-late': settleLate,
  relay,
  ...deliveryActs,
};

/** Acts that have their time after the request's end too. */
const afterItsEnd: ReadonlySet<ActOnRequest['act']> = new Set(['settle-late', 'settle-lost']);

interface Done {
  readonly outcome: RequestOutcome;
  readonly rouse: readonly Roused[];
  readonly wake: readonly string[];
}

/** Does what reader or librarian want, once, under the locks of reader and request. */
export async function actOnRequest(deps: ActivityDeps, step: ActOnRequest): Promise<RequestOutcome> {
  const done = await once<Done>(deps.orm, step, async (tx) => {
    const nothing = { rouse: [], wake: [] };
    if (!(await tx.findOne(IllRequest, { id: step.requestId })))
      return { outcome: refuse({ code: 'request-unknown' }), ...nothing };
    const held = await holdRequest(deps, tx, step.requestId, { at: new Date(step.now), actor: step.actor });
    if (isIllEnded(held.request.state) && !afterItsEnd.has(step.act))
      return { outcome: refuse({ code: 'request-ended' }), ...nothing };
    const act = acts[step.act] as (held: Held, step: ActOnRequest) => Promise<Refused | undefined>;
    const refusal = await act(held, step);
    if (refusal) return { outcome: refusal, ...nothing };
    const standing = await concluded(held);
    return { outcome: { standing }, rouse: held.rouse, wake: held.wake };
  });
  await tellOthers(deps, done);
  return done.outcome;
}
