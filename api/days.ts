import { Temporal } from 'temporal-polyfill';

/** The instant at which a civil day of a library, `YYYY-MM-DD`, or a later one begins; undefined stays undefined. */
export function dayStart(timeZone: string, civil: string, later: number): Date;
export function dayStart(timeZone: string, civil: string | undefined, later: number): Date | undefined;
export function dayStart(timeZone: string, civil: string | undefined, later: number): Date | undefined {
  if (civil === undefined) return undefined;
  const day = Temporal.PlainDate.from(civil).add({ days: later });
  return new Date(day.toZonedDateTime(timeZone).epochMilliseconds);
}
