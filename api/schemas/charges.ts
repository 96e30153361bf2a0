import { z } from 'zod';
import { money } from './desk.ts';
import { day, id, instant } from './values.ts';

const state = z.enum(['open', 'paid', 'dropped']);

/** A fee of a reader. */
export const charge = z
  .strictObject({
    id,
    cause: z.string().describe('`overdue` or `membership`; others may come.'),
    causeName: z.string().describe('In the reader’s language.'),
    state,
    stateName: z.string(),
    amount: money,
    open: money.describe('What is still to be paid of it.'),
    raisedAt: instant,
    title: z.string().nullable().describe('Of the loan it was charged for.'),
    dueOn: day.nullable().describe('Of a usage fee: the first day that is not paid for.'),
  })
  .meta({ id: 'Charge' });

export const account = z
  .strictObject({
    items: z.array(charge).describe('What is open, the oldest first.'),
    open: money.describe('In all.'),
    credit: money.describe('Paid and not used.'),
    paidUntil: day
      .nullable()
      .describe('The last day for which the usage fee is paid; null where none is taken.'),
  })
  .meta({ id: 'ChargeAccount' });

export const payment = z
  .strictObject({
    id,
    means: z.enum(['cash', 'credit', 'reversal']),
    meansName: z.string(),
    at: instant,
    amount: money.describe('Below zero where a payment was taken back.'),
    lines: z.array(z.strictObject({ chargeId: id, amount: money })),
    reverses: id.nullable().describe('The payment that this takes back.'),
    reversed: z.boolean().describe('Taken back as a mistake.'),
  })
  .meta({ id: 'Payment' });
