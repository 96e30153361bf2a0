import { Temporal } from 'temporal-polyfill';
import { civilDay } from './calendar.ts';
import type { LibraryPolicy } from './policy.ts';
import type { MembershipPolicy } from './policy-membership.ts';
import { instantAt } from './windows.ts';

export type FeePolicy = Pick<LibraryPolicy, 'timeZone' | 'membership'>;

/** What a reader pays for a period, and what is paid for them; minor units. */
export interface Fee {
  readonly amountMinor: number;
  readonly subsidyMinor: number;
}

/** The fee of a user group (F2); `exempt`: its cards are extended without a payment. */
export function feeOf(membership: MembershipPolicy, userGroup: string): Fee | 'exempt' {
  const share = membership.groups[userGroup];
  if (share === 'exempt') return 'exempt';
  const { amountMinor, subsidyMinor } = share ?? { amountMinor: membership.amountMinor, subsidyMinor: 0 };
  return { amountMinor: amountMinor - subsidyMinor, subsidyMinor };
}

const read = (text: string) => Temporal.Duration.from(text);

function later(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) >= 0 ? a : b;
}

/**
 * The last day of a period that begins on `first`: the day before the same day of a later month or year; where that month has no such day – a year from 29
 * February – its last day. So periods follow each other without a gap, and none is shorter than the one before it for a leap day.
 */
export function lastDayOf(first: Temporal.PlainDate, period: string): Temporal.PlainDate {
  const duration = read(period);
  const next = first.add(duration);
  const wholeMonths = duration.weeks === 0 && duration.days === 0;
  return wholeMonths && next.day !== first.day ? next : next.subtract({ days: 1 });
}

/** The day before, `YYYY-MM-DD`. */
export function dayBefore(day: string): string {
  return Temporal.PlainDate.from(day).subtract({ days: 1 }).toString();
}

/** Both days included. */
export interface Span {
  readonly startsOn: Temporal.PlainDate;
  readonly endsOn: Temporal.PlainDate;
}

/** What a payment made on `paidOn` covers (F3): from the first unpaid day, or, when it is late and the policy says so, from the day of payment. */
export function spanOf(
  membership: MembershipPolicy,
  dueOn: Temporal.PlainDate,
  paidOn: Temporal.PlainDate,
): Span {
  const startsOn = membership.lateFrom === 'payment-day' ? later(dueOn, paidOn) : dueOn;
  return { startsOn, endsOn: lastDayOf(startsOn, membership.period) };
}

/** One look of the process at a fee: `at` the instant, `step` counted from 1 in the order of time. The first raises the fee. */
export interface FeeStep {
  readonly step: number;
  readonly at: Temporal.Instant;
}

/** When a fee due on `dueOn` is raised and its reader reminded (F12), in the order of time, at the policy's notice time on the library's wall. */
export function feeSteps(
  timeZone: string,
  membership: MembershipPolicy,
  dueOn: Temporal.PlainDate,
): FeeStep[] {
  const lastPaid = dueOn.subtract({ days: 1 });
  const raised = lastPaid.subtract(read(membership.raiseBefore));
  const reminders = [
    ...membership.remindBefore.map((by) => lastPaid.subtract(read(by))),
    ...membership.remindAfter.map((by) => lastPaid.add(read(by))),
  ].filter((day) => Temporal.PlainDate.compare(day, raised) > 0);
  return [raised, ...reminders.toSorted((a, b) => Temporal.PlainDate.compare(a, b))].map((day, index) => ({
    step: index + 1,
    at: instantAt({ timeZone }, day, membership.noticeTime),
  }));
}

/** Whether a card has been unpaid for so long that the clock leaves it alone. */
export function isDormant(
  policy: Pick<FeePolicy, 'timeZone'>,
  membership: MembershipPolicy,
  dueOn: Temporal.PlainDate,
  now: Temporal.Instant,
): boolean {
  const last = dueOn.add(read(membership.dormantAfter));
  return Temporal.PlainDate.compare(civilDay(policy, now), last) > 0;
}
