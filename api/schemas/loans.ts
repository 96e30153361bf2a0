import { z } from 'zod';
import { itemInList, titleInList } from './holds.ts';
import { reasonSchema } from './problem.ts';
import { day, id, instant } from './values.ts';
import { place } from './words.ts';

const common = {
  id,
  state: z.enum(['on-loan', 'overdue', 'returned', 'lost']),
  stateText: z.string(),
  title: titleInList,
  item: itemInList,
  branch: place,
  checkedOutAt: instant,
  dueAt: instant.describe('The last moment that is in time.'),
  dueOn: day.describe('The last day.'),
  renewals: z.int().describe('How often it was renewed.'),
  renewedAt: instant.nullable(),
  endedAt: instant.nullable(),
};

/** A loan, with the answer to whether it can be renewed now. */
export const loan = z
  .strictObject({
    ...common,
    overdue: z.boolean(),
    renewable: z.boolean(),
    reasons: z.array(reasonSchema).describe('Every reason why it cannot be renewed now; empty when it can.'),
  })
  .meta({ id: 'Loan' });

export const endedLoan = z.strictObject(common).meta({ id: 'EndedLoan' });

export const renewed = z.strictObject({ loanId: id, dueAt: instant, dueOn: day }).meta({ id: 'Renewed' });

/** What became of one of several renewals. */
export const renewalLine = z
  .strictObject({
    loanId: id,
    outcome: z.enum(['done', 'refused', 'accepted']),
    reasons: z.array(reasonSchema).describe('All reasons of a refusal.'),
    dueAt: instant.nullable().describe('The new due date; null where there is none.'),
    dueOn: day.nullable(),
  })
  .meta({ id: 'RenewalLine' });

/** What became of several renewals. */
export const renewalLines = {
  200: {
    description: 'What became of each loan, in the order they were named.',
    body: z.strictObject({ lines: z.array(renewalLine) }),
  },
};
