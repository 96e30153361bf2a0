import { z } from 'zod';
import { likenesses } from '../../domain/person-keys.ts';
import { applicationStates, decisions } from '../../domain/registration.ts';
import { fieldCodes } from '../../domain/policy-registration.ts';
import { readerRef } from './desk.ts';
import { storyEntry } from './story.ts';
import { day, id, instant, libraryCode, linesOnly } from './values.ts';

export const formField = z
  .strictObject({
    code: z.enum(fieldCodes),
    label: z.string(),
    required: z.boolean(),
    input: z
      .enum(['text', 'password', 'date', 'email', 'tel', 'choice'])
      .describe('What a form shows it as.'),
    minLength: z.int().nullable(),
    maxLength: z.int(),
    pattern: z.string().nullable().describe('A regular expression for the whole text, where there is one.'),
    choices: z.array(z.strictObject({ code: z.string(), name: z.string() })).nullable(),
    rules: z.array(z.string()).describe('To be shown beside the field.'),
  })
  .meta({ id: 'FormField' });

export const procedure = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    needsAccount: z
      .boolean()
      .describe('For readers who are signed in; others apply as `POST /v1/applications`.'),
    identity: z
      .string()
      .nullable()
      .describe('Code of the identity provider that has to vouch for the applicant (A1).'),
    steps: z.array(
      z.strictObject({ code: z.enum(['account', 'identity', 'confirm', 'review']), text: z.string() }),
    ),
    phone: z.string().describe('Whom to phone about it.'),
    fields: z.array(formField),
  })
  .meta({ id: 'Procedure' });

/** What was written into each field, by the fields' codes; judged as a whole by the procedure's rules. */
export const written = z
  .record(z.string().max(60), z.string().max(1000))
  .refine((fields) => Object.keys(fields).length <= 40)
  .describe('What was written, by the codes of the procedure’s fields.');

/** Words of an applicant. */
export const words = z.string().trim().min(1).max(2000).regex(linesOnly);

const shownField = z.strictObject({
  code: z.string(),
  label: z.string(),
  value: z.string(),
  text: z.string().describe('As a person reads it.'),
});

const procedureRef = z.strictObject({ code: z.string(), name: z.string() });

export const application = z
  .strictObject({
    id,
    library: libraryCode,
    procedure: procedureRef,
    state: z.enum(applicationStates),
    stateText: z.string(),
    next: z
      .string()
      .describe('What happens next, until when, and whom to phone when it takes too long (A5).'),
    until: instant.nullable().describe('By when: the library, or the applicant.'),
    overdue: z.boolean().describe('The library is late; `phone` is the number to call.'),
    phone: z.string(),
    version: z.int().min(1),
    submittedAt: instant,
    remark: z.string().nullable().describe('What the library asks, or why it has rejected.'),
    card: z.string().nullable().describe('Of the account that has come of it.'),
    fields: z
      .array(shownField)
      .describe('What was submitted last, without the password; empty once it has been deleted.'),
    mayAnswer: z.boolean(),
    mayCorrect: z.boolean(),
    mayWithdraw: z.boolean(),
    form: z.array(formField).describe('The fields to correct, while it is to be corrected; else empty.'),
  })
  .meta({ id: 'Application' });

export const reviewedApplication = z
  .strictObject({
    id,
    procedure: procedureRef,
    state: z.enum(applicationStates),
    stateText: z.string(),
    name: z.string().nullable().describe('Null once what was submitted has been deleted.'),
    email: z.string().nullable(),
    version: z.int().min(1),
    submittedAt: instant,
    dueAt: instant.nullable().describe('By when it has to be reviewed (A5).'),
    overdue: z.boolean(),
  })
  .meta({ id: 'ReviewedApplication' });

const version = z.strictObject({
  version: z.int().min(1),
  submittedAt: instant,
  fields: z.array(shownField),
  answer: z.string().nullable().describe('What the applicant wrote to the library’s question.'),
  passwordSet: z.boolean(),
  changes: z
    .array(z.strictObject({ code: z.string(), label: z.string(), before: z.string(), after: z.string() }))
    .describe('Against the version before.'),
});

const because = z
  .array(z.strictObject({ code: z.enum(likenesses), text: z.string() }))
  .describe('Why they match.');

const likelyReader = z.strictObject({
  reader: readerRef,
  birthDate: day.nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  userGroup: z.string(),
  expiresOn: day.nullable(),
  closed: z.boolean(),
  because,
});

const likelyApplication = z.strictObject({
  id,
  procedure: procedureRef,
  name: z.string(),
  submittedAt: instant,
  because,
});

/** What an account is given, or has. */
export const accountTerms = z.strictObject({
  userGroup: z.string().nullable(),
  permissions: z.array(z.string()),
  expiresOn: day.nullable(),
});

export const applicationFile = z
  .strictObject({
    ...reviewedApplication.shape,
    emailConfirmed: z.boolean(),
    identityProvider: z.string().nullable().describe('Who vouches for the applicant (A1).'),
    reader: readerRef.nullable().describe('The account it is for, or that has come of it.'),
    before: accountTerms.nullable().describe('What the account has now; null: there is none yet.'),
    after: accountTerms.describe('What it has after an approval, unless the decision says otherwise (A6).'),
    versions: z.array(version).describe('Everything that was submitted, the first one first.'),
    likelyReaders: z.array(likelyReader),
    likelyApplications: z.array(likelyApplication),
    story: z.array(storyEntry),
    decisions: z.array(z.enum(decisions)).describe('What can be decided now.'),
    decided: z.strictObject({ by: z.string(), at: instant, remark: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'ApplicationFile' });
