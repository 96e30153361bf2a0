import { z } from 'zod';
import { contactMethods, lentKinds } from '../../domain/kinds.ts';
import { holdStates } from '../../domain/hold-states.ts';
import { pageQuery } from '../pages.ts';
import { reasonSchema } from './problem.ts';
import { told } from './told.ts';
import { day, id, instant, line } from './values.ts';
import { place, possibility } from './words.ts';

/** A title as the reader's lists name it. */
export const titleInList = z
  .strictObject({
    id,
    kind: z.enum(lentKinds),
    title: z.string(),
    author: z.string().nullable(),
  })
  .meta({ id: 'TitleInList' });

/** A copy as the reader's lists name it; `issue` and `issuedOn` are those of a magazine. */
export const itemInList = z
  .strictObject({
    id,
    barcode: z.string(),
    shelfMark: z.string().nullable(),
    issue: z.string().nullable(),
    issuedOn: day.nullable(),
  })
  .meta({ id: 'ItemInList' });

export const pickupPlace = line(60).describe('Code of a branch, or of a stop of the mobile library (BM…).');

export const contact = z.enum(contactMethods).describe('How the reader hears that a copy is kept (H4).');

export const hold = z
  .strictObject({
    id,
    state: z.enum(holdStates),
    stateText: z.string(),
    title: titleInList,
    item: itemInList.nullable().describe('The issue asked for, or the copy that is kept or on its way.'),
    placedAt: instant,
    position: z.int().min(1).nullable().describe('Place in the queue while waiting; 1 is served next.'),
    pickupPlace: place,
    contact,
    contactText: z.string(),
    securedAt: instant.nullable().describe('Since when a copy is kept.'),
    contactedAt: instant.nullable().describe('When the reader was told; the week counts from here (H6).'),
    keepUntil: instant.nullable().describe('Until when it is kept; null until the reader has been told.'),
    endedAt: instant.nullable(),
    endText: z.string().nullable().describe('How it ended.'),
    may: z.strictObject({ changePlace: possibility, changeContact: possibility, cancel: possibility }),
  })
  .meta({ id: 'Hold' });

/** A hold to be placed (H1, H4). */
export const newHold = z.strictObject({
  titleId: id,
  itemId: id.optional().describe('The issue of a magazine that is wanted; without it the latest.'),
  pickupPlace,
  contact,
});

export const holdListQuery = pageQuery.extend({
  state: z
    .enum(['open', 'waiting', 'secured', 'ended'])
    .default('open')
    .describe('`open`: waiting and secured, all on one page. `ended` comes in pages.'),
});

/** What became of one of several holds: `accepted` is not decided yet. */
export const holdLine = z
  .strictObject({
    holdId: id,
    outcome: z.enum(['done', 'refused', 'accepted']),
    reasons: z.array(reasonSchema).describe('All reasons of a refusal.'),
    hold: hold.nullable().describe('As it stands now; null where there is none.'),
  })
  .meta({ id: 'HoldLine' });

/** Several of the reader's own things at once; each named twice counts once. */
export const severalIds = z
  .array(id)
  .min(1)
  .max(50)
  .transform((ids) => [...new Set(ids)]);

/** A change of several holds at once (H7). */
export const holdChange = z
  .strictObject({ holds: severalIds, pickupPlace: pickupPlace.optional(), contact: contact.optional() })
  .refine(
    (given) => given.pickupPlace !== undefined || given.contact !== undefined,
    told('nothing-changed', 'pickupPlace'),
  );

/** What became of several holds. */
export const holdLines = {
  200: {
    description: 'What became of each hold, in the order they were named.',
    body: z.strictObject({ lines: z.array(holdLine) }),
  },
};
