import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { countsDays, duration, wallTime } from './policy-values.ts';

const civilDuration = duration.refine((text) => {
  try {
    return countsDays(Temporal.Duration.from(text));
  } catch {
    return true;
  }
}, 'count civil days here: P1Y, P30D');

/** What a user group pays: the fee, less a subsidy that is paid for it, in minor units of the library's currency; or nothing at all. */
const share = z.union([
  z.literal('exempt'),
  z
    .strictObject({ amountMinor: z.int().min(1), subsidyMinor: z.int().min(0).default(0) })
    .refine((given) => given.subsidyMinor <= given.amountMinor, {
      path: ['subsidyMinor'],
      message: 'the subsidy is more than the fee',
    }),
]);

/**
 * The usage fee of main and single cards (F2); `none`: the library takes none, and no membership process runs. Durations are civil, amounts are minor units of
 * the library's currency.
 */
export const membershipPolicy = z.union([
  z.literal('none'),
  z.strictObject({
    /** How long a payment lasts. */
    period: civilDuration.default('P1Y'),
    /** The fee of every user group that is not named under `groups`. */
    amountMinor: z.int().min(1),
    /** By the code of the user group. */
    groups: z.record(z.string(), share).default({}),
    /** How long before "paid until" passes the fee is raised and its reader told, once (F12). */
    raiseBefore: civilDuration.default('P30D'),
    /** Further reminders while it is unpaid: before the last paid day, and after it. */
    remindBefore: z.array(civilDuration).default([]),
    remindAfter: z.array(civilDuration).default([]),
    /** Time of day at which the fee is raised and reminders are written. */
    noticeTime: wallTime.default('09:00'),
    /**
     * What a late payment lasts from: `payment-day`, the days in between are not charged, since self-service was refused in them; or `due-day`, without a gap.
     * A payment in time always lasts from the day after the old "paid until" (F3).
     */
    lateFrom: z.enum(['payment-day', 'due-day']).default('payment-day'),
    /** A card whose "paid until" is longer ago than this is not charged by the clock any more: its reader stays away; the cashier raises the fee when they come. */
    dormantAfter: civilDuration.default('P1Y'),
  }),
]);

export type MembershipPolicy = Exclude<z.output<typeof membershipPolicy>, 'none'>;
