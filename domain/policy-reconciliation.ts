import { z } from 'zod';
import { duration, wallTime } from './policy-values.ts';

const patience = (days: string) => duration.default(days);

/**
 * When ledger, gateway and bank are compared (P9), who hears of it when they differ, and how long money may be under way before that counts as a difference: civil
 * days, in the library's zone.
 */
export const reconciliationPolicy = z.strictObject({
  /** Time of the day at which the day before is looked at. */
  at: wallTime.refine((time) => time !== '24:00', 'write midnight as 00:00').default('05:00'),
  /** The cashier's office; without it nobody is mailed. */
  mailTo: z.email().optional(),
  /** How far back the gateways are asked for their payments. */
  lookBack: patience('P14D'),
  /** Until a payment taken at a gateway stands in a settlement file. */
  settledWithin: patience('P7D'),
  /** Until a payout stands on the bank's statement. */
  paidOutWithin: patience('P7D'),
  /** Until the bank's next statement. */
  statementWithin: patience('P5D'),
  /** Until the money of a bank transfer whose slip was accepted stands on the bank's statement. */
  slipWithin: patience('P14D'),
  /** Until cash that was carried to the bank stands on its statement. */
  carriedWithin: patience('P7D'),
  /** Until an accepted internal transfer has been settled at the finance department. */
  transferWithin: patience('P45D'),
});

export type ReconciliationPolicy = z.output<typeof reconciliationPolicy>;
