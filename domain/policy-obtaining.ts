import { z } from 'zod';
import { weekdays } from './policy-places.ts';
import { duration } from './policy-values.ts';

const days = z.int().min(1).max(365);

/** Who answers what a supplier asks; `next`: nobody, the next supplier is asked. */
const answerer = z.enum(['reader', 'staff', 'next']);

export type Answerer = z.output<typeof answerer>;

/** How a library obtains what its readers ask for, supplier by supplier (I3–I5, I10, I12). Lengths without a unit are working days of the library's calendar. */
export const obtainingPolicy = z.strictObject({
  /** Its own librarian looks at each request before it goes out; unless stated in distributed mode only (I4). */
  review: z.boolean().optional(),
  /** Where requests are mailed in e-mail mode (I3). */
  librarian: z.email().optional(),
  /** The peer to which everything goes in centre mode (I5); the only peer unless stated. */
  centre: z.string().optional(),
  /** Whose opening days are the working days; the first branch unless stated. */
  branch: z.string().optional(),
  /** Weekdays on which requests are worked on, where the branch is open on more than these. */
  weekdays: z.array(z.enum(weekdays)).min(1).optional(),
  /** How long a supplier has for its first answer; past it the next one is asked (I10). */
  answerWithin: days.default(5),
  /** How long one that has promised has to ship; then staff are told. */
  shipWithin: days.default(20),
  /** How long a supplier has to answer a cancellation; past it the request counts as cancelled. */
  cancelWithin: days.default(3),
  /** How long reader or staff have to answer what a supplier asks; past it the next one is asked. */
  askWithin: days.default(5),
  /** Past it a request that is not shipped shows late to staff (I12); civil days. */
  lateAfter: duration.default('P7D'),
  /** Who answers: conditions of the loan, a higher price, a request for better data, and whatever else a supplier would try again. */
  asks: z
    .strictObject({
      condition: answerer.default('reader'),
      cost: answerer.default('reader'),
      data: answerer.default('staff'),
      other: answerer.default('next'),
    })
    .prefault({}),
  /** What suppliers are told of the reader; of nobody unless stated. An address goes along where it is delivered straight to the reader. */
  tellOfReader: z.array(z.enum(['card', 'name', 'email'])).default([]),
  /** The code of copyright compliance that is stated with requests for copies, such as `UK-FairDealing`. */
  copyright: z.string().min(1).max(40).optional(),
});

export type ObtainingPolicy = z.output<typeof obtainingPolicy>;
