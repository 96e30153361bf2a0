import { z } from 'zod';
import { money } from './desk.ts';
import { actor } from './story.ts';
import { day, id, instant } from './values.ts';
import { place } from './words.ts';

const counted = z.strictObject({
  at: instant,
  by: actor,
  counted: money,
  booked: money.describe('What the books said then.'),
  difference: money.describe(
    'Counted less booked; below zero where money was missing. It is booked as such.',
  ),
});

/** A cash drawer from one count to the next. */
export const drawer = z
  .strictObject({
    id,
    branch: place,
    opening: counted,
    closing: counted.nullable().describe('Null while it is open.'),
    content: money.describe('What is in it by the books; once it is closed, what was counted.'),
    note: z.string().nullable().describe('What the cashier said of a difference.'),
  })
  .meta({ id: 'Drawer' });

const line = z.strictObject({
  means: z.enum(['cash', 'card']),
  meansName: z.string(),
  cause: z
    .string()
    .describe(
      'A fee’s cause, `credit` for what went into a balance, or what else was booked: `payout-cash`, `drawer-paid-in` …',
    ),
  causeName: z.string(),
  count: z.int().describe('How many bookings.'),
  amount: money.describe('Below zero where more was given back than taken.'),
});

/** A session with all that was booked in it. */
export const drawerReport = drawer
  .extend({
    lines: z.array(line),
    totals: z.array(
      z.strictObject({ means: z.enum(['cash', 'card']), meansName: z.string(), amount: money }),
    ),
  })
  .meta({ id: 'DrawerReport' });

/** Cash on its way between a drawer and the bank, or arrived. */
export const carried = z
  .strictObject({
    id,
    branch: place,
    direction: z.enum(['to-bank', 'from-bank']),
    amount: money,
    at: instant,
    by: actor,
    drawerId: id.nullable().describe('The session of the cash drawer.'),
    note: z.string().nullable().describe('Why, in the cashier’s words.'),
    arrived: z
      .strictObject({ entryId: id, on: day })
      .nullable()
      .describe('The entry of the bank’s statement that shows it; null while there is none.'),
  })
  .meta({ id: 'CarriedCash' });
