import { z } from 'zod';
import { causes } from '../../domain/causes.ts';
import { money } from './desk.ts';

const scope = z
  .array(z.string())
  .describe(
    'For what and for whom, in words: service, literature, suppliers, user groups. Empty: for all that no rule before it is for.',
  );

/** What requests to other libraries cost, by rules of which the first that fits counts (I20). */
export const requestFees = z
  .strictObject({
    prices: z.array(
      z.strictObject({
        for: scope,
        parts: z.array(z.string()).describe('What the price is the sum of.'),
        atLeast: money.nullable(),
        atMost: money.nullable(),
      }),
    ),
    subsidies: z
      .array(z.strictObject({ for: scope, text: z.string(), atMost: money.nullable() }))
      .describe('What the library pays of the price; the first that fits counts.'),
    rates: z.array(
      z.strictObject({
        currency: z.string(),
        rate: z.string().describe('What one unit is worth in the library’s currency.'),
        on: z.iso.date(),
        text: z.string(),
      }),
    ),
    page: z.string().nullable().describe('Where the library explains it all.'),
  })
  .meta({ id: 'RequestFees' });

/** What something costs, as readers see it before it is charged. */
export const fee = z
  .strictObject({
    cause: z.enum(causes),
    name: z.string(),
    rule: z.string().describe('What it is charged for, in words.'),
    price: money.nullable().describe('For all groups that are not named; null where it depends on the case.'),
    atMost: money.nullable().describe('What is charged at most for one loan, request or case.'),
    dailyAtMost: money.nullable().describe('What is charged at most in a day.'),
    period: z.string().nullable().describe('For how long the usage fee lasts: an ISO 8601 duration.'),
    payableOnline: z.boolean(),
    groups: z
      .array(
        z.strictObject({
          code: z.string(),
          name: z.string(),
          pays: money,
          subsidy: money.describe('What is paid for its readers besides.'),
        }),
      )
      .describe('User groups that pay another price.'),
  })
  .meta({ id: 'Fee' });
