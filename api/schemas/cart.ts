import { z } from 'zod';
import { hold, itemInList, titleInList } from './holds.ts';
import { reasonSchema } from './problem.ts';
import { id, instant } from './values.ts';

export const cartLine = z
  .strictObject({
    title: titleInList,
    item: itemInList.nullable().describe('The issue of a magazine that was chosen.'),
    addedAt: instant,
    holdable: z.boolean().describe('Whether a hold can be placed on it now.'),
    notHoldable: z.array(reasonSchema).describe('Why it cannot be held; empty when it can.'),
  })
  .meta({ id: 'CartLine' });

/** What became of one line of a confirmed cart: `accepted` is not decided yet. */
export const confirmedLine = z
  .strictObject({
    titleId: id,
    holdId: id.describe('Of the hold, when the line is done.'),
    outcome: z.enum(['done', 'refused', 'accepted']),
    reasons: z.array(reasonSchema).describe('All reasons of a refusal.'),
    hold: hold.nullable(),
  })
  .meta({ id: 'ConfirmedLine' });
