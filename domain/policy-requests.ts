import { z } from 'zod';
import { illDeliveries, illServices, literatureTypes } from './ill.ts';
import { isNetwork } from './networks.ts';
import { civilDate, duration, localised } from './policy-values.ts';
import { requestFields } from './request-fields.ts';

const minor = z.int().min(0).max(1_000_000_000);
const service = z.enum(illServices);

/** What a type of literature is asked for with, where it is not the usual (`usualLiterature`). */
const literatureRule = z.union([
  z.literal('none'),
  z.strictObject({
    services: z.array(service).min(1).optional(),
    required: z.array(z.enum(requestFields)).optional(),
  }),
]);

/** How what is asked for can reach the reader; `none`: the service is not offered. */
const serviceRule = z.union([
  z.literal('none'),
  z.strictObject({ deliveries: z.array(z.enum(illDeliveries)).min(1) }),
]);

/** How much a reader may ask for: open requests at the same time, and requests submitted in the last days. */
const limits = z.strictObject({
  open: z.int().min(1).optional(),
  period: z.strictObject({ requests: z.int().min(1), per: duration }).optional(),
});

/** A copyright statement that has to be accepted; of several versions for a service the one that began last counts. */
const statement = z.strictObject({
  version: z.string().min(1).max(40),
  services: z.array(service).min(1).default(['copy']),
  from: civilDate.optional(),
  text: localised,
});

/** Where requests are picked up, more precisely than a branch's name says (I19). What is not stated is the branch's. */
const pickupPlace = z.strictObject({
  /** A branch's code. */
  place: z.string(),
  campus: localised.optional(),
  building: localised.optional(),
  window: localised.optional(),
  phone: z.string().min(1).optional(),
  hours: localised.optional(),
});

/** How readers ask for what other libraries have, and who may (I1, I2, I6, I7). Amounts are minor units of the library's currency. */
export const requestsPolicy = z.strictObject({
  /** The permission that a reader needs (A7); one that the policy's `permissions` do not name is needed by nobody. */
  permission: z.string().default('ill'),
  services: z
    .strictObject({
      copy: serviceRule.default({ deliveries: ['electronic', 'pickup'] }),
      loan: serviceRule.default({ deliveries: ['pickup'] }),
    })
    .prefault({}),
  /** By type; what is not named is offered as usual. */
  literature: z.partialRecord(z.enum(literatureTypes), literatureRule).default({}),
  limits: limits.extend({ groups: z.record(z.string(), limits).default({}) }).prefault({}),
  costLimit: z
    .strictObject({
      needed: z.boolean().default(false),
      defaultMinor: minor.optional(),
      maximumMinor: minor.optional(),
    })
    .prefault({}),
  copyright: z.array(statement).default([]),
  /** Networks from which a reader is taken to be this library's: `192.0.2.0/24`, `2001:db8::/32`. */
  homeNetworks: z.array(z.string().refine(isNetwork, 'write a network as 192.0.2.0/24')).default([]),
  /** User groups of institutional accounts: each of their requests says for whom it is (I6). */
  groupUsers: z.array(z.string()).default([]),
  /** For whom librarians submit requests: also for people without a card, for readers only, or for nobody (I7). */
  forOthers: z.enum(['anyone', 'readers', 'none']).default('anyone'),
  /** How long after a request's end those are kept who have no account of their own: for whom it was (I6, I7). */
  erasePeopleAfter: duration.default('P1Y'),
  /** For how long the same request again counts as likely a mistake; an open one always does. */
  duplicateWithin: duration.default('P90D'),
  /** What the library itself has: it is pointed out and can be overridden, or refused, or not looked at. */
  heldHere: z.enum(['warn', 'refuse', 'ignore']).default('warn'),
  /** What readers see of the suppliers that were asked: their names and reasons, reasons only, or nothing. */
  shows: z.enum(['names', 'reasons', 'nothing']).default('names'),
  /** Where requests are picked up; without any, at every branch. */
  pickup: z.array(pickupPlace).default([]),
});

export type RequestsPolicy = z.output<typeof requestsPolicy>;
