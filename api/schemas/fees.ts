import { z } from 'zod';
import { causes } from '../../domain/causes.ts';
import { money } from './desk.ts';

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
