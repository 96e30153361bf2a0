import { z } from 'zod';
import { duration } from './policy-values.ts';

/** Files that are delivered (I14, I16). */
const documentPolicy = z.strictObject({
  /** The largest file, in bytes. */
  maxBytes: z.int().min(1).max(100_000_000).default(50_000_000),
  /** A document waits until nothing is to be paid for it any more (I16). */
  heldUntilPaid: z.boolean().default(true),
  /** How often one link gives the file. */
  downloads: z.int().min(1).max(100).default(5),
  /** How long a link is good, in civil days. */
  linkFor: duration.default('P14D'),
  /** How long the file is kept, so that a link can be issued anew. */
  keepFor: duration.default('P30D'),
  /** How often readers have a new link made themselves; staff always can. */
  readersIssues: z.int().min(0).default(3),
  /** For how long an address at which a supplier offers a file is tried. */
  fetchFor: duration.default('P3D'),
  /** How long what another library fetches from us is offered to it, and how often. */
  supplied: z
    .strictObject({ keepFor: duration.default('P30D'), downloads: z.int().min(1).default(10) })
    .prefault({}),
});

/** Things that are lent (I9, I13, I19). */
const thingsPolicy = z.strictObject({
  /** Days for the way back: a reader has a thing for so many days less than its supplier lends it. */
  daysForReturn: z.int().min(0).max(60).default(7),
  /** For how long where the supplier does not say. */
  withoutDueDate: duration.default('P28D'),
  /** How soon a reader has to bring back what the supplier recalls. */
  recall: duration.default('P7D'),
  /** How soon staff ask after what was shipped and did not come. */
  arriveWithin: duration.default('P21D'),
  /** How soon what came back is sent back to its supplier. */
  sendBackWithin: duration.default('P3D'),
  /** How long a supplier has to say that it has its thing back; past it the request is closed. */
  closeAfter: duration.default('P60D'),
  /** How long before the day a reader to whom it was sent straight is reminded; others by the loan's own reminders. */
  remindBefore: duration.default('P3D'),
  /** What a reader pays for a thing that its supplier has given up while they have it: what a librarian decides (`ask`), or, nobody being asked, what the supplier asks or the schedule says (`charge`). */
  givenUp: z.enum(['charge', 'ask']).default('ask'),
  /** A thing that its supplier lends for use in the library: whether the desk may let it go out all the same (`ask`), or never (`refuse`). */
  insideOnly: z.enum(['refuse', 'ask']).default('refuse'),
  /** Whether the library's overdue fee is charged on other libraries' things. */
  overdueFee: z.boolean().default(true),
});

/** How what was asked for reaches the reader. */
export const deliveryPolicy = z.strictObject({
  documents: documentPolicy.prefault({}),
  things: thingsPolicy.prefault({}),
});

export type DeliveryPolicy = z.output<typeof deliveryPolicy>;
