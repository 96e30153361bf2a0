import { Temporal } from 'temporal-polyfill';
import type { LibraryPolicy } from './policy.ts';
import { weekdays } from './policy-places.ts';
import type { PolicyClosure, Stop } from './policy-places.ts';
import type { OpeningHours } from './policy-values.ts';

/** What the calendar needs of a policy. */
export type CalendarPolicy = Pick<LibraryPolicy, 'timeZone' | 'branches' | 'stops' | 'closures'>;

/**
 * A day on which staff closed a place (`place: null`: all places) or, with both times, opened it at other hours than usual.
 * `day` is `YYYY-MM-DD`; times are `HH:MM` or `HH:MM:SS` on the library's wall.
 */
export interface Closure {
  readonly place: string | null;
  readonly day: string;
  readonly opens?: string | null | undefined;
  readonly closes?: string | null | undefined;
}

/** Where held items can be picked up: a branch, or a stop of the mobile library, which a branch serves (H4). */
export interface Place {
  readonly code: string;
  readonly kind: 'branch' | 'stop';
  readonly name: LibraryPolicy['name'];
  /** The branch items for this place go through: itself, for a branch. */
  readonly servedFrom: string;
}

/** All pickup places of a library, branches first. */
export function places(policy: Pick<CalendarPolicy, 'branches' | 'stops'>): Place[] {
  const branches = policy.branches.map(({ code, name }): Place => ({
    code,
    name,
    kind: 'branch',
    servedFrom: code,
  }));
  const stops = policy.stops.map(({ code, name, servedFrom }): Place => ({
    code,
    name,
    kind: 'stop',
    servedFrom,
  }));
  return [...branches, ...stops];
}

export function findPlace(
  policy: Pick<CalendarPolicy, 'branches' | 'stops'>,
  code: string,
): Place | undefined {
  return places(policy).find((place) => place.code === code);
}

/** The day it is at the library at that instant. */
export function civilDay(policy: Pick<CalendarPolicy, 'timeZone'>, at: Temporal.Instant): Temporal.PlainDate {
  return at.toZonedDateTimeISO(policy.timeZone).toPlainDate();
}

function inRange(date: string, from: string, to: string): boolean {
  const day = from.length === 5 ? date.slice(5) : date;
  return from <= to ? from <= day && day <= to : day >= from || day <= to;
}

function isNth(date: Temporal.PlainDate, { week, weekday }: NonNullable<PolicyClosure['monthly']>): boolean {
  if (weekdays[date.dayOfWeek - 1] !== weekday) return false;
  return week === 'last' ? date.day + 7 > date.daysInMonth : Math.ceil(date.day / 7) === week;
}

function falls(closure: PolicyClosure, date: Temporal.PlainDate): boolean {
  const { day, days, from, to, monthly } = closure;
  if (monthly) return isNth(date, monthly);
  const text = date.toString();
  if (from !== undefined && to !== undefined) return inRange(text, from, to);
  return (days ?? (day === undefined ? [] : [day])).some((each) => inRange(text, each, each));
}

function visitHours(stop: Stop, date: Temporal.PlainDate): OpeningHours | undefined {
  const visits = stop.visits.filter(({ anchor, everyWeeks }) => {
    return Temporal.PlainDate.from(anchor).until(date, { largestUnit: 'days' }).days % (7 * everyWeeks) === 0;
  });
  const last = visits.toSorted((a, b) => b.to.localeCompare(a.to))[0];
  return last && { opens: last.from, closes: last.to };
}

function usualHours(
  policy: CalendarPolicy,
  place: string,
  date: Temporal.PlainDate,
): OpeningHours | undefined {
  const weekday = weekdays[date.dayOfWeek - 1];
  const branch = policy.branches.find(({ code }) => code === place);
  if (branch && weekday) return branch.hours[weekday] ?? undefined;
  const stop = policy.stops.find(({ code }) => code === place);
  return stop && visitHours(stop, date);
}

function hoursIn(closure: Closure): OpeningHours | undefined {
  if (!closure.opens || !closure.closes) return undefined;
  return { opens: closure.opens.slice(0, 5), closes: closure.closes.slice(0, 5) };
}

interface Exception {
  readonly namesPlace: boolean;
  readonly hours: OpeningHours | undefined;
}

function exceptionOn(
  policy: CalendarPolicy,
  closures: readonly Closure[],
  place: string,
  date: Temporal.PlainDate,
): Exception | undefined {
  const day = date.toString();
  const entered = closures.filter((closure) => closure.day === day);
  const own = entered.find((closure) => closure.place === place);
  if (own) return { namesPlace: true, hours: hoursIn(own) };
  const general = entered.find((closure) => closure.place === null);
  if (general) return { namesPlace: false, hours: hoursIn(general) };
  const planned = policy.closures.filter(
    (closure) => (closure.places?.includes(place) ?? true) && falls(closure, date),
  );
  const deciding = planned.find((closure) => closure.places) ?? planned[0];
  return deciding && { namesPlace: deciding.places !== undefined, hours: deciding.hours };
}

/**
 * Opening hours of a place on a day, or undefined when it is closed (or unknown). What staff entered goes before the policy's closures, and
 * what names the place before what is said of all places; usual hours, or the visits of the mobile library, come last. Special hours for all
 * places open a branch that is usually closed that day, but bring the mobile library to no stop it does not visit.
 */
export function openingOn(
  policy: CalendarPolicy,
  closures: readonly Closure[],
  place: string,
  date: Temporal.PlainDate,
): OpeningHours | undefined {
  const found = findPlace(policy, place);
  const usual = usualHours(policy, place, date);
  const exception = exceptionOn(policy, closures, place, date);
  if (!found || !exception) return usual;
  return found.kind === 'stop' && !exception.namesPlace ? usual && exception.hours : exception.hours;
}
