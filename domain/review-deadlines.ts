import { Temporal } from 'temporal-polyfill';
import { civilDay, openingOn } from './calendar.ts';
import type { CalendarPolicy, Closure } from './calendar.ts';
import { weekdays } from './policy-places.ts';
import type { ReviewPolicy } from './policy-registration.ts';
import { countsDays } from './policy-values.ts';
import { instantAt } from './windows.ts';

/** How far ahead a working day is looked for. */
const searchDays = 366;

/** A library's working days, as far as this review is concerned. */
export interface ReviewCalendar {
  readonly policy: CalendarPolicy;
  /** Closures staff entered, at least those from the day on from which is reckoned. */
  readonly closures: readonly Closure[];
  readonly review: Pick<ReviewPolicy, 'within' | 'branch' | 'weekdays'>;
}

/** Opening hours of a working day: one on which the reviewers' branch is open, and a weekday of theirs; undefined on others. */
function workingHours({ policy, closures, review }: ReviewCalendar, day: Temporal.PlainDate) {
  const weekday = weekdays[day.dayOfWeek - 1];
  if (review.weekdays && weekday && !review.weekdays.includes(weekday)) return undefined;
  const branch = review.branch ?? policy.branches[0]?.code ?? '';
  return openingOn(policy, closures, branch, day);
}

export function isWorkingDay(calendar: ReviewCalendar, day: Temporal.PlainDate): boolean {
  return workingHours(calendar, day) !== undefined;
}

function nthWorkingDay(calendar: ReviewCalendar, after: Temporal.PlainDate, n: number): Temporal.PlainDate {
  let found = 0;
  for (let ahead = 1; ahead <= searchDays; ahead += 1) {
    const day = after.add({ days: ahead });
    if (isWorkingDay(calendar, day)) found += 1;
    if (found === n) return day;
  }
  return after.add({ days: searchDays });
}

/**
 * By when a review is due that came to staff at `from` (A5): closing time of the `within`-th working day after that day, by the library's calendar and in its zone. What
 * comes on a Friday evening or a holiday is due at the end of the first working day after it.
 */
export function reviewDueAt(calendar: ReviewCalendar, from: Temporal.Instant): Temporal.Instant {
  const { policy, review } = calendar;
  const day = nthWorkingDay(calendar, civilDay(policy, from), review.within);
  return instantAt(policy, day, workingHours(calendar, day)?.closes ?? '24:00');
}

/** When the supervisor is told next: opening time of the next working day after `day`. */
export function nextEscalationAt(calendar: ReviewCalendar, day: Temporal.PlainDate): Temporal.Instant {
  const next = nthWorkingDay(calendar, day, 1);
  return instantAt(calendar.policy, next, workingHours(calendar, next)?.opens ?? '00:00');
}

/** The working day for which the supervisor is to be told now that a review is overdue; undefined on other days, and where it has been done that day. */
export function escalationDay(
  calendar: ReviewCalendar,
  now: Temporal.Instant,
  told: string | null,
): Temporal.PlainDate | undefined {
  const today = civilDay(calendar.policy, now);
  const hours = workingHours(calendar, today);
  if (!hours || Temporal.Instant.compare(now, instantAt(calendar.policy, today, hours.opens)) < 0)
    return undefined;
  return told !== null && told >= today.toString() ? undefined : today;
}

/** When something is over that began at `from`: a length in days ends with the last of them in the library's zone, one in clock time exactly then. */
export function endOf(policy: CalendarPolicy, from: Temporal.Instant, length: string): Temporal.Instant {
  const span = Temporal.Duration.from(length);
  if (!countsDays(span)) return from.add(span);
  return instantAt(policy, civilDay(policy, from).add(span), '24:00');
}
