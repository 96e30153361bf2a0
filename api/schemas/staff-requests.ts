import { z } from 'zod';
import { illModes, illServices, illStates } from '../../domain/ill.ts';
import { stateGroups } from '../../domain/ill-groups.ts';
import { pageOf, pageQuery } from '../pages.ts';
import { money, readerRef } from './desk.ts';
import {
  literature,
  periodFields,
  pickupPlace,
  requestDetail,
  requestLine,
  service,
  work,
} from './requests.ts';
import { told } from './told.ts';
import { day, id, inOrder, instant, line } from './values.ts';

const named = z.strictObject({ code: z.string(), name: z.string() });

/** A request as the library's librarians list it (I12). */
export const libraryRequest = requestLine
  .omit({ no: true, actions: true, download: true, library: true, libraryName: true })
  .extend({
    mode: z.enum(illModes),
    reader: readerRef.nullable().describe('Null: for somebody without a card, or for another library.'),
    forLibrary: z.boolean().describe('This library is the centre; another one asked.'),
    supplier: named.nullable().describe('Who has it now.'),
    late: z.boolean().describe('Past the time in which it is usually there (I12).'),
    lateOn: day.nullable(),
  })
  .meta({ id: 'LibraryRequest' });

const attempt = z
  .strictObject({
    id,
    position: z.int(),
    supplier: named,
    ourRef: z.string(),
    theirRef: z.string().nullable(),
    status: z.string().nullable().describe('As the supplier last said, by the standard.'),
    outcome: z.string(),
    outcomeText: z.string(),
    reason: z.string().nullable(),
    reasonText: z.string().nullable(),
    expected: money.nullable(),
    cost: money.nullable(),
    sentAt: instant,
    answerBy: instant.nullable(),
    dueAt: instant.nullable(),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'RequestAttempt' });

const message = z
  .strictObject({
    id,
    attemptId: id,
    supplier: named,
    direction: z.enum(['in', 'out']),
    name: z.string(),
    says: z.string(),
    state: z.string(),
    error: z.string().nullable(),
    saidAt: instant,
    storedAt: instant,
  })
  .meta({ id: 'RequestMessage' });

export const libraryRequestDetail = libraryRequest
  .extend({
    work,
    pickup: pickupPlace.nullable(),
    address: z.string().nullable(),
    beneficiaryEmail: z.string().nullable(),
    limit: money.nullable(),
    cost: money.nullable(),
    copyright: z.string().nullable(),
    overridden: z.array(z.string()).describe('Warnings that were passed over.'),
    reason: z.string().nullable(),
    reasonText: z.string().nullable(),
    asks: z.enum(['reader', 'staff']).nullable().describe('Who answers, in state `asked`.'),
    shippedAt: instant.nullable(),
    receivedAt: instant.nullable(),
    endedAt: instant.nullable(),
    cancelWanted: z.boolean(),
    renewalWanted: z.boolean(),
    steps: requestDetail.shape.steps,
    attempts: z.array(attempt),
    messages: z.array(message).describe('What was said between the libraries.'),
  })
  .meta({ id: 'LibraryRequestDetail' });

const flag = z.enum(['true', 'false']).transform((given) => given === 'true');

const filters = {
  state: z.enum(illStates).optional(),
  group: z.enum(stateGroups).optional(),
  open: flag.optional().describe('`true`: only what has not ended.'),
  late: flag.optional().describe('`true`: only what is late (I12).'),
  mode: z.enum(illModes).optional(),
  service: service.optional(),
  literature: literature.optional(),
  supplier: line(60).optional().describe('The code of a supplier that was asked, now or before.'),
  card: line(64).optional().describe('The reader’s card number.'),
  number: line(40).optional().describe('The transaction number, or its beginning.'),
  text: line(200).optional().describe('Words of title or author; all of them must be found.'),
  ...periodFields,
};

export const libraryRequestQuery = pageQuery.extend(filters).refine(inOrder, told('period-reversed', 'to'));

/** As the list, without its pages. */
export const libraryRequestFileQuery = z.strictObject(filters).refine(inOrder, told('period-reversed', 'to'));

const count = z.int().min(0);

export const libraryRequestPage = pageOf(libraryRequest).extend({
  counts: z
    .array(z.strictObject({ state: z.enum(illStates), stateText: z.string(), count, late: count }))
    .describe('The library’s open requests by state, whatever is filtered.'),
});

export const statisticsQuery = z
  .strictObject({ from: day, to: day.describe('The last day, included.') })
  .refine(inOrder, told('period-reversed', 'to'));

const hours = z.number().nullable();

/** What became of what was asked for in a period. */
export const requestStatistics = z
  .strictObject({
    services: z.array(
      z.strictObject({
        service: z.enum(illServices),
        serviceName: z.string(),
        submitted: count,
        filled: count,
        fillRate: z.number().nullable().describe('Filled of those that are decided, in per cent.'),
        unfilled: count,
        rejected: count,
        cancelled: count,
        lost: count,
        open: count,
        late: count,
        hoursMedian: hours.describe('From submission to arrival.'),
        hoursNinety: hours.describe('Nine of ten were as quick.'),
        suppliersAsked: count,
      }),
    ),
    suppliers: z.array(
      z.strictObject({
        supplier: named,
        asked: count,
        filled: count,
        fillRate: z.number().nullable(),
        unfilled: count,
        noAnswer: count,
        open: count,
        hoursMedian: hours,
        cost: money,
      }),
    ),
  })
  .meta({ id: 'RequestStatistics' });
