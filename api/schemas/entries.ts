import { z } from 'zod';
import { outcomes, whys } from '../../domain/matching.ts';
import { money, readerRef } from './desk.ts';
import { entrySchema } from './statements.ts';
import { day, id, instant } from './values.ts';
import { place } from './words.ts';

const part = z.strictObject({
  to: z
    .enum(['payment', 'credit', 'reversal', 'charge', 'return', 'cash', 'account'])
    .describe(
      'A payment; a reader’s balance; a booking that is taken back; its payer, who is charged because it cannot be taken back any more; a transfer with which the library sent money back; cash that was carried between a till and the bank; an account of the ledger.',
    ),
  amount: money,
  reader: readerRef.nullable(),
  paymentId: id.nullable(),
  reference: z.string().nullable(),
  account: z.string().nullable(),
  cash: z
    .strictObject({
      branch: place,
      days: z.array(day).describe('When it was carried.'),
      carried: money,
      difference: money.describe(
        'What the bank has booked less what the cash drawer has; booked as the branch’s cash difference.',
      ),
      ids: z.array(id).describe('See `GET /v1/staff/carried-cash`.'),
    })
    .nullable(),
});

const suggestion = z
  .strictObject({
    id,
    score: z.int().min(0).max(100),
    reasons: z.array(z.strictObject({ code: z.enum(whys), text: z.string() })),
    parts: z.array(part).describe('Where the money would go.'),
  })
  .meta({ id: 'EntrySuggestion' });

const booking = z.strictObject({
  id,
  kind: z.string(),
  at: instant,
  paymentId: id.nullable(),
  patronId: id.nullable(),
  reverses: id.nullable(),
  lines: z.array(z.strictObject({ account: z.string(), amount: money })),
});

/** An entry with what became of it. */
export const entryFile = z
  .strictObject({
    entry: entrySchema,
    open: money.describe('What nobody has decided on yet; below zero of money that went out.'),
    outcome: z.enum(outcomes).nullable(),
    outcomeText: z.string().nullable(),
    decidedAt: instant.nullable(),
    decidedBy: z.string().nullable(),
    suggestions: z.array(suggestion).describe('The likeliest first; none when it is decided.'),
    bookings: z.array(booking),
  })
  .meta({ id: 'BankEntryFile' });
