import { z } from 'zod';
import { illDeliveries, illServices } from '../../domain/ill.ts';
import { statuses } from '../../domain/ill-status.ts';
import { supplyWaits } from '../../domain/supply.ts';
import { loanConditions, retryReasons, unfilledReasons } from '../../domain/supply-reasons.ts';
import { outsideRequestGroups } from '../../db/queries/outside-requests.ts';
import { pageQuery } from '../pages.ts';
import { barcode, desk, money, remark } from './desk.ts';
import { storyEntry } from './story.ts';
import { told } from './told.ts';
import { day, id, instant, line } from './values.ts';

const coded = z.strictObject({ code: z.string(), text: z.string() });

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** Filters of the list (I8). */
export const outsideRequestQuery = pageQuery.extend({
  group: z
    .enum(outsideRequestGroups)
    .default('pending')
    .describe('`pending`: what waits for staff; `open`: all that has not ended; `out`: what is with others.'),
  status: z.enum(statuses).optional(),
  requester: line(60).optional().describe('The requesting library, by its code.'),
  service: z.enum(illServices).optional(),
  late: flag.optional().describe('Whose answer, or whose return, is late.'),
  marked: flag.optional().describe('That carry a mark, such as 从CCC检索到的文献！'),
  number: line(80).optional().describe('Our transaction number, or the requester’s.'),
});

const requester = z.strictObject({ code: z.string(), name: z.string() });

/** A line of the list of outside requests. */
export const outsideRequest = z
  .strictObject({
    id,
    number: z.string().describe('Our transaction number.'),
    requester,
    theirNumber: z.string(),
    service: z.enum(illServices),
    serviceText: z.string(),
    literature: z.string(),
    title: z.string(),
    author: z.string().nullable(),
    mark: z.string().nullable().describe('What is shown with it, such as 从CCC检索到的文献！'),
    note: z.string().nullable().describe('What the requester wrote with it.'),
    status: z.enum(statuses),
    statusText: z.string(),
    reason: coded.nullable(),
    waitsFor: z.enum(supplyWaits).nullable(),
    waitText: z.string().nullable(),
    late: z.boolean(),
    advice: z
      .strictObject({ answer: z.enum(['WillSupply', 'RetryPossible', 'Unfilled']), text: z.string() })
      .nullable()
      .describe('What our catalogue suggests to answer.'),
    forwarded: z.boolean().describe('Passed on to suppliers: this library is a centre (I5).'),
    limit: money.nullable().describe('The most the requester pays.'),
    cost: money.nullable(),
    receivedAt: instant,
    answerBy: instant.nullable(),
    neededBy: instant.nullable(),
    dueAt: instant.nullable(),
    shippedAt: instant.nullable(),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'OutsideRequest' });

const stockCopy = z.strictObject({
  id,
  barcode: z.string(),
  branch: z.string(),
  shelfMark: z.string().nullable(),
  state: z.string(),
  stateText: z.string(),
  forLoan: z.boolean(),
  dueAt: instant.nullable(),
});

const stock = z
  .strictObject({ titleId: id, title: z.string(), waiting: z.int(), copies: z.array(stockCopy) })
  .meta({ id: 'StockTitle' });

const exchanged = z
  .strictObject({
    id,
    direction: z.enum(['in', 'out']),
    says: z.string(),
    note: z.string().nullable(),
    state: z.string(),
    error: z.string().nullable(),
    at: instant,
    settledAt: instant.nullable(),
  })
  .meta({ id: 'ExchangedMessage' });

export const outsideRequestDetail = outsideRequest
  .extend({
    previousNumber: z.string().nullable().describe('The request that this one tries again.'),
    work: z.record(z.string(), z.unknown()).describe('What is asked for, as the requester describes it.'),
    delivery: z.enum(illDeliveries),
    deliverTo: z.array(z.string()).describe('Where it goes, in the order of preference.'),
    forWhom: z.string().nullable(),
    condition: coded.nullable(),
    item: z.strictObject({ id: id.nullable(), text: z.string() }).nullable().describe('What was lent.'),
    renewals: z.int(),
    remindedAt: instant.nullable(),
    arrivedAt: instant.nullable(),
    sentBackAt: instant.nullable(),
    returnedAt: instant.nullable(),
    forwardedAs: id.nullable().describe('The request of our own that it was passed on as.'),
    stock: z.array(stock).describe('What our catalogue has of it now.'),
    messages: z.array(exchanged),
    timeline: z.array(storyEntry),
    may: z.array(z.string()).describe('What can be done with it now.'),
  })
  .meta({ id: 'OutsideRequestDetail' });

const note = { note: remark.optional().describe('Words to the requesting library.') };
const cost = z.int().min(0).max(1_000_000_000);

/** What staff state with each act; amounts are minor units of the library's currency, days end at midnight in its zone. */
export const supplyActs = {
  promise: z.strictObject({ ...note, expect: z.boolean().optional().describe('Probably, not for certain.') }),
  ask: z.strictObject({ ...note, condition: z.enum(loanConditions) }),
  unfilled: z.strictObject({ ...note, reason: z.enum(unfilledReasons) }),
  retry: z.strictObject({
    ...note,
    reason: z.enum(retryReasons),
    offeredMinor: cost.optional(),
    condition: z.enum(loanConditions).optional(),
    after: day.optional(),
    before: day.optional(),
  }),
  ship: z
    .strictObject({
      ...note,
      as: z.enum(illServices).optional().describe('Where the requester takes either.'),
      costMinor: cost.optional().describe('The total cost.'),
      dueOn: day.optional().describe('Until when it is lent; by the policy unless stated.'),
      barcode: barcode
        .optional()
        .describe('The copy of our own catalogue that is lent. Of a loan this or `item` is stated.'),
      item: line(200).optional().describe('What else is lent, by its call number.'),
      documentId: id
        .optional()
        .describe('The uploaded document. Of a copy this, `url` or `byPost` is stated.'),
      url: z
        .url({ protocol: /^https?$/ })
        .max(1000)
        .optional()
        .describe('Where the document can be fetched.'),
      byPost: z.literal(true).optional().describe('The copy goes on paper, by post.'),
    })
    .refine(
      (given) => given.documentId === undefined || given.url === undefined,
      told('stated-twice', 'url'),
    ),
  recall: z.strictObject(note),
  overdue: z.strictObject(note),
  renewal: z.strictObject({ ...note, answer: z.enum(['yes', 'no']), dueOn: day.optional() }),
  cancellation: z.strictObject({ ...note, answer: z.enum(['yes', 'no']) }),
  return: z.strictObject({ ...note, desk }),
  lost: z.strictObject({
    ...note,
    costMinor: cost
      .optional()
      .describe('What the requester pays for it; unless stated, a copy’s own price where it had arrived.'),
  }),
  notes: z.strictObject({ note: remark }),
};
