import type { Patron } from '../../db/entities/index.ts';
import { lockPatron } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { StaffCause } from '../../domain/causes.ts';
import { staffPrice } from '../../domain/charges.ts';
import type { Fee } from '../../domain/membership.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { chargeBySchedule } from './scheduled-charges.ts';

export interface RaiseCharge extends Step {
  readonly patronId: string;
  /** The request's own id; sent again it raises nothing more. */
  readonly requestId: string;
  readonly cause: StaffCause;
  /** An amount of staff's own, in minor units; absent: the schedule's price. */
  readonly amountMinor?: number;
  readonly itemId?: string;
  /** What staff wrote to it; the reader sees it. */
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface Raised {
  readonly chargeId: string;
}

/** Staff charge a reader by the schedule (P1). */
export function createChargeCommands(deps: ActivityDeps) {
  return { raiseCharge: (step: RaiseCharge) => once(deps.orm, step, (tx) => raiseByStaff(deps, tx, step)) };
}

async function raiseByStaff(deps: ActivityDeps, tx: Tx, step: RaiseCharge): Promise<Refused | Raised> {
  const { cause, amountMinor, itemId, remarkId, actor } = step;
  const patron = await lockPatron(tx, step.patronId);
  if (!patron) return refuse({ code: 'patron-unknown' });
  if (patron.closedAt) return refuse({ code: 'patron-closed' });
  const policy = deps.policies.get(patron.library);
  const fee = staffPrice(policy, cause, patron.userGroup, amountMinor);
  if ('length' in fee) return refuse(...fee);
  const chargeId = await chargeBySchedule(tx, policy, patron, {
    cause,
    fee,
    subject: { type: 'desk', id: step.requestId },
    ...(itemId && { itemId }),
    remarkId,
    at: new Date(step.now),
    actor,
  });
  return chargeId === undefined ? refuse({ code: 'fee-capped', cause }) : { chargeId };
}

/** What a request – an interlibrary loan, a delivered document – costs its reader, worked out by the schedule of its service, supplier and user group (I15). */
export interface RequestCharge {
  readonly cause: 'interlibrary-loan' | 'document-delivery';
  readonly requestId: string;
  readonly fee: Fee;
  /** The most the reader has agreed to pay for it, in minor units; absent: they were asked about this price. */
  readonly limitMinor?: number;
  /** The request's workflow, where it is held until paid (I16); it is woken when nothing is open any more. */
  readonly waits?: string;
  readonly at: Date;
  readonly actor: Actor;
}

/**
 * Books what a request costs, on shipping (I15); once a request. Refused where the reader's share is above the limit they set: then they are asked first. Answers the
 * charge's id; null where the reader pays nothing of it. The reader's row is locked.
 */
export async function chargeForRequest(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  { requestId, limitMinor, ...request }: RequestCharge,
): Promise<Refused | { readonly chargeId: string | null }> {
  const { amountMinor } = request.fee;
  if (limitMinor !== undefined && amountMinor > limitMinor)
    return refuse({ code: 'fee-above-own-limit', amountMinor, limitMinor });
  const subject = { type: 'request', id: requestId };
  return { chargeId: (await chargeBySchedule(tx, policy, patron, { ...request, subject })) ?? null };
}
