import type { Temporal } from 'temporal-polyfill';
import type { CalendarPolicy, Closure } from './calendar.ts';
import type { LibraryPolicy } from './policy.ts';
import { reviewDueAt } from './review-deadlines.ts';

/**
 * `open`: staff have it; `upheld`: the charge was waived, wholly or in part; `rejected`: it is due again; `withdrawn` by the reader; `dropped` with the charge
 * itself (P7).
 */
export const disputeStates = ['open', 'upheld', 'rejected', 'withdrawn', 'dropped'] as const;

export type DisputeState = (typeof disputeStates)[number];

type Calendar = CalendarPolicy & Pick<LibraryPolicy, 'money'>;

/** By when staff decide on a dispute (P7): closing time of the last of the policy's working days, of the library's first branch. */
export function decisionDueAt(
  policy: Calendar,
  closures: readonly Closure[],
  from: Temporal.Instant,
): Temporal.Instant {
  const { disputes } = policy.money;
  const within = disputes === 'none' ? 1 : disputes.within;
  return reviewDueAt({ policy, closures, review: { within } }, from);
}
