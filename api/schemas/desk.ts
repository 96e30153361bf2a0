import { z } from 'zod';
import { holdStates } from '../../domain/hold-states.ts';
import { itemStates } from '../../domain/kinds.ts';
import { contact, itemInList, titleInList } from './holds.ts';
import { id, instant, line, linesOnly } from './values.ts';
import { place, possibility } from './words.ts';

/** What staff type or scan. */
export const card = line(64).describe('The number of the reader’s card.');
export const barcode = line(64).describe('The copy’s barcode.');
export const desk = line(60).describe(
  'Where the desk is: code of a branch, or of a stop of the mobile library, which stands for the branch that serves it.',
);

/** Words of a member of staff, kept with what they did; they may be several lines. */
export const remark = z.string().trim().min(1).max(1000).regex(linesOnly);

export const readerRef = z.strictObject({ id, card: z.string(), name: z.string() }).meta({ id: 'ReaderRef' });

export const money = z
  .strictObject({
    amountMinor: z.int(),
    currency: z.string(),
    text: z.string().describe('As people write it.'),
  })
  .meta({ id: 'Money' });

const conditions = z
  .array(z.strictObject({ code: z.string(), text: z.string() }))
  .describe('Under what conditions another library has lent it: in the library only, not to be copied.');

export const deskHold = z
  .strictObject({
    id,
    state: z.enum(holdStates),
    stateText: z.string(),
    reader: readerRef,
    title: titleInList,
    item: itemInList.nullable().describe('The issue asked for, or the copy that is kept or on its way.'),
    itemAt: place.nullable().describe('Where that copy is.'),
    channel: z.enum(['web', 'desk']),
    placedAt: instant,
    position: z.int().min(1).nullable().describe('Place in the queue while waiting; 1 is served next.'),
    pickupPlace: place,
    contact,
    contactText: z.string(),
    securedAt: instant.nullable(),
    contactedAt: instant.nullable().describe('When the reader was told; the week counts from here (H6).'),
    keepUntil: instant.nullable(),
    endedAt: instant.nullable(),
    endText: z.string().nullable(),
    may: z.strictObject({ change: possibility, cancel: possibility }),
  })
  .meta({ id: 'DeskHold' });

export const deskLoan = z
  .strictObject({
    id,
    state: z.enum(['on-loan', 'overdue', 'returned', 'lost']),
    stateText: z.string(),
    reader: readerRef,
    title: titleInList,
    item: itemInList,
    branch: place,
    checkedOutAt: instant,
    dueAt: instant.describe('The end of the due day.'),
    dueText: z.string(),
    renewals: z.int(),
    endedAt: instant.nullable(),
    holdId: id.nullable().describe('The hold that the loan fulfilled (H9).'),
    fee: money.nullable().describe('The overdue fee raised on return (L5).'),
    conditions,
  })
  .meta({ id: 'DeskLoan' });

export const deskItem = z
  .strictObject({
    ...itemInList.shape,
    title: titleInList,
    forLoan: z.boolean(),
    state: z.enum(itemStates),
    stateText: z.string(),
    since: instant,
    branch: place.describe('Its home.'),
    at: place.describe('Where it is, or was last seen.'),
    transitTo: place.nullable(),
    conditions,
    loan: deskLoan.nullable().describe('Who has it.'),
    hold: deskHold.nullable().describe('For whom it is kept, or on its way.'),
  })
  .meta({ id: 'DeskItem' });

const slip = z
  .strictObject({
    card: z.string(),
    name: z.string(),
    title: z.string(),
    barcode: z.string(),
    pickupPlace: z.string(),
    keepUntil: instant.nullable(),
    keepUntilText: z.string().nullable(),
    conditions: z.array(z.string()).describe('In words: what whoever hands it out has to heed.'),
  })
  .meta({ id: 'HoldSlip', description: 'What the slip in a kept copy shows.' });

export const checkedIn = z
  .strictObject({
    do: z
      .enum(['shelve', 'keep', 'send', 'send-back'])
      .describe('`send-back`: to the library it belongs to, for the request in `request` (I13).'),
    text: z.string().describe('What to do with the copy, in a sentence.'),
    item: deskItem,
    sendTo: place.nullable(),
    request: z.strictObject({ id }).nullable().describe('The interlibrary loan that is over.'),
    hold: deskHold.nullable().describe('For whom it is kept or sent.'),
    slip: slip.nullable(),
    task: z
      .strictObject({ id, text: z.string() })
      .nullable()
      .describe('A call to make: the reader’s week begins when it is recorded (H6).'),
    returned: deskLoan.nullable().describe('The loan that ended with this scan.'),
  })
  .meta({ id: 'CheckedIn' });
