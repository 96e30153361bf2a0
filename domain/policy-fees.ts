import { z } from 'zod';
import { duration, localised } from './policy-values.ts';

const minor = z.int().min(1);

/** What a user group pays: the fee less a subsidy that is paid for it, in minor units of the library's currency; or nothing at all. */
const share = z.union([
  z.literal('exempt'),
  z
    .strictObject({ amountMinor: minor, subsidyMinor: z.int().min(0).default(0) })
    .refine((given) => given.subsidyMinor <= given.amountMinor, {
      path: ['subsidyMinor'],
      message: 'the subsidy is more than the fee',
    }),
]);

const terms = {
  /** What the fee is called here, where that is not its usual name. */
  name: localised.optional(),
  /** Whether it can be paid online; at the desk it always can. */
  online: z.boolean().default(true),
  /** Most a reader is charged for this cause in a civil day; what comes on top is not charged. */
  dailyCapMinor: minor.optional(),
};

const priced = {
  ...terms,
  /** The fee of every user group that is not named under `groups`. */
  amountMinor: minor,
  /** By the code of the user group. */
  groups: z.record(z.string(), share).default({}),
};

/** What staff raise: at the price of the schedule, if there is one, or at an amount of their own up to a limit. */
const byStaff = z
  .strictObject({ ...priced, amountMinor: minor.optional(), maxMinor: minor.optional() })
  .refine(({ amountMinor, maxMinor }) => amountMinor !== undefined || maxMinor !== undefined, {
    message: 'state a price (amountMinor), or how much staff may charge (maxMinor)',
  });

/** What an interlibrary loan or a delivered document costs is worked out with the request (I15); here only how it is paid, and what staff may raise by hand. */
const byRequest = z.strictObject({ ...terms, maxMinor: minor.optional() });

/**
 * The fee schedule, by cause. What it does not name is not charged. Overdue fees (`loans.overdueFee`) and the usage fee (`membership`) have their own policies, and what a
 * bank takes back (`returned-payment`) has no price; here stands how they are paid. Amounts are minor units of the library's currency.
 */
export const feesPolicy = z.strictObject({
  overdue: z.strictObject({ name: terms.name, online: terms.online }).prefault({}),
  membership: z.strictObject({ name: terms.name, online: terms.online }).prefault({}),
  /** Once a hold: when it is placed, when a copy is ready for the first time, or when it was not collected. */
  hold: z.strictObject({ ...priced, when: z.enum(['placed', 'secured', 'lapsed']) }).optional(),
  /** The price of a lost copy; one without a price of its own costs `amountMinor`. Taken back when the copy is found again within the time. */
  lost: z
    .strictObject({
      ...priced,
      maxMinor: minor.optional(),
      refund: z.enum(['none', 'price', 'price-and-processing']).default('price'),
      refundWithin: duration.default('P1Y'),
    })
    .optional(),
  /** The work with a lost copy, charged together with its price. */
  processing: byStaff.optional(),
  damaged: byStaff.optional(),
  /** A new card for a lost one. */
  card: byStaff.optional(),
  'interlibrary-loan': byRequest.optional(),
  'document-delivery': byRequest.optional(),
  printing: byStaff.optional(),
  'returned-payment': z.strictObject({ name: terms.name, online: terms.online }).prefault({}),
  other: byStaff.optional(),
});

export type FeesPolicy = z.output<typeof feesPolicy>;

/** What readers may object to before they pay (P7), and within how many working days staff decide; `none`: at the desk only. */
export const disputesPolicy = z.union([
  z.literal('none'),
  z.strictObject({ within: z.int().min(1).max(60).default(5) }),
]);

/**
 * Debts that stop a reader: with more than so much to pay nothing can be held, renewed or borrowed. Charges that are disputed do not count, nor does the usage fee,
 * which has a rule of its own (F4).
 */
export const debtsPolicy = z.strictObject({
  holdsAboveMinor: z.int().min(0).optional(),
  renewalsAboveMinor: z.int().min(0).optional(),
  loansAboveMinor: z.int().min(0).optional(),
});

export type DebtsPolicy = z.output<typeof debtsPolicy>;
