import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** What a link from a catalogue asked for, kept for a short time so that the reader can sign in first (I1). Its id is a secret that only the link's follower knows. */
export const IllDraft = defineEntity({
  name: 'IllDraft',
  properties: {
    id: p.uuid().primary(),
    /** Whose link resolver it came by; null: it was not said. */
    library: p.string().nullable(),
    /** The link's key/value text as it came, bounded; without what it says about persons. */
    content: p.json().$type<{ readonly query: string }>(),
    storedAt: p.datetime(),
    expiresAt: p.datetime(),
  },
});
export type IllDraft = InferEntity<typeof IllDraft>;

/** Two accounts of one person at two libraries, each proven by its own password (I2). It counts until either password is set anew. */
export const AccountLink = defineEntity({
  name: 'AccountLink',
  properties: {
    /** The smaller of the two ids. */
    patronId: p.uuid().primary(),
    otherId: p.uuid().primary(),
    linkedAt: p.datetime(),
  },
});
export type AccountLink = InferEntity<typeof AccountLink>;
