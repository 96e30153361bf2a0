import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { BounceOutcome } from '../../domain/email.ts';
import type { Actor } from '../../domain/roles.ts';

/**
 * An address that somebody gave and a mail with a link went to (A11): the link's secret is derived from the id, never stored. `droppedAt`: a later request
 * took its place. `replaces`: the address that was dropped when this one was confirmed.
 */
export const EmailConfirmation = defineEntity({
  name: 'EmailConfirmation',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    subjectType: p.string().$type<'patron' | 'application'>(),
    subjectId: p.uuid(),
    address: p.string(),
    purpose: p.string().$type<'set' | 'again' | 'application'>(),
    requestedBy: p.string().$type<Actor>(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
    droppedAt: p.datetime().nullable(),
    replaces: p.string().nullable(),
  },
});
export type EmailConfirmation = InferEntity<typeof EmailConfirmation>;

/**
 * A report about one mail that came back (N4), once per report. `hard`: nobody can be reached there; `soft`: given up, but it may work another time; `delayed`: still being
 * tried. `status` is the enhanced code of RFC 3463, `effect` what the command made of it.
 */
export const Bounce = defineEntity({
  name: 'Bounce',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    noticeId: p.uuid(),
    messageKey: p.string(),
    outcome: p.string().$type<BounceOutcome>(),
    status: p.string().nullable(),
    diagnostic: p.string().nullable(),
    format: p.string(),
    via: p.string().$type<'imap' | 'lmtp'>(),
    receivedAt: p.datetime(),
    recordedAt: p.datetime().nullable(),
    effect: p.string().$type<'failing' | 'counted' | 'noted'>().nullable(),
  },
});
export type Bounce = InferEntity<typeof Bounce>;
