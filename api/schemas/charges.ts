import { z } from 'zod';
import { disputeStates } from '../../domain/disputes.ts';
import { money, readerRef } from './desk.ts';
import { day, id, instant } from './values.ts';

const state = z.enum(['open', 'disputed', 'paid', 'waived', 'dropped']);

/** A fee of a reader. */
export const charge = z
  .strictObject({
    id,
    cause: z.string().describe('For what: `overdue`, `membership`, `hold`, `lost` …; others may come.'),
    causeName: z.string().describe('In the reader’s language.'),
    state,
    stateName: z.string(),
    amount: money,
    open: money.describe('What is still to be paid of it.'),
    raisedAt: instant,
    waived: money.describe('What of it the library has waived.'),
    payableOnline: z.boolean().describe('Whether it may be paid online; at the desk it always may.'),
    note: z.string().nullable().describe('What staff wrote to it.'),
    title: z.string().nullable().describe('Of the loan, hold, copy or request it was charged for.'),
    request: z
      .strictObject({ id, number: z.string().describe('The transaction number.') })
      .nullable()
      .describe('The request to other libraries whose delivery or loan it is for.'),
    inPayment: id
      .nullable()
      .describe('The payment under way that it is locked to: go on with that one, or give it up.'),
    dueOn: day.nullable().describe('Of a usage fee: the first day that is not paid for.'),
  })
  .meta({ id: 'Charge' });

export const account = z
  .strictObject({
    items: z.array(charge).describe('What is to be paid, the oldest first.'),
    open: money.describe('In all.'),
    disputed: z
      .array(charge)
      .describe(
        'What the reader has objected to; it is held out of `items` and `open` until staff decide (P7).',
      ),
    disputedTotal: money,
    credit: money.describe('Paid and not used; below zero, the overdraft is in use.'),
    overdraft: money.nullable().describe('How far below zero the balance may go; null: not at all.'),
    deposit: money.describe('What the reader has deposited.'),
    paidUntil: day
      .nullable()
      .describe('The last day for which the usage fee is paid; null where none is taken.'),
  })
  .meta({ id: 'ChargeAccount' });

export const disputeAnswer = z.strictObject({
  chargeId: id,
  open: money.describe('What is open of the fee.'),
});

/** What staff did with a charge, or its reader. */
const waiver = z.strictObject({
  id,
  amount: money,
  at: instant,
  by: z.string(),
  reason: z.string().describe('A code.'),
  reasonName: z.string(),
  note: z.string().nullable(),
  reversed: z.boolean().describe('Taken back.'),
});

const dispute = z.strictObject({
  id,
  state: z.enum(disputeStates),
  stateName: z.string(),
  text: z.string().describe('What the reader wrote.'),
  disputed: money.describe('What was open then.'),
  openedAt: instant,
  decidedAt: instant.nullable(),
  by: z.string().nullable().describe('Who decided.'),
  note: z.string().nullable().describe('What was written to the decision.'),
});

/** A charge with all that became of it, as staff see it. */
export const chargeFile = charge
  .extend({
    reader: readerRef,
    barcode: z.string().nullable().describe('Of the copy it is for.'),
    payments: z.array(z.strictObject({ id, kind: z.string(), text: z.string(), amount: money, at: instant })),
    waivers: z.array(waiver),
    disputes: z.array(dispute),
  })
  .meta({ id: 'ChargeFile' });
