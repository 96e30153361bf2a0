import { z } from 'zod';
import { readerRef } from './desk.ts';
import { day, id, instant } from './values.ts';

export const consent = z
  .strictObject({
    basis: z.enum(['holder', 'staff']).describe('The sub card’s holder agreed, or staff for a child.'),
    givenAt: instant,
    endsOn: day
      .nullable()
      .describe('The first day on which it no longer holds; null: until it is taken back.'),
  })
  .meta({ id: 'FamilyConsent' });

const subCard = z
  .strictObject({
    ...readerRef.shape,
    paidUntil: day.nullable(),
    linkedAt: instant,
    consent: consent
      .nullable()
      .describe('Leave for the main card’s holder to see and manage its holds and loans; null: none.'),
  })
  .meta({ id: 'SubCard' });

const ofSubCard = {
  mainCard: readerRef.nullable().describe('Of a sub card: the card it is linked to.'),
  linkedAt: instant.nullable(),
  consent: consent.nullable().describe('What the main card’s holder may do with this sub card.'),
};

/** A card's family; a sub card has no list of sub cards (F9). */
export const family = z
  .strictObject({ ...ofSubCard, subCards: z.array(subCard).describe('Of a main card.') })
  .meta({ id: 'Family' });

const staffSubCard = z.strictObject({ ...subCard.shape, userGroup: z.string() }).meta({ id: 'StaffSubCard' });

export const staffFamily = z
  .strictObject({ ...ofSubCard, subCards: z.array(staffSubCard).describe('Of a main card.') })
  .meta({ id: 'StaffFamily' });

/** Something one card's holder did with another card of the family, or that changed between them. */
export const familyAct = z
  .strictObject({
    id,
    at: instant,
    kind: z.string(),
    text: z.string(),
    title: z.string().nullable().describe('The title it was about.'),
    card: readerRef.describe('The card it was done with.'),
    own: z.boolean().describe('Done by the reader who asks.'),
  })
  .meta({ id: 'FamilyAct' });
