import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { languages } from './languages.ts';

/** A text that a reader sees, in every language (G3). */
export const localised = z.record(z.enum(languages), z.string().min(1));

/** Civil date, `2026-12-28`. */
export const civilDate = z.iso.date();

/** Day of every year, `12-28`. */
export const yearlyDay = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'write a day as 2026-12-28 or, for every year, 12-28');

/** Time on a library's wall, `09:30`; `24:00` is the end of the day. */
export const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'write a time as 09:30');

export interface OpeningHours {
  readonly opens: string;
  readonly closes: string;
}

/** `09:30-18:00`, read into its two ends. */
export const hoursOfDay = z.string().transform((text, context): OpeningHours => {
  const [opens, closes, more] = text.split('-');
  const valid = wallTime.safeParse(opens).success && wallTime.safeParse(closes).success && more === undefined;
  if (valid && opens !== undefined && closes !== undefined && opens < closes) return { opens, closes };
  context.addIssue({ code: 'custom', message: 'write opening hours as 09:30-18:00, or closed' });
  return z.NEVER;
});

function readDuration(text: string): Temporal.Duration | undefined {
  try {
    return Temporal.Duration.from(text);
  } catch {
    return undefined;
  }
}

/** Whether a duration counts civil days (`P1W`) and not elapsed time (`PT2H`). */
export function countsDays(duration: Temporal.Duration): boolean {
  return duration.years !== 0 || duration.months !== 0 || duration.weeks !== 0 || duration.days !== 0;
}

function isPlain(duration: Temporal.Duration): boolean {
  const clock = Temporal.Duration.from({
    hours: duration.hours,
    minutes: duration.minutes,
    seconds: duration.seconds,
    milliseconds: duration.milliseconds,
  });
  return !(countsDays(duration) && !clock.blank);
}

/**
 * ISO 8601 duration, longer than nothing: days (`P7D`, `P2W`, `P1M`) or clock time (`PT30M`), never both in one.
 * Days are civil days in the library's time zone; clock time is exact elapsed time.
 */
export const duration = z.string().superRefine((text, context) => {
  const read = readDuration(text);
  if (read === undefined) context.addIssue({ code: 'custom', message: 'write a duration as P7D or PT30M' });
  else if (read.sign <= 0)
    context.addIssue({ code: 'custom', message: 'a duration must be longer than nothing' });
  else if (!isPlain(read))
    context.addIssue({ code: 'custom', message: 'a duration has either days or clock time, not both' });
});

/** Exact elapsed time only (`PT30M`), for locks and sessions. */
export const clockDuration = duration.refine((text) => {
  const read = readDuration(text);
  return read === undefined || !countsDays(read);
}, 'write this duration in hours, minutes or seconds: PT30M');

/** IANA time zone, `Asia/Tokyo`. */
export const timeZone = z.string().refine((id) => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id);
    return true;
  } catch {
    return false;
  }
}, 'not a time zone of the IANA data base');

/** Regular expression source, always matched against the whole text. */
export const pattern = z.string().refine((source) => {
  try {
    new RegExp(source, 'u').test('');
    return true;
  } catch {
    return false;
  }
}, 'not a regular expression');
