import { Temporal } from 'temporal-polyfill';
import type { Closure } from './calendar.ts';
import type { Status } from './ill-status.ts';
import { loanEnd } from './loans.ts';
import type { LibraryPolicy } from './policy.ts';
import type { LendingPolicy } from './policy-lending.ts';
import { lendingPolicy } from './policy-lending.ts';
import { endOf, reviewDueAt } from './review-deadlines.ts';

/** Whose turn an outside request is: staff answer, ship, decide on a wish to cancel or renew, check in what comes back; the requester accepts a condition. */
export const supplyWaits = ['answer', 'condition', 'ship', 'cancel', 'renew', 'return'] as const;

export type SupplyWait = (typeof supplyWaits)[number];

export const endedStatuses = [
  'RetryPossible',
  'Unfilled',
  'CopyCompleted',
  'LoanCompleted',
  'CompletedWithoutReturn',
  'Cancelled',
] as const satisfies readonly Status[];

/** Something of ours is with the requester. */
export const outStatuses = ['Loaned', 'Overdue', 'Recalled'] as const satisfies readonly Status[];

/** Nothing has left the house. */
export const openStatuses = [
  'RequestReceived',
  'ExpectToSupply',
  'WillSupply',
] as const satisfies readonly Status[];

const within =
  (statuses: readonly Status[]) =>
  (status: Status): boolean =>
    statuses.includes(status);

export const isSupplyEnded = within(endedStatuses);
export const isOut = within(outStatuses);
export const isUnanswered = within(openStatuses);

const usual = lendingPolicy.parse({});

/** What a library does for others; of one that does nothing, the usual rules: its open requests come to their end. */
export function lendingOf({ ill }: Pick<LibraryPolicy, 'ill'>): LendingPolicy {
  return ill === 'none' ? usual : ill.lending;
}

/** Whether a requester's requests are forwarded (I5). */
export function forwardsFor({ ill }: Pick<LibraryPolicy, 'ill'>, peer: string): boolean {
  return ill !== 'none' && ill.centre !== 'none' && ill.centre.members.includes(peer);
}

interface Days {
  readonly policy: LibraryPolicy;
  readonly closures: readonly Closure[];
  readonly from: Temporal.Instant;
}

const branchOf = (policy: LibraryPolicy): string =>
  lendingOf(policy).branch ?? policy.branches[0]?.code ?? '';

/** By when staff answer a request that came at `from` (I12): closing time of the last of the policy's working days. */
export function answerBy({ policy, closures, from }: Days): Temporal.Instant {
  const review = { within: lendingOf(policy).answerWithin, branch: branchOf(policy) };
  return reviewDueAt({ policy, closures, review }, from);
}

/** When what is lent at `from` is due (I13): the end of a day in the library's zone. */
export function lentUntil({ policy, closures, from }: Days): Temporal.Instant {
  return endOfWindow({ policy, closures, from }, lendingOf(policy).loanPeriod);
}

/** When it is due after a renewal at `from`: never before it was due anyway. */
export function renewedUntil(days: Days, due: Temporal.Instant): Temporal.Instant {
  const renewed = endOfWindow(days, lendingOf(days.policy).renewals.period);
  return Temporal.Instant.compare(renewed, due) > 0 ? renewed : due;
}

function endOfWindow({ policy, closures, from }: Days, window: string): Temporal.Instant {
  const onClosedDay = policy.loans.dueOnClosedDay;
  return loanEnd({ policy, closures, place: branchOf(policy), from, window, onClosedDay });
}

/** When the requester of something due at `due` is told that it is overdue. */
export function overdueAt(policy: LibraryPolicy, due: Temporal.Instant): Temporal.Instant {
  return endOf(policy, due, lendingOf(policy).overdueAfter);
}

/** What staff can do about an outside request as it stands, by the names of the acts. */
export function possibleActs(given: {
  readonly status: Status;
  readonly waitsFor: SupplyWait | null;
  readonly forwards: boolean;
  /** Whether its due date is over. */
  readonly due: boolean;
}): string[] {
  const { status, waitsFor, forwards, due } = given;
  if (isSupplyEnded(status)) return [];
  if (forwards) return ['notify'];
  const wishes =
    waitsFor === 'cancel' ? ['answer-cancel'] : waitsFor === 'renew' ? ['answer-renewal'] : ([] as string[]);
  if (isUnanswered(status)) {
    const promise = status === 'WillSupply' ? [] : ['promise'];
    const ask = waitsFor === 'condition' ? [] : ['ask'];
    return [...wishes, ...promise, 'ship', ...ask, 'retry', 'unfilled', 'notify'];
  }
  const recall = status === 'Recalled' ? [] : ['recall'];
  return [...wishes, 'receive-back', ...recall, ...(due ? ['overdue'] : []), 'lost', 'notify'];
}
