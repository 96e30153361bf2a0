import type { IllState } from './ill.ts';

/** States as people look for them (I11). */
export const stateGroups = [
  'in-progress',
  'needs-answer',
  'on-the-way',
  'ready',
  'on-loan',
  'ended',
] as const;

export type StateGroup = (typeof stateGroups)[number];

const groups: Readonly<Record<IllState, StateGroup>> = {
  reviewing: 'in-progress',
  choosing: 'in-progress',
  requested: 'in-progress',
  promised: 'in-progress',
  asked: 'needs-answer',
  held: 'needs-answer',
  shipped: 'on-the-way',
  received: 'ready',
  available: 'ready',
  lent: 'on-loan',
  returning: 'on-loan',
  completed: 'ended',
  unfilled: 'ended',
  rejected: 'ended',
  cancelled: 'ended',
  lost: 'ended',
};

export const groupOf = (state: IllState): StateGroup => groups[state];

export function statesOf(group: StateGroup): IllState[] {
  return (Object.keys(groups) as IllState[]).filter((state) => groups[state] === group);
}
