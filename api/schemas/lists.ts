import { z } from 'zod';
import { deskHold, deskLoan, money, readerRef } from './desk.ts';
import { contact, itemInList, titleInList } from './holds.ts';
import { id, instant, line } from './values.ts';
import { place } from './words.ts';

export const branchFilter = line(60).optional().describe('Only what concerns this branch’s desk.');

export const toFetch = z
  .strictObject({
    item: itemInList,
    title: titleInList,
    at: place.describe('Where it stands.'),
    holdId: id,
    reader: readerRef.describe('Who comes first.'),
    pickupPlace: place,
    contact,
    placedAt: instant,
  })
  .meta({ id: 'ToFetch' });

export const toPutAway = z
  .strictObject({
    item: itemInList,
    title: titleInList,
    at: place,
    branch: place.describe('Its home.'),
    since: instant,
  })
  .meta({ id: 'ToPutAway' });

export const inTransit = z
  .strictObject({
    item: itemInList,
    title: titleInList,
    from: place,
    to: place,
    since: instant,
    hold: z
      .strictObject({ id, reader: readerRef, pickupPlace: place })
      .nullable()
      .describe('For whom it travels; null: it goes home.'),
  })
  .meta({ id: 'InTransit' });

export const overdueLoan = z
  .strictObject({
    loan: deskLoan,
    phone: z.string().nullable(),
    daysLate: z.int().min(0),
    feeSoFar: money.nullable().describe('Null where the library takes none.'),
    notices: z.int().describe('How many overdue notices the reader has had.'),
  })
  .meta({ id: 'OverdueLoan' });

export const lapsedHold = z
  .strictObject({
    hold: deskHold,
    toPutAway: z.boolean().describe('Whether its copy still waits on the hold shelf to be put away.'),
  })
  .meta({ id: 'LapsedHold' });

export const task = z
  .strictObject({
    id,
    kind: z.string(),
    text: z.string(),
    state: z.enum(['open', 'overdue', 'done']),
    workflowId: z.string().nullable().describe('The process that waits for it; null: none does.'),
    branch: place.nullable().describe('Whose desk does it; null: any.'),
    createdAt: instant,
    dueAt: instant,
    subjectType: z.string().describe('What it is about: `hold`, `patron`, `application`, `bank-entry`, …'),
    subjectId: id,
    link: z
      .string()
      .nullable()
      .describe('Where staff see and decide what it is about; null: nowhere but here.'),
    reader: readerRef.nullable().describe('Null for an applicant who has no card yet.'),
    phone: z.string().nullable(),
    title: titleInList.nullable().describe('Of the hold it is about; this and what follows.'),
    barcode: z.string().nullable(),
    holdId: id.nullable(),
    pickupPlace: place.nullable(),
    securedAt: instant.nullable(),
    keepUntil: instant.nullable().describe('Known once the reader has been told.'),
    earlierCalls: z.int().describe('Calls that did not reach the reader.'),
    application: z
      .strictObject({
        id,
        procedure: z.string(),
        procedureName: z.string(),
        applicant: z.string().nullable(),
        version: z.int(),
      })
      .nullable()
      .describe('The application to decide on, at `/v1/staff/applications/{id}`.'),
    resolved: z
      .strictObject({
        at: instant,
        by: z.string(),
        outcome: z.string(),
        outcomeText: z.string(),
        note: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Task' });
