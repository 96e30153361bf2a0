import { Temporal } from 'temporal-polyfill';
import { civilDay, openingOn } from './calendar.ts';
import type { CalendarPolicy, Closure } from './calendar.ts';
import type { OnClosedDay } from './policy-circulation.ts';
import { countsDays } from './policy-values.ts';

/** How far ahead an open day is looked for: a place that is not open for a year is taken to be closed for good. */
const searchDays = 366;

/** When a place is open, and what a window does that would end on a day when it is not. */
export interface PlaceCalendar {
  readonly policy: CalendarPolicy;
  /** Closures staff entered, at least those of the days after the nominal end. */
  readonly closures: readonly Closure[];
  /** Code of the branch or stop whose opening hours count. */
  readonly place: string;
  readonly onClosedDay: OnClosedDay;
}

export interface WindowRequest extends PlaceCalendar {
  readonly from: Temporal.Instant;
  /** ISO 8601 duration of the policy. */
  readonly window: string;
}

/** An instant at a library: a wall time on a day. `24:00` is the day's last second, so that the date shown is that day. */
export function instantAt(
  policy: Pick<CalendarPolicy, 'timeZone'>,
  day: Temporal.PlainDate,
  time: string,
): Temporal.Instant {
  const { timeZone } = policy;
  if (time === '24:00')
    return day.add({ days: 1 }).toZonedDateTime(timeZone).subtract({ seconds: 1 }).toInstant();
  return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).toInstant();
}

function endOnDay(request: PlaceCalendar, day: Temporal.PlainDate): Temporal.Instant | undefined {
  const hours = openingOn(request.policy, request.closures, request.place, day);
  return hours && instantAt(request.policy, day, hours.closes);
}

function nextClosing(request: PlaceCalendar, nominal: Temporal.PlainDate): Temporal.Instant | undefined {
  for (let ahead = 1; ahead <= searchDays; ahead += 1) {
    const end = endOnDay(request, nominal.add({ days: ahead }));
    if (end) return end;
  }
  return undefined;
}

/**
 * When a window ends that began at `from` – the one rule for pickup windows, loan periods and task deadlines (H6, H10, L1, L3).
 *
 * A window in days, weeks or months counts civil days in the library's zone: day of `from` plus the window, at the place's closing time – never
 * a number of hours. If the place is closed that day, it ends when the place next closes (`next-open-day`) or at the end of the day itself
 * (`keep`). A mobile-library stop is open on the days it is visited, so `next-open-day` always leaves the reader a whole visit. A place that is
 * not open within a year of the nominal day gives the end of that day. A window in clock time is exact elapsed time and knows no closing.
 */
export function windowEnd(request: WindowRequest): Temporal.Instant {
  const window = Temporal.Duration.from(request.window);
  if (!countsDays(window)) return request.from.add(window);
  return windowEndOn(request, civilDay(request.policy, request.from).add(window));
}

/** When a window ends whose last day is that one, or would be if the place were open: see `windowEnd`. */
export function windowEndOn(request: PlaceCalendar, day: Temporal.PlainDate): Temporal.Instant {
  const onTheDay = endOnDay(request, day);
  if (onTheDay) return onTheDay;
  const later = request.onClosedDay === 'next-open-day' ? nextClosing(request, day) : undefined;
  return later ?? instantAt(request.policy, day, '24:00');
}
