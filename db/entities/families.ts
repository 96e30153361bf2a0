import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor } from '../../domain/roles.ts';

/** Leave for the main card's holder to see and manage a sub card's holds and loans. It is ended, never deleted. */
export const FamilyConsent = defineEntity({
  name: 'FamilyConsent',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    mainId: p.uuid(),
    subId: p.uuid(),
    /** Who agreed: the sub card's holder in an own session, or staff for a child. */
    basis: p.string().$type<'holder' | 'staff'>(),
    grantedBy: p.string().$type<Actor>(),
    grantedAt: p.datetime(),
    /** The first day on which it no longer holds: a child has grown up. */
    endsOn: p.date().nullable(),
    remarkId: p.uuid().nullable(),
    endedAt: p.datetime().nullable(),
    endedBy: p.string().$type<Actor>().nullable(),
    endReason: p.string().$type<'revoked' | 'unlinked' | 'lapsed'>().nullable(),
  },
});
export type FamilyConsent = InferEntity<typeof FamilyConsent>;
