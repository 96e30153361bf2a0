import { Temporal } from 'temporal-polyfill';
import { type CalendarPolicy, civilDay, type Closure, openingOn } from './calendar.ts';
import type { DeliveryPolicy } from './policy-delivery.ts';
import { instantAt, windowEnd } from './windows.ts';

/** What due dates of other libraries' things need besides the policy's calendar. */
export interface ReturnCalendar {
  readonly policy: CalendarPolicy;
  /** Closures staff entered, at least those from today on. */
  readonly closures: readonly Closure[];
  /** Branch that sends things back. */
  readonly branch: string;
  readonly things: DeliveryPolicy['things'];
}

const searchDays = 30;

/** The last day up to `day` on which the branch is open; `day` itself where it is closed for long. */
function openDayUntil({ policy, closures, branch }: ReturnCalendar, day: Temporal.PlainDate) {
  for (let back = 0; back <= searchDays; back += 1) {
    const earlier = day.subtract({ days: back });
    if (openingOn(policy, closures, branch, earlier)) return earlier;
  }
  return day;
}

/**
 * When a reader brings back what its supplier wants at `suppliersDue` (I13): so many days before as the way back takes, on a day on which the branch is open – the last such day before,
 * never a later one –, at the end of that day. Never in the past: a thing that comes late is due today. Where the supplier says nothing, so long after `now` as the policy says.
 */
export function readersDueAt(
  calendar: ReturnCalendar,
  suppliersDue: Temporal.Instant | undefined,
  now: Temporal.Instant,
): Temporal.Instant {
  const { policy, things } = calendar;
  if (suppliersDue === undefined) return without(calendar, now);
  const wanted = civilDay(policy, suppliersDue).subtract({ days: things.daysForReturn });
  return endOfDay(calendar, openDayUntil(calendar, wanted), now);
}

function endOfDay({ policy }: ReturnCalendar, day: Temporal.PlainDate, now: Temporal.Instant) {
  const today = civilDay(policy, now);
  const due = Temporal.PlainDate.compare(day, today) < 0 ? today : day;
  return instantAt(policy, due, '24:00');
}

function without({ policy, closures, branch, things }: ReturnCalendar, now: Temporal.Instant) {
  const end = windowEnd({
    policy,
    closures,
    place: branch,
    from: now,
    window: things.withoutDueDate,
    onClosedDay: 'next-open-day',
  });
  return instantAt(policy, civilDay(policy, end), '24:00');
}

/** When a reader brings back what its supplier recalls: soon, by the policy, but no later than it was due anyhow or than the supplier now says. */
export function recalledDueAt(
  calendar: ReturnCalendar,
  { due, suppliersDue }: { readonly due?: Temporal.Instant; readonly suppliersDue?: Temporal.Instant },
  now: Temporal.Instant,
): Temporal.Instant {
  const { policy, things } = calendar;
  const soon = civilDay(policy, now).add(Temporal.Duration.from(things.recall));
  const dates = [
    endOfDay(calendar, soon, now),
    ...(due ? [due] : []),
    ...(suppliersDue ? [readersDueAt(calendar, suppliersDue, now)] : []),
  ];
  return dates.toSorted((a, b) => Temporal.Instant.compare(a, b))[0] as Temporal.Instant;
}
