import { Temporal } from 'temporal-polyfill';
import { civilDay } from './calendar.ts';
import type { LibraryPolicy } from './policy.ts';
import { countsDays } from './policy-values.ts';
import { instantAt } from './windows.ts';

type ReminderPolicy = Pick<LibraryPolicy, 'timeZone' | 'loans'>;

/** One notice in the life of a loan: the `step`th of its kind, counted from 1 in the order of time, to be written at `at` (L5). */
export interface ReminderStep {
  readonly kind: 'due-soon' | 'overdue';
  readonly step: number;
  readonly at: Temporal.Instant;
}

function shifted(policy: ReminderPolicy, due: Temporal.Instant, by: Temporal.Duration): Temporal.Instant {
  if (!countsDays(by)) return due.add(by);
  return instantAt(policy, civilDay(policy, due).add(by), policy.loans.noticeTime);
}

function read(text: string): Temporal.Duration {
  return Temporal.Duration.from(text);
}

function stepsOf(
  kind: ReminderStep['kind'],
  policy: ReminderPolicy,
  due: Temporal.Instant,
  shifts: readonly Temporal.Duration[],
): ReminderStep[] {
  return shifts
    .map((by) => shifted(policy, due, by))
    .toSorted((a, b) => Temporal.Instant.compare(a, b))
    .map((at, index) => ({ kind, step: index + 1, at }));
}

/**
 * The notices a loan due at `due` gives rise to, in the order of time (L5). Steps in days fall that many civil days before or after the due
 * date, at the policy's notice time; steps in clock time are exact. With `since` – the check-out or the last renewal – reminders that would
 * have come before it are left out; step numbers stay the same.
 */
export function reminderSteps(
  policy: ReminderPolicy,
  due: Temporal.Instant,
  since?: Temporal.Instant,
): ReminderStep[] {
  const dueSoon = stepsOf(
    'due-soon',
    policy,
    due,
    policy.loans.reminderBefore.map((text) => read(text).negated()),
  );
  const overdue = stepsOf('overdue', policy, due, policy.loans.overdueSteps.map(read));
  const coming = dueSoon.filter(({ at }) => since === undefined || Temporal.Instant.compare(at, since) > 0);
  return [...coming, ...overdue];
}

function unitsLate(
  policy: ReminderPolicy,
  per: 'step' | 'day' | 'week',
  due: Temporal.Instant,
  asOf: Temporal.Instant,
): number {
  if (per === 'step') {
    return reminderSteps(policy, due).filter(
      ({ kind, at }) => kind === 'overdue' && Temporal.Instant.compare(at, asOf) <= 0,
    ).length;
  }
  const { days } = civilDay(policy, due).until(civilDay(policy, asOf), { largestUnit: 'days' });
  return per === 'day' ? days : Math.ceil(days / 7);
}

/**
 * The charge for a late return, in minor units of the library's currency (L5); 0 when it was in time or the library takes none. `asOf` is the
 * return, or now for a loan that is still out. It counts overdue steps reached, or each civil day or week begun after the due date – on the due
 * date itself, after closing, nothing yet.
 */
export function overdueFeeMinor(
  policy: ReminderPolicy,
  due: Temporal.Instant,
  asOf: Temporal.Instant,
): number {
  const fee = policy.loans.overdueFee;
  if (fee === 'none' || Temporal.Instant.compare(asOf, due) <= 0) return 0;
  const amount = unitsLate(policy, fee.per, due, asOf) * fee.amountMinor;
  return Math.min(amount, fee.capMinor ?? amount);
}
