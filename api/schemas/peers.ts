import { z } from 'zod';
import { lineChanges } from '../../domain/ill-status.ts';
import { pageQuery } from '../pages.ts';
import { id, instant, line } from './values.ts';

const agency = z.strictObject({ type: z.string(), value: z.string() });
const at = instant.nullable();

export const lineStates = ['unused', 'working', 'failing', 'paused'] as const;

/** Another library or centre, and the line to it. */
export const peerLine = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    agency,
    edition: z.string().describe('Of ISO 18626, in which it is spoken to.'),
    address: z
      .string()
      .nullable()
      .describe('Where its messages go; null: it is a library of this installation.'),
    inPolicy: z.boolean().describe('False: the policy does not have it any more.'),
    state: z.enum(lineStates),
    stateText: z.string(),
    queued: z.int().describe('Messages that wait to be sent.'),
    queuedSince: at,
    failingSince: at,
    failures: z.int(),
    lastError: z
      .string()
      .nullable()
      .describe('Why the last message did not get through, as the network or the other side said it.'),
    nextTryAt: at,
    sentAt: at.describe('When something last got through, to a minute.'),
    heardAt: at.describe('When something last came from it, to a minute.'),
    pausedAt: at,
  })
  .meta({ id: 'PeerLine' });

export const lineChange = z.strictObject({
  change: z
    .enum(lineChanges)
    .describe(
      '`pause`: nothing is sent until `resume`; `try`: send now instead of waiting; `give-up`: the message that waits first is not sent any more, and what it is about goes on without it.',
    ),
});

const messageStates = ['stored', 'heeded', 'outdated', 'refused', 'queued', 'sent', 'given-up'] as const;

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export const messageQuery = pageQuery.extend({
  peer: line(60).optional(),
  direction: z.enum(['in', 'out']).optional(),
  state: z.enum(messageStates).optional(),
  request: id.optional().describe('About this request of ours.'),
  outsideRequest: id.optional().describe('About this outside request.'),
  stray: flag
    .optional()
    .describe('`true`: those that are about nothing known, or that could not be understood.'),
});

/** A message of ISO 18626. */
export const illMessage = z
  .strictObject({
    id,
    peer: z.strictObject({ code: z.string(), name: z.string() }),
    direction: z.enum(['in', 'out']),
    says: z
      .string()
      .describe('Its action; its reason and status; of a request its type; as the standard calls them.'),
    text: z.string().describe('Whether it came or went, and what became of it.'),
    requestRef: z.string().describe('What the request is called between the two.'),
    state: z.enum(messageStates),
    error: z.string().nullable(),
    attempts: z.int().describe('How often it was sent.'),
    saidAt: instant.describe('The time in its header.'),
    storedAt: instant,
    settledAt: at,
    mayRetry: z.boolean().describe('It did not get through, and can be sent again.'),
    requestId: id.nullable(),
    outsideRequestId: id.nullable(),
  })
  .meta({ id: 'IllMessage' });

export const wholeIllMessage = illMessage
  .extend({
    xml: z
      .string()
      .nullable()
      .describe('As it was sent or came, without secrets; null: erased with its reader.'),
    confirmation: z.string().nullable().describe('What was answered.'),
  })
  .meta({ id: 'WholeIllMessage' });
