import { z } from 'zod';
import { settlementStates } from '../../domain/ill-settlement.ts';
import { money, remark } from './desk.ts';
import { day, id, instant, line } from './values.ts';

const side = z
  .enum(['requester', 'supplier'])
  .describe('Which of the two the library was whose statement it is.');

const minor = z.int().min(-1_000_000_000_000).max(1_000_000_000_000);

export const librarySettlement = z
  .strictObject({
    id,
    number: z.string(),
    peer: z.string(),
    peerName: z.string(),
    from: day,
    to: day.describe('The last day, included.'),
    state: z.enum(settlementStates),
    stateText: z.string(),
    total: money.describe('Above zero the other library owes us; below, we owe it.'),
    lines: z.int(),
    free: z.int().describe('Lines without money: free, or reciprocal.'),
    disputed: z.int(),
    drawnAt: instant,
    sentAt: instant.nullable(),
    ourConfirmedAt: instant.nullable(),
    theirConfirmedAt: instant.nullable(),
    settledAt: instant.nullable(),
    settledBy: z.enum(['bank', 'finance', 'netting', 'nothing']).nullable(),
    nettingId: id.nullable(),
  })
  .meta({ id: 'LibrarySettlement' });

export const librarySettlementDetail = z
  .strictObject({
    ...librarySettlement.shape,
    items: z.array(
      z.strictObject({
        id,
        state: z.enum(['counted', 'disputed', 'left-out']),
        disputedBy: z.enum(['us', 'them']).nullable(),
        remark: z.string().nullable(),
        side,
        kind: z.enum(['shipped', 'lost', 'taken-back', 'corrected']),
        service: z.enum(['copy', 'loan']),
        terms: z.enum(['account', 'free', 'reciprocal']),
        reference: z.string().describe('What both libraries call the request.'),
        number: z.string().describe('Our own transaction number.'),
        amount: money,
        at: instant,
      }),
    ),
    compared: z
      .array(
        z.strictObject({
          side,
          reference: z.string(),
          ours: money.nullable(),
          theirs: money.nullable().describe('As we see it: their demand is below zero.'),
          difference: z.enum(['same', 'amount', 'missing-there', 'missing-here']),
          differenceText: z.string(),
        }),
      )
      .nullable()
      .describe(
        'Our statement beside the other library’s, thing by thing; null while nothing is known of theirs.',
      ),
  })
  .meta({ id: 'LibrarySettlementDetail' });

export const peerBalance = z
  .strictObject({
    peer: z.string(),
    peerName: z.string(),
    balance: money.describe('Above zero the other library owes us; below, we owe it.'),
    inSettlement: money.describe('What of it stands in settlements that are not paid.'),
    supplied: z.int().describe('What we have shipped to them.'),
    obtained: z.int().describe('What they have shipped to us.'),
    free: z.int().describe('Of both, without money: free, or reciprocal.'),
  })
  .meta({ id: 'PeerBalance' });

export const nettingPosition = z
  .strictObject({
    nettingId: id,
    amount: money.describe('Above zero we get it; below, we pay it.'),
    nettedAt: instant,
    settledAt: instant.nullable(),
    settledBy: z.enum(['bank', 'finance', 'nothing']).nullable(),
    positions: z
      .array(z.strictObject({ library: z.string(), name: z.string(), amount: money }))
      .describe('Of all libraries that took part: they sum to nothing.'),
  })
  .meta({ id: 'NettingPosition' });

export const settlementBodies = {
  draw: z.strictObject({
    until: day.optional().describe('The last day; the latest period that is over unless stated.'),
  }),
  confirm: z.strictObject({
    side: z
      .enum(['ours', 'theirs'])
      .default('ours')
      .describe(
        '`theirs`: the other library has confirmed in writing. One of this installation confirms for itself.',
      ),
  }),
  dispute: z.strictObject({
    lineId: id,
    by: z.enum(['us', 'them']).default('us'),
    reason: remark.describe('What is wrong with it.'),
  }),
  decide: z.union([
    z.strictObject({ lineId: id, decision: z.enum(['keep', 'leave-out']), reason: remark }),
    z.strictObject({
      lineId: id,
      decision: z.literal('correct'),
      amountMinor: z
        .int()
        .min(0)
        .max(1_000_000_000_000)
        .describe('What the supplier gets, in the settlement’s currency.'),
      reason: remark,
    }),
  ]),
  pay: z.strictObject({
    entryId: id
      .optional()
      .describe('The bank’s entry by which it was paid; left out: the parent institution has settled it.'),
  }),
  theirs: z.strictObject({
    lines: z
      .array(
        z.strictObject({ side, reference: line(80), amountMinor: minor.describe('Above zero they get it.') }),
      )
      .min(1)
      .max(10_000),
  }),
};
