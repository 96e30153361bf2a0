import { z } from 'zod';
import { linkEncodings } from '../../domain/link-text.ts';
import { money } from './desk.ts';
import { titleInList } from './holds.ts';
import { reasonSchema } from './problem.ts';
import { delivery, literature, newRequest, pickupPlace, service, warnings, work } from './requests.ts';
import { day, id, instant, libraryCode, noControls } from './values.ts';
import { possibility } from './words.ts';

/** A form as a link fills it (I1). */
export const prefilled = z
  .strictObject({
    service,
    literature,
    work,
    place: z.string().nullable().describe('Where it is picked up, if the link names a place of the library.'),
  })
  .meta({ id: 'PrefilledRequest' });

export const openUrl = z
  .string()
  .max(16_000)
  .regex(noControls)
  .describe('An OpenURL (Z39.88-2004, or 0.1): the whole address, or what stands behind its question mark.');

/** What a reader may say of a link's characters. */
export const linkEncoding = z
  .enum(linkEncodings)
  .describe('How the link’s characters are encoded, where it was guessed wrongly.');

const encodingUsed = z
  .strictObject({
    name: z.string(),
    label: z.string().describe('What people call it.'),
    known: z
      .enum(['plain', 'stated', 'guessed', 'chosen'])
      .describe(
        '`plain` leaves no doubt; `stated`: by the link; `guessed`: may be wrong; `chosen`: by the reader.',
      ),
    hint: z.string().nullable().describe('What to tell the reader; null where there is no doubt.'),
    choices: z
      .array(z.strictObject({ name: linkEncoding, label: z.string() }))
      .describe('What `encoding` can be set to, if title or author look wrong.'),
  })
  .meta({ id: 'LinkEncoding' });

export const draft = z
  .strictObject({
    id: id.describe('Opens it after signing in; only who has followed the link knows it.'),
    expiresAt: instant,
    open: z.string().describe('Path for signed-in readers.'),
    library: libraryCode.nullable(),
    form: prefilled,
    encoding: encodingUsed,
  })
  .meta({ id: 'RequestDraft' });

/** One of the three: a form, a link, or a link that was followed before signing in. */
export const checkBody = z.union([
  z.strictObject({ form: newRequest }),
  z.strictObject({ openUrl, library: libraryCode.optional(), encoding: linkEncoding.optional() }),
  z.strictObject({ draft: id, library: libraryCode.optional(), encoding: linkEncoding.optional() }),
]);

const heldTitle = z
  .strictObject({
    title: titleInList,
    available: z.int().min(0).describe('Copies on the shelf.'),
    copies: z.int().min(0),
    mayHold: possibility.describe('Whether a hold can be placed on it instead.'),
    titlePath: z.string(),
    holdPath: z.string().describe('Where to place the hold.'),
  })
  .meta({ id: 'HeldHere' });

/** What this request costs its reader by the schedule (I20). */
export const requestPrice = z
  .strictObject({
    price: money.describe('The reader’s share.'),
    subsidy: money.describe('What the library pays of it.'),
    total: money,
    exact: z
      .boolean()
      .describe('False: pages or the supplier’s cost are not known yet, and more may come on top.'),
    atMost: money.nullable().describe('The most it can become, where there is a limit.'),
    asksFirst: z
      .boolean()
      .describe('It is above the limit that was stated: the reader is asked before anything is ordered.'),
  })
  .meta({ id: 'RequestPrice' });

const count = z.int().min(0);

/** What a form comes to before it is sent. */
export const requestCheck = z
  .strictObject({
    library: libraryCode,
    libraryName: z.string(),
    form: z.strictObject({
      service,
      literature,
      work,
      delivery: delivery.nullable(),
      place: z.string().nullable(),
      address: z.string().nullable(),
      limitMinor: z.int().nullable(),
      copyright: z.string().nullable(),
      beneficiary: z.string().nullable(),
    }),
    encoding: encodingUsed.nullable().describe('How the link’s characters were read; null for a form.'),
    mistakes: z
      .array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() }))
      .describe('Everything that is wrong with the form, field by field.'),
    accepted: z.boolean().describe('Sent like this, it would be taken now.'),
    reasons: z.array(reasonSchema).describe('Why it would not be taken, besides mistakes in the form.'),
    overrides: z.array(z.enum(warnings)).describe('What can be passed over with `override`.'),
    duplicates: z
      .array(
        z.strictObject({ id, number: z.string(), stateText: z.string(), submittedOn: day, path: z.string() }),
      )
      .describe('The reader’s own requests that are likely for the same.'),
    others: count.describe('Requests of others at the library that are likely for the same.'),
    heldHere: z.array(heldTitle).describe('What the library itself has of it.'),
    price: requestPrice.nullable().describe('Null: it is known only once a supplier is found.'),
    limits: z.strictObject({
      open: count,
      openLimit: count.nullable(),
      inPeriod: count,
      periodLimit: count.nullable(),
    }),
    places: z.array(pickupPlace),
  })
  .meta({ id: 'RequestCheck' });
