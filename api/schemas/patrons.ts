import { z } from 'zod';
import { blockReasons } from '../../domain/block-reasons.ts';
import { money, readerRef } from './desk.ts';
import { returnedMail } from './email.ts';
import { reasonSchema } from './problem.ts';
import { day, id, instant, language } from './values.ts';

const count = z.int().min(0);

export const foundPatron = z
  .strictObject({
    ...readerRef.shape,
    birthDate: day.nullable(),
    blocked: z.boolean(),
    closed: z.boolean(),
  })
  .meta({ id: 'FoundPatron' });

export const block = z
  .strictObject({
    id,
    reason: z.string(),
    reasonText: z.string(),
    note: z.string().nullable(),
    placedAt: instant,
    placedBy: z.string(),
    liftedAt: instant.nullable().describe('Null: it stands.'),
    liftedBy: z.string().nullable(),
  })
  .meta({ id: 'Block' });

export const blockReason = z.enum(blockReasons);

export const patronFile = z
  .strictObject({
    ...readerRef.shape,
    birthDate: day.nullable(),
    email: z.string().nullable(),
    emailState: z.enum(['none', 'unconfirmed', 'confirmed', 'failing']),
    phone: z.string().nullable(),
    language,
    userGroup: z.string(),
    paidUntil: day.nullable(),
    expiresOn: day.nullable(),
    createdAt: instant,
    closedAt: instant.nullable(),
    standing: z
      .array(reasonSchema)
      .describe(
        'Why the reader gets nothing at present, at the desk either; empty: nothing stands in the way.',
      ),
    blocks: z.array(block).describe('The latest first; those lifted too.'),
    counts: z.strictObject({ waiting: count, secured: count, loans: count, overdue: count }),
    owed: money,
  })
  .meta({ id: 'PatronFile' });

export const staffNotice = z
  .strictObject({
    id,
    kind: z.string(),
    kindText: z.string(),
    subjectType: z.string(),
    subjectId: id,
    channel: z.enum(['mail', 'message']).describe('`message`: shown in the reader’s account only.'),
    state: z.enum(['queued', 'sent', 'shown', 'failed', 'withdrawn']),
    stateText: z.string(),
    language,
    recipient: z.string().nullable(),
    subject: z.string().nullable(),
    attempts: count.describe('How often it was handed to the mail server.'),
    failures: count.describe('How often the mail server did not take it.'),
    lastError: z.string().nullable().describe('What the mail server said last.'),
    createdAt: instant,
    settledAt: instant.nullable(),
    returned: returnedMail,
    returnedText: z.string().nullable(),
  })
  .meta({ id: 'StaffNotice' });

export const staffNoticeInFull = z
  .strictObject({ ...staffNotice.shape, text: z.string().nullable() })
  .meta({ id: 'StaffNoticeInFull' });
