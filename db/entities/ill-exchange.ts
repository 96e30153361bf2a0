import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** One message of ISO 18626, in or out (I18). What came is stored before it is confirmed; what goes is stored before it is sent. */
export const IllMessage = defineEntity({
  name: 'IllMessage',
  properties: {
    id: p.uuid().primary(),
    /** Order of storing; per peer the order of sending and of heeding. */
    seq: p.bigint('bigint').nullable(),
    library: p.string(),
    peer: p.string(),
    direction: p.string().$type<'in' | 'out'>(),
    /** An attempt of ours (`attempt`) or a request to us (`supply`); null: it is about nothing that is known. */
    about: p.string().$type<'attempt' | 'supply'>().nullable(),
    aboutId: p.uuid().nullable(),
    name: p.string().$type<'request' | 'supplyingAgencyMessage' | 'requestingAgencyMessage'>(),
    /** Action, or reason and status: what it says in one word, for lists. */
    says: p.string(),
    requestRef: p.string(),
    /** The header's own time. */
    saidAt: p.datetime(),
    /** SHA-256 of the body. */
    hash: p.string(),
    /** The parsed message without its header; emptied with its reader's erasure. */
    body: p.json().$type<Readonly<Record<string, unknown>>>(),
    xml: p.text().nullable().lazy(),
    /** In: `stored`, `heeded`, `outdated`, `refused`. Out: `queued`, `sent`, `refused`, `given-up`. */
    state: p.string().$type<'stored' | 'heeded' | 'outdated' | 'refused' | 'queued' | 'sent' | 'given-up'>(),
    /** What was answered, or what the peer answered. */
    confirmation: p.text().nullable().lazy(),
    error: p.text().nullable(),
    attempts: p.integer(),
    storedAt: p.datetime(),
    settledAt: p.datetime().nullable(),
  },
});
export type IllMessage = InferEntity<typeof IllMessage>;

/** The line to another agency: its circuit, visible to staff. Its id names its process, `peer:<id>`. */
export const IllPeer = defineEntity({
  name: 'IllPeer',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    /** Its code in the policy. */
    code: p.string(),
    /** Since when nothing gets through; null: it works, or nothing was sent. */
    failingSince: p.datetime().nullable(),
    failures: p.integer(),
    lastError: p.text().nullable(),
    nextTryAt: p.datetime().nullable(),
    sentAt: p.datetime().nullable(),
    heardAt: p.datetime().nullable(),
    /** Staff hold messages back. */
    pausedAt: p.datetime().nullable(),
  },
});
export type IllPeer = InferEntity<typeof IllPeer>;
