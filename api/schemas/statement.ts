import { z } from 'zod';
import { pageQuery } from '../pages.ts';
import { money } from './desk.ts';
import { told } from './told.ts';
import { day, id, inOrder, instant } from './values.ts';

const days = {
  from: day.optional().describe('The first day.'),
  to: day.optional().describe('The last day, included.'),
};

/** The days of a period, both included; either may be left out. */
export const period = z.strictObject(days).refine(inOrder, told('period-reversed', 'to'));

export const statementQuery = pageQuery.extend(days).refine(inOrder, told('period-reversed', 'to'));

export const statementLine = z
  .strictObject({
    id,
    at: instant,
    kind: z
      .string()
      .describe('`charge-overdue`, `payment-cash`, `waiver-overdue`, `reversal-payment` …; others may come.'),
    text: z.string().describe('What it was for, in words.'),
    income: money.nullable().describe('What came onto the account.'),
    expense: money
      .nullable()
      .describe('What went off it. Both are null where the reader’s balance paid a fee.'),
    balance: money.describe(
      'Of the account after it: the credit less what is owed; below zero where more is owed.',
    ),
    owed: money.describe('What was owed after it, disputed fees included.'),
    credit: money.describe('What was paid and not used after it.'),
    for: z.array(z.strictObject({ chargeId: id, cause: z.string(), text: z.string(), amount: money })),
  })
  .meta({ id: 'StatementLine' });
