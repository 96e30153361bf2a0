import { z } from 'zod';
import { noticeKinds } from '../../domain/kinds.ts';
import { patronFields } from '../../domain/policy-accounts.ts';
import { card, remark } from './desk.ts';
import { told } from './told.ts';
import { day, id, instant, language, line } from './values.ts';

const preferences = z
  .partialRecord(z.enum(noticeKinds), z.enum(['mail', 'message']))
  .describe('By kind: by mail, or in the account only. A kind that is left out goes as the library decides.');

const minor = z.int().min(0).max(1_000_000_000).describe('Minor units of the library’s currency.');

const code = z.string().regex(/^[a-z][a-z0-9-]{0,59}$/);

const details = z
  .record(z.string().regex(/^[a-zA-Z]{1,40}$/), line(200))
  .refine((given) => Object.keys(given).length <= 20)
  .describe('Further fields of the library’s registration form.');

const name = line(200).describe('As it stands on the card.');
const phone = line(40);

/** A reader's data as it is shown and changed. */
const data = z.strictObject({
  name,
  birthDate: day.nullable(),
  phone: phone.nullable(),
  language,
  login: line(64).nullable(),
  details,
  userGroup: code,
  expiresOn: day.nullable().describe('The card’s last day; null: none.'),
  overdraftLimit: minor.nullable().describe('How far below zero the balance may go; null: not at all.'),
  deposit: minor,
  permissions: z.array(code).max(50),
  noticePreferences: preferences,
});

const permission = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    granted: z.boolean(),
    contact: z.string().describe('To whom to turn for it.'),
    phone: z.string(),
  })
  .meta({ id: 'Permission' });

/** Every permission of the library, with whom to ask for those that are missing (A7). */
export const permissions = z.array(permission);

const field = z.enum(patronFields);

export const patronData = z
  .strictObject({
    id,
    card: z.string(),
    ...data.shape,
    details: z.record(z.string(), z.string()),
    permissionsShown: permissions,
    may: z.array(field).describe('The fields whoever asks may change.'),
  })
  .meta({ id: 'PatronData' });

const notEmpty = (given: object) => Object.keys(given).length > 0;

export const dataChange = data.partial().extend({ note: remark.optional().describe('Why; for colleagues.') });

export const ownDataChange = z
  .strictObject({
    name: name.optional(),
    phone: phone.nullable().optional(),
    language: language.optional(),
    noticePreferences: preferences.optional(),
  })
  .refine(notEmpty, told('nothing-changed'));

export const ownData = z
  .strictObject({
    id,
    card: z.string(),
    ...data.omit({ permissions: true, details: true, overdraftLimit: true, deposit: true }).shape,
    email: z.string().nullable(),
    emailState: z.enum(['none', 'unconfirmed', 'confirmed', 'failing']),
    may: z
      .array(field)
      .describe(
        'What the reader may change here; the password and the e-mail address have pages of their own.',
      ),
    notices: z
      .array(
        z.strictObject({
          kind: z.string(),
          kindText: z.string(),
          way: z.enum(['mail', 'message', 'off']).describe('How it goes at present.'),
          mayChoose: z.boolean().describe('False: the library decides.'),
        }),
      )
      .describe('The kinds that may be left to readers, and how each goes.'),
  })
  .meta({ id: 'OwnData' });

export const newPatron = z.strictObject({
  card,
  name,
  birthDate: day.nullable().default(null),
  phone: phone.nullable().default(null),
  language: language.optional(),
  userGroup: code,
  expiresOn: day.nullable().default(null),
  login: line(64).nullable().default(null),
});

export const openedPatron = z
  .strictObject({
    id,
    card: z.string(),
    oneTimePassword: z
      .strictObject({ password: z.string().describe('Told only here.'), validUntil: instant })
      .nullable()
      .describe('Null: the request was repeated; give the reader a new one if it was lost.'),
  })
  .meta({ id: 'OpenedPatron' });

const value = z.unknown();

/** A change as the administrator sees it (A12). */
export const patronChange = z
  .strictObject({
    id,
    at: instant,
    by: z.string(),
    role: z.enum(['patron', 'applicant', 'staff', 'system']),
    fields: z.array(z.string()),
    before: z.record(z.string(), value),
    after: z.record(z.string(), value),
    note: z.string().nullable(),
  })
  .meta({ id: 'PatronChange' });
