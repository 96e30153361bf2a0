import { z } from 'zod';
import { barcode, desk, remark } from './desk.ts';
import { day, line } from './values.ts';

/** What librarians do with what other libraries send, by the last part of the address. */
export const deliveryActs = {
  arrival: z.strictObject({
    desk: desk.describe('Where it was unpacked; it is sent back from there.'),
    barcode: barcode
      .optional()
      .describe('The supplier’s, or of a label of our own; without it one made of the transaction number.'),
    unusable: z.boolean().default(false).describe('Damaged, or not what was asked for: it goes back.'),
    remark: remark
      .optional()
      .describe('What is wrong with it: told to the supplying library and to the reader.'),
  }),
  'hand-out': z.strictObject({}),
  'take-back': z.strictObject({ desk }),
  'send-back': z.strictObject({}),
  renewal: z.strictObject({}),
  'renewal-answer': z.strictObject({
    answer: z.enum(['yes', 'no']),
    dueOn: day.optional().describe('With a yes: the day on which the supplying library wants it back.'),
    remark: remark.optional().describe('Told to the reader with a no.'),
  }),
  loss: z.strictObject({
    priceMinor: z
      .int()
      .min(0)
      .max(1_000_000_000)
      .optional()
      .describe('What the supplying library asks for it, in minor units; without it what the schedule says.'),
    remark: remark.optional(),
  }),
  'loss-charge': z.discriminatedUnion('charge', [
    z.strictObject({
      charge: z.literal(true),
      priceMinor: z
        .int()
        .min(0)
        .max(1_000_000_000)
        .optional()
        .describe(
          'What the reader pays, in minor units, besides what they were charged for it before; without it what the schedule says, or what is missing of the supplying library’s price.',
        ),
      remark: remark.optional(),
    }),
    z.strictObject({
      charge: z.literal(false),
      remark: remark.optional().describe('Why; for the library only.'),
    }),
  ]),
  'return-check': z.strictObject({
    back: z
      .boolean()
      .describe('True: the supplying library has it. False: the reader has it yet, or it lies here.'),
    remark: remark.optional().describe('With a no: for the supplying library.'),
  }),
  inquiry: z.strictObject({ remark: remark.optional().describe('For the supplying library.') }),
  link: z.strictObject({}),
  'document-withdrawal': z.strictObject({ remark: remark.optional() }),
  place: z.strictObject({ place: line(60) }),
} as const;

export type DeliveryActName = keyof typeof deliveryActs;
export type DeliveryActBody<N extends DeliveryActName> = z.output<(typeof deliveryActs)[N]>;
