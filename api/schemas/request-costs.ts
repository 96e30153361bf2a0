import { z } from 'zod';
import { money } from './desk.ts';
import { told } from './told.ts';
import { day, id, inOrder, instant, libraryCode } from './values.ts';

/** The days on which it was charged, both included. */
export const costQuery = z
  .strictObject({
    library: libraryCode.optional().describe('Of an account linked to this one; else the session’s.'),
    from: day.optional().describe('The first day on which it was charged.'),
    to: day.optional().describe('The last day, included.'),
  })
  .refine(inOrder, told('period-reversed', 'to'));

const amounts = {
  charged: money.describe(
    'Fees of delivery and loan, overdue fees, what was lost; without what was dropped.',
  ),
  open: money.describe('What of it the account has still to pay to the library.'),
};

const line = z.strictObject({ id, number: z.string(), title: z.string(), chargedAt: instant, ...amounts });

export const costsByPerson = z
  .strictObject({
    people: z.array(
      z.strictObject({
        person: z.string().nullable().describe('For whom; null: the account’s holder.'),
        email: z.string().nullable(),
        ...amounts,
        requests: z.array(line),
      }),
    ),
    totals: z.array(z.strictObject(amounts)).describe('One for each currency.'),
  })
  .meta({ id: 'CostsByPerson' });
