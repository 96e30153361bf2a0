import { z } from 'zod';
import { duration, pattern } from './policy-values.ts';

const minor = z.int().min(0).max(1_000_000_000);

/** What an entry of no reader is: by its direction, a regular expression on what the bank says of it, the beginning of the bank's code, the other side's account. */
const matchingRule = z
  .strictObject({
    code: z.string().regex(/^[a-z][a-z0-9-]*$/),
    direction: z.enum(['in', 'out']).optional(),
    text: pattern.optional(),
    bankCode: z.string().min(1).optional(),
    counterparty: z.string().min(1).optional(),
    /** The ledger's account it is booked to: what the bank keeps, what a gateway pays out, cash and money between the library's own accounts, internal transfers and campus cards that are paid out to the bank, or anything else. */
    book: z
      .string()
      .regex(
        /^(?:(?:fee|gateway|transit|transfer|other):[a-z0-9-]+|card:.+)$/,
        'write fee:…, gateway:…, transit:…, transfer:…, card:… or other:…',
      ),
  })
  .refine(
    ({ text, bankCode, counterparty }) => [text, bankCode, counterparty].some((each) => each !== undefined),
    'a rule needs text, bankCode or counterparty, or it would take every entry',
  );

export type MatchingRule = z.output<typeof matchingRule>;

/** How entries of bank statements find their payments (P9). Amounts are minor units of the library's currency. */
export const matchingPolicy = z.strictObject({
  /** Whether money without a reference is booked where amount and payer leave one payment only; otherwise that is suggested. */
  byName: z.boolean().default(true),
  /** How many days before a payment was begun, and after it, its money may come. */
  window: z
    .strictObject({ before: z.int().min(0).default(3), after: z.int().min(1).default(90) })
    .prefault({}),
  /** By how much less may come because banks kept it, without the reader being short: in any case, and where the statement states it. */
  bankFees: z.strictObject({ upTo: minor.default(0), statedUpTo: minor.default(5000) }).prefault({}),
  /** Cash that was carried to the bank, or fetched there: how many days later it may stand on a statement, and by how much the bank may have counted otherwise. */
  cash: z.strictObject({ within: z.int().min(0).default(14), differsUpTo: minor.default(5000) }).prefault({}),
  /** By when staff decide on what waits. */
  taskDue: duration.default('P1D'),
  /** What to do with a transfer or debit that came back after what it paid was used, followed or invoiced: charge its payer by itself, or offer that to staff. */
  returned: z.enum(['charge', 'ask']).default('ask'),
  rules: z.array(matchingRule).default([]),
});

export type MatchingPolicy = z.output<typeof matchingPolicy>;
