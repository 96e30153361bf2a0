import { Temporal } from 'temporal-polyfill';
import type { LibraryPolicy } from './policy.ts';

type Zone = Pick<LibraryPolicy, 'timeZone'>;

/** A civil month of the library's, and the instants between which it lies: `from` belongs to it, `to` to the next one. */
export interface Month {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

/** The instant at which a civil day `YYYY-MM-DD` begins at the library. */
export function startOfDay({ timeZone }: Zone, day: string): Temporal.Instant {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant();
}

/** Throws a RangeError when `month` is none. */
export function monthAt(zone: Zone, month: string): Month {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return {
    month,
    from: startOfDay(zone, first.toString()),
    to: startOfDay(zone, first.add({ months: 1 }).toString()),
  };
}

/** The month after `month`, `YYYY-MM`. */
export function monthAfter(month: string): string {
  return Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString();
}

/** Civil days from `first` to `last`, both included; none when `last` is before `first`. */
export function daysBetween(first: string, last: string): string[] {
  const start = Temporal.PlainDate.from(first);
  const length = start.until(last, { largestUnit: 'days' }).days + 1;
  return Array.from({ length: Math.max(length, 0) }, (_, n) => start.add({ days: n }).toString());
}
