import { z } from 'zod';
import {
  entryKinds,
  entryStates,
  mistakeCodes,
  statementFormats,
  statementJoins,
} from '../../domain/bank.ts';
import { day, id } from './values.ts';

const minor = z
  .string()
  .regex(/^-?\d+$/)
  .describe('Minor units of the currency; text, so that it is exact.');

const statement = z
  .strictObject({
    account: z.string().describe('The account’s code in the policy.'),
    bankId: z.string().nullable(),
    sequence: z.string().nullable().describe('The bank’s running number.'),
    page: z.int().nullable(),
    from: day,
    to: day,
    currency: z.string(),
    opening: minor.nullable(),
    closing: minor.nullable(),
    added: z.int().describe('Entries that were new.'),
    known: z.int().describe('Entries that were there already.'),
    skipped: z.int().describe('Entries that the bank has not booked, or that moved no money.'),
    joins: z
      .enum([...statementJoins, 'again'])
      .describe(
        '`gap`: it does not begin with the balance with which the one before ended; `again`: the very same statement.',
      ),
    expected: minor.nullable().describe('Where it does not join: the balance with which it should begin.'),
    missing: z
      .array(z.string())
      .nullable()
      .describe('The first and last of the bank’s numbers that are missing before it.'),
  })
  .meta({ id: 'BankStatement' });

const mistake = z
  .strictObject({
    code: z.enum(mistakeCodes),
    line: z.int().describe('Line of the file, from 1.'),
    path: z.string().nullable().describe('Where in the file: an element, a field, a column.'),
    detail: z.string().describe('In words.'),
  })
  .meta({ id: 'StatementMistake' });

export const statementFileSchema = z
  .strictObject({
    id,
    name: z.string(),
    format: z.enum(statementFormats),
    account: z.string().nullable(),
    size: z.int(),
    state: z
      .enum(['stored', 'imported', 'rejected'])
      .describe('`rejected`: nothing of it was taken over; `mistakes` says why.'),
    finished: z.boolean().describe('Its entries have been looked at, too: nothing is under way any more.'),
    receivedAt: z.string(),
    settledAt: z.string().nullable(),
    statements: z.array(statement),
    mistakes: z.array(mistake),
    matched: z.int().describe('Entries that are booked to where they belong.'),
    waiting: z.int().describe('Entries that wait.'),
  })
  .meta({ id: 'StatementFile' });

export const entrySchema = z
  .strictObject({
    id,
    account: z.string(),
    fileId: id.describe('The file it was first found in.'),
    bookedOn: day,
    valueOn: day.nullable(),
    amount: minor.describe('Above zero: money that came in. Minor units as text.'),
    charges: minor.describe('What banks kept of it on the way.'),
    currency: z.string(),
    payerName: z.string().nullable(),
    payerAccount: z.string().nullable(),
    remittance: z.string(),
    reference: z.string().nullable(),
    endToEnd: z.string().nullable(),
    bankRef: z.string().nullable(),
    code: z.string().nullable().describe('The bank’s code for what it is.'),
    kind: z.enum(entryKinds),
    returnReason: z.string().nullable(),
    part: z.int().nullable(),
    parts: z.int().nullable(),
    state: z.enum(entryStates),
    journalId: id.nullable(),
  })
  .meta({ id: 'BankEntry' });
