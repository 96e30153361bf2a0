import { z } from 'zod';
import { illDeliveries, illServices, illStates, literatureTypes } from '../../domain/ill.ts';
import { stateGroups } from '../../domain/ill-groups.ts';
import { questions } from '../../domain/ill-heard.ts';
import { requestActions } from '../../domain/request-actions.ts';
import { fieldLengths, type RequestField, requestFields } from '../../domain/request-fields.ts';
import { pageOf, pageQuery } from '../pages.ts';
import { money } from './desk.ts';
import { told } from './told.ts';
import { day, id, inOrder, instant, libraryCode, line, linesOnly, noControls } from './values.ts';
import { possibility } from './words.ts';

export const service = z
  .enum(illServices)
  .describe('`copy`: a copy is sent; `loan`: the thing itself for a while.');
export const literature = z.enum(literatureTypes).describe('What kind of literature it is.');
export const delivery = z.enum(illDeliveries).describe('How it reaches the reader.');

/** Warnings that a reader can be shown and go on nevertheless; what they went on in spite of is kept. */
export const warnings = ['duplicate', 'held-here'] as const;

const text = (field: RequestField) =>
  z
    .string()
    .max(fieldLengths[field])
    .regex(field === 'note' ? linesOnly : noControls);

const texts = Object.fromEntries(requestFields.map((field) => [field, text(field).optional()])) as {
  [F in RequestField]: z.ZodOptional<z.ZodString>;
};

/** The description of what is wanted, as it is written into a form. */
export const work = z
  .strictObject({
    ...texts,
    neededBy: day.optional().describe('The last day on which it is of use.'),
    anyEdition: z.boolean().optional().describe('Another edition will do.'),
  })
  .meta({ id: 'RequestedWork' });

const wish = {
  service,
  literature,
  work,
  delivery,
  place: line(60).optional().describe('Where it is picked up: a place of the request form.'),
  address: z.string().max(400).regex(linesOnly).optional().describe('Where it is posted to.'),
  limitMinor: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .optional()
    .describe(
      'The most the reader pays without being asked, in minor units of the library’s currency (I15). 0: it may only be free of charge; not stated: the reader is asked before any price arises.',
    ),
  copyright: line(40).optional().describe('The version of the copyright statement that was accepted.'),
  beneficiary: line(200)
    .optional()
    .describe(
      'For whom it is, where an institution’s account or a librarian asks for somebody else (I6, I7).',
    ),
  beneficiaryEmail: z.email().max(254).optional().describe('Where that person is told that it is there.'),
};

const override = z
  .array(z.enum(warnings))
  .max(warnings.length)
  .default([])
  .describe('Warnings that were shown and are to be passed over; this is kept with the request.');

/** What a reader asks for (I1). */
export const newRequest = z.strictObject({
  library: libraryCode
    .optional()
    .describe(
      'The home library whose librarian it goes to: one where the reader has an account (I2); that of the session if not stated.',
    ),
  ...wish,
  override,
});

/** What a librarian asks for on behalf of somebody (I7). */
export const newStaffRequest = z.strictObject({
  card: line(64)
    .optional()
    .describe('The number of the reader’s card; without it `beneficiary` says who it is for.'),
  ...wish,
  override,
});

/** A place where requests are picked up, so that nobody stands before a closed window (I19). */
export const pickupPlace = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    campus: z.string().nullable(),
    building: z.string().nullable(),
    window: z.string().nullable(),
    address: z.string(),
    phone: z.string(),
    hours: z.string().nullable().describe('In the library’s own words; null: see `week`.'),
    week: z.array(z.strictObject({ weekday: z.string(), opens: z.string(), closes: z.string() })),
  })
  .meta({ id: 'RequestPickupPlace' });

const named = (codes: z.ZodType) => z.strictObject({ code: codes, name: z.string() });

/** A line of "my requests" (I11). */
export const requestLine = z
  .strictObject({
    no: z.int().min(1).describe('Number in the list as it was asked for.'),
    id,
    library: z.string().describe('The home library, whose librarian is responsible.'),
    libraryName: z.string(),
    number: z.string().describe('The transaction number.'),
    literature: named(literature),
    service: named(service),
    document: z.strictObject({
      title: z.string(),
      component: z.string().nullable(),
      author: z.string().nullable(),
      text: z.string().describe('Both in one line.'),
    }),
    submittedAt: instant,
    submittedOn: day,
    dueAt: instant.nullable().describe('When a lent thing has to be back.'),
    dueOn: day.nullable(),
    state: z.enum(illStates),
    group: z.enum(stateGroups),
    stateText: z.string(),
    delivery: named(delivery),
    price: money.nullable().describe('What it costs the reader; null until that is known.'),
    actions: z
      .array(z.enum(requestActions))
      .describe(
        'What the reader can do now, by routes below the request: `cancel`, `change-place` (`place`), `answer`, `pay` (a payment of the fee that `GET /v1/me/charges` names with this request), `download` (`document`), `new-link` (`link`), `renew` (`renewal`), and of what was sent straight to them `confirm-receipt` (`receipt`) and `send-back` (`return`).',
      ),
    download: z.string().nullable().describe('Where a document that was delivered online is fetched.'),
    beneficiary: z.string().nullable(),
  })
  .meta({ id: 'RequestLine' });

/** A step of its story. */
const step = z.strictObject({ at: instant, text: z.string() }).meta({ id: 'RequestStep' });

/** A supplier that was asked, as far as the library tells its readers. */
const supplierLine = z
  .strictObject({
    position: z.int(),
    name: z.string(),
    askedAt: instant,
    endedAt: instant.nullable(),
    outcomeText: z.string(),
    reason: z.string().nullable().describe('Why not, in words.'),
  })
  .meta({ id: 'AskedSupplier' });

/** What its reader is asked, and answers by `answer` or `retry`. */
const question = z
  .strictObject({
    what: z.enum(questions).describe('`data`: something in the form has to be changed.'),
    text: z.string(),
    why: z.string().nullable().describe('The supplier’s own reason, in words.'),
    conditions: z.array(z.string()).describe('On which a library lends it, in words.'),
    price: money.nullable().describe('What the reader would pay.'),
    answerBy: instant.nullable().describe('Without an answer by then another library is asked.'),
  })
  .meta({ id: 'RequestQuestion' });

export const requestDetail = requestLine
  .omit({ no: true })
  .extend({
    work,
    pickup: pickupPlace.nullable(),
    address: z.string().nullable(),
    limit: money.nullable(),
    cost: money.nullable().describe('All of it, with what the library pays.'),
    reasonText: z.string().nullable().describe('Why it ended as it did, or what it waits for.'),
    question: question.nullable().describe('What the reader is asked; null: nothing.'),
    shippedAt: instant.nullable(),
    receivedAt: instant.nullable(),
    endedAt: instant.nullable(),
    cancelWanted: z.boolean().describe('It was given up; the supplier’s answer is awaited.'),
    renewalWanted: z.boolean(),
    mayChangePlace: possibility.describe('Until it is shipped (I19).'),
    overridden: z.array(z.string()),
    steps: z.array(step).describe('What has happened, in the order of time.'),
    suppliers: z.array(supplierLine),
  })
  .meta({ id: 'RequestDetail' });

export const periodFields = {
  from: day.optional().describe('The first day of submission.'),
  to: day.optional().describe('The last day of submission, included.'),
};

/** The filters of "my requests" (I11). */
export const requestListQuery = pageQuery
  .extend({
    library: libraryCode.optional(),
    service: service.optional(),
    literature: literature.optional(),
    group: z.enum(stateGroups).optional(),
    state: z.enum(illStates).optional(),
    number: line(40).optional().describe('The transaction number, or its beginning.'),
    text: line(200).optional().describe('Words of title or author; all of them must be found.'),
    ...periodFields,
  })
  .refine(inOrder, told('period-reversed', 'to'));

export const requestPage = pageOf(requestLine).extend({
  total: z.int().min(0).describe('How many there are on all pages.'),
});
