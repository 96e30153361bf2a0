import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { civilDate, hoursOfDay, localised, yearlyDay } from './policy-values.ts';

/** In the order of `Temporal.PlainDate.dayOfWeek`: Monday is 1. */
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

export type Weekday = (typeof weekdays)[number];

const weekday = z.enum(weekdays);

const hoursOrClosed = z.union([z.literal('closed').transform(() => null), hoursOfDay]);

/** Opening hours of each day of the week; every day must be stated. */
const weeklyHours = z.record(weekday, hoursOrClosed);

const code = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'a code has letters, digits and hyphens and begins with a letter');

export const branch = z.strictObject({
  code: code.refine((text) => !text.startsWith('BM'), 'codes beginning with BM are mobile-library stops'),
  name: localised,
  address: z.string().min(1),
  phone: z.string().min(1),
  hours: weeklyHours,
});

/** When a mobile library calls at a stop: every `everyWeeks` weeks, counted from the visit on `anchor`. */
const visit = z
  .strictObject({
    weekday,
    from: z.string(),
    to: z.string(),
    everyWeeks: z.int().min(1).max(26).default(1),
    anchor: civilDate,
  })
  .superRefine((given, context) => {
    if (!hoursOfDay.safeParse(`${given.from}-${given.to}`).success) {
      context.addIssue({
        code: 'custom',
        path: ['to'],
        message: 'a visit ends after it begins; write times as 10:30',
      });
    }
    if (!civilDate.safeParse(given.anchor).success) return;
    if (weekdays[Temporal.PlainDate.from(given.anchor).dayOfWeek - 1] !== given.weekday) {
      context.addIssue({ code: 'custom', path: ['anchor'], message: `the anchor is not a ${given.weekday}` });
    }
  });

/** A stop of the mobile library, where held items can be picked up (H4). */
export const stop = z.strictObject({
  code: code.refine((text) => text.startsWith('BM'), 'the code of a mobile-library stop begins with BM'),
  name: localised,
  servedFrom: z.string(),
  visits: z.array(visit).min(1),
});

const day = z.union([civilDate, yearlyDay], 'write a day as 2026-12-28 or, for every year, 12-28');

/** The second Thursday of every month, or the last Wednesday: `{ week: last, weekday: wednesday }`. */
const monthly = z.strictObject({ week: z.union([z.int().min(1).max(4), z.literal('last')]), weekday });

const closureShape = z.strictObject({
  day: day.optional(),
  days: z.array(day).min(1).optional(),
  from: day.optional(),
  to: day.optional(),
  monthly: monthly.optional(),
  places: z.array(z.string()).min(1).optional(),
  hours: hoursOfDay.optional(),
  reason: z.union([localised, z.string().min(1)]),
});

function rangeMistake(from: string, to: string): string | undefined {
  if (from.length !== to.length) return 'from and to both have a year, or neither';
  return from.length === 10 && from > to ? 'to is before from' : undefined;
}

/**
 * Days on which places are closed, or open at other hours than usual: one `day`, several `days`, `from` one `to` another, or one a month. Days
 * without a year come every year; a yearly range may run over New Year (`12-28` to `01-04`). Without `places` it applies to all of them.
 */
export const policyClosure = closureShape.superRefine((given, context) => {
  const { from, to } = given;
  const forms = [given.day, given.days, from ?? to, given.monthly].filter((form) => form !== undefined);
  if (forms.length !== 1 || (from === undefined) !== (to === undefined)) {
    context.addIssue({ code: 'custom', message: 'state one of day, days, from and to, monthly' });
    return;
  }
  const mistake = from !== undefined && to !== undefined && rangeMistake(from, to);
  if (mistake) context.addIssue({ code: 'custom', path: ['to'], message: mistake });
});

export type Branch = z.output<typeof branch>;
export type Stop = z.output<typeof stop>;
export type PolicyClosure = z.output<typeof policyClosure>;
