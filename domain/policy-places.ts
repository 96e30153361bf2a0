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

/**
 * Days on which places are closed, or open at other hours than usual. Days without a year come every year; a yearly range may run over
 * New Year (`12-28` to `01-04`). Without `places` it applies to all of them.
 */
export const policyClosure = z
  .strictObject({
    day: day.optional(),
    from: day.optional(),
    to: day.optional(),
    places: z.array(z.string()).min(1).optional(),
    hours: hoursOfDay.optional(),
    reason: z.union([localised, z.string().min(1)]),
  })
  .superRefine((given, context) => {
    const range = given.from !== undefined && given.to !== undefined;
    if (
      range
        ? given.day !== undefined
        : given.day === undefined || given.from !== undefined || given.to !== undefined
    ) {
      context.addIssue({ code: 'custom', message: 'state either day, or from and to' });
      return;
    }
    if (!range) return;
    const { from = '', to = '' } = given;
    if (from.length !== to.length)
      context.addIssue({ code: 'custom', path: ['to'], message: 'from and to both have a year, or neither' });
    else if (from.length === 10 && from > to)
      context.addIssue({ code: 'custom', path: ['to'], message: 'to is before from' });
  });

export type Branch = z.output<typeof branch>;
export type Stop = z.output<typeof stop>;
export type PolicyClosure = z.output<typeof policyClosure>;
