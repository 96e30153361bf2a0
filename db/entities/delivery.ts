import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** An address under which a supplier offers a copy, until it has been fetched (I14). Whoever knows the address may have the copy: it is a secret. */
export const IllOffer = defineEntity({
  name: 'IllOffer',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    requestId: p.uuid(),
    attemptId: p.uuid(),
    url: p.text(),
    /** `given-up`: a librarian has to see to it; `withdrawn`: the document came by another way. */
    state: p.string().$type<'due' | 'fetched' | 'given-up' | 'withdrawn'>(),
    tries: p.integer(),
    /** Why the last try failed, as a code. */
    lastError: p.string().nullable(),
    offeredAt: p.datetime(),
    settledAt: p.datetime().nullable(),
  },
});
export type IllOffer = InferEntity<typeof IllOffer>;
