import { z } from 'zod';

/** Family cards (F1): whether the library links sub cards to a main card at all, and what goes with it. */
export const familyPolicy = z.union([
  z.literal('none'),
  z.strictObject({
    /** Most sub cards a main card may have; without it any number – a teacher’s class. */
    mostSubs: z.int().min(1).optional(),
    /**
     * Staff may let the main card’s holder manage a child’s holds and loans until the child is this old, in years; without it only the sub card’s own holder
     * can agree.
     */
    staffConsentBelowAge: z.int().min(1).max(21).optional(),
  }),
]);

export type FamilyPolicy = z.output<typeof familyPolicy>;
