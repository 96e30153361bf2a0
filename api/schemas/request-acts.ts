import { z } from 'zod';
import { handSteps } from '../../domain/ill.ts';
import { unfilledReasons } from '../../domain/supply-reasons.ts';
import { remark } from './desk.ts';
import { work } from './requests.ts';
import { told } from './told.ts';
import { day, id, line } from './values.ts';

const limitMinor = z
  .int()
  .min(0)
  .max(1_000_000_000)
  .describe('The most the reader pays without being asked again, in minor units of the library’s currency.');

/** Details that are other than they were: a change of the description, of which the rest stays. */
const correction = work.partial().describe('What is other than it was; an empty text takes a field out.');

const suppliers = z
  .array(line(40))
  .min(1)
  .max(50)
  .refine((codes) => new Set(codes).size === codes.length, told('stated-twice'))
  .describe('Peers by their codes, in the order in which they are to be asked before all others.');

/** What a reader answers to a question (I15). */
export const readersAnswer = z.strictObject({
  accept: z.boolean().describe('False: the next library is asked instead.'),
  limitMinor: limitMinor
    .optional()
    .describe(
      'For a price: up to how much; what was asked for, if not stated. Less than that is a no to it: the next library is asked, up to so much.',
    ),
});

/** Another try with other data, or at a higher price. */
export const readersRetry = z
  .strictObject({ work: correction.optional(), limitMinor: limitMinor.optional() })
  .refine(
    ({ work: changed, limitMinor: most }) => changed !== undefined || most !== undefined,
    told('nothing-changed'),
  );

/** What librarians do with a request, by the last part of the address. */
export const requestActs = {
  review: z
    .strictObject({
      decision: z.enum(['approve', 'reject']),
      remark: remark.optional().describe('For `reject`: told to the reader.'),
      suppliers: suppliers.optional(),
      work: correction.optional(),
    })
    .describe('The librarian lets it go out, or rejects it (I4).'),
  'choose-supplier': z.strictObject({
    suppliers,
    instead: z
      .boolean()
      .default(false)
      .describe('At once, instead of the library that has the request: that one is asked to cancel.'),
  }),
  edit: z.strictObject({ work: correction, limitMinor: limitMinor.optional() }),
  answer: z.strictObject({
    accept: z.boolean(),
    limitMinor: limitMinor.optional(),
    work: correction.optional(),
  }),
  record: z.strictObject({
    step: z.enum(handSteps).describe('`not-obtained` ends the request; the reader is told.'),
    supplier: line(200).optional().describe('Whom you have asked.'),
    costMinor: z
      .int()
      .min(0)
      .max(1_000_000_000)
      .optional()
      .describe('What it costs the library, in minor units.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/u)
      .optional()
      .describe('The library’s own if not stated.'),
    dueOn: day.optional().describe('For a loan: when it has to be back with whoever lends it.'),
    reason: z.enum(unfilledReasons).optional(),
    remark: remark.optional().describe('Told to the reader when it could not be obtained.'),
  }),
  price: z.strictObject({
    amountMinor: z
      .int()
      .min(0)
      .max(1_000_000_000)
      .describe('What the reader pays, in minor units of the library’s currency.'),
  }),
  cancel: z.strictObject({ remark: remark.optional().describe('Told to the reader.') }),
  'late-arrival': z.strictObject({
    attemptId: id.describe('The attempt whose supplier sent it.'),
    outcome: z.enum(['sent-back', 'not-come']),
  }),
};

export type RequestActName = keyof typeof requestActs;
export type RequestActBody<N extends RequestActName> = z.output<(typeof requestActs)[N]>;
