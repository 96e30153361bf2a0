import { z } from 'zod';

export const settlementPeriods = ['monthly', 'quarterly', 'yearly'] as const;

/** How a library settles with others what they have supplied to each other (I17). */
export const illSettlementPolicy = z.strictObject({
  /** Civil months, quarters or years in the library's time zone. */
  period: z.enum(settlementPeriods).default('quarterly'),
  /** Drawn up by the clock when a period is over, or by staff. */
  drawn: z.enum(['by-itself', 'by-staff']).default('by-itself'),
  /** Whether it lets its balances be netted with those of the installation's other libraries, so that each pays or gets one sum. */
  netting: z.boolean().default(false),
  /** Where statements go, by the code of the other agency. */
  addresses: z.record(z.string(), z.email()).default({}),
});

export type IllSettlementPolicy = z.output<typeof illSettlementPolicy>;
export type SettlementPeriod = IllSettlementPolicy['period'];
