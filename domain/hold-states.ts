import type { Reason } from './refusal.ts';

export const holdStates = ['waiting', 'in-transit', 'secured', 'collected', 'lapsed', 'cancelled'] as const;

export type HoldState = (typeof holdStates)[number];

/**
 * What may follow on what (H5). A hold whose copy is lost, on its way or on the hold shelf, goes back to waiting with its old place in the
 * queue (H11); one that staff move to another place when it is already secured travels there first (H7).
 */
export const holdTransitions: Readonly<Record<HoldState, readonly HoldState[]>> = {
  waiting: ['in-transit', 'secured', 'cancelled'],
  'in-transit': ['secured', 'waiting', 'cancelled'],
  secured: ['collected', 'lapsed', 'cancelled', 'waiting', 'in-transit'],
  collected: [],
  lapsed: [],
  cancelled: [],
};

export const firstHoldState: HoldState = 'waiting';

export function isOpenHold(state: HoldState): boolean {
  return holdTransitions[state].length > 0;
}

export function mayMove(from: HoldState, to: HoldState): boolean {
  return holdTransitions[from].includes(to);
}

/** Who asks: the reader, or staff (who must give a reason, which the desk's form asks for). */
export type AskedBy = 'patron' | 'staff';

/**
 * Why a hold cannot be changed (H7). A reader changes it while it waits; once a copy is on its way only the contact method, since the copy is
 * already going to the old place; once secured nothing. Staff change any open hold.
 */
export function mayChange(
  hold: { readonly state: HoldState },
  by: AskedBy,
  change: { readonly place: boolean },
): Reason[] {
  if (!isOpenHold(hold.state)) return [{ code: 'hold-ended', state: hold.state }];
  if (by === 'staff') return [];
  if (hold.state === 'secured') return [{ code: 'hold-secured' }];
  return hold.state === 'in-transit' && change.place ? [{ code: 'hold-in-transit' }] : [];
}

/** Why a hold cannot be cancelled (H7): the reader may until it is secured, staff as long as it is open. */
export function mayCancel(hold: { readonly state: HoldState }, by: AskedBy): Reason[] {
  if (!isOpenHold(hold.state)) return [{ code: 'hold-ended', state: hold.state }];
  return by === 'patron' && hold.state === 'secured' ? [{ code: 'hold-secured' }] : [];
}
