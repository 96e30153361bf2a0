import { z } from 'zod';
import { illServices, literatureTypes } from './ill.ts';
import { policyClosure, weekdays } from './policy-places.ts';
import { clockDuration, duration, localised } from './policy-values.ts';

const code = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a code has small letters, digits and hyphens');

/** What decides between suppliers that could all be asked. */
export const supplierRanks = ['group', 'priority', 'reciprocity', 'load', 'cost'] as const;

export type SupplierRank = (typeof supplierRanks)[number];

const prices = z.strictObject({
  copy: z.int().min(0).max(1_000_000_000).optional(),
  loan: z.int().min(0).max(1_000_000_000).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'write a currency as EUR')
    .optional(),
});

/** What is known of a peer as a supplier. What is left out is no hindrance. */
const supplierPolicy = z.strictObject({
  /** False: it asks us, and is never asked. */
  asked: z.boolean().default(true),
  /** The consortium it belongs to; `ownGroup` names ours. */
  group: code.optional(),
  /** 1 is asked before 9. */
  priority: z.int().min(1).max(9).default(5),
  /** Asked when nobody else is left (CALIS's centre, a national library). */
  lastResort: z.boolean().default(false),
  services: z.array(z.enum(illServices)).min(1).optional(),
  literature: z.array(z.enum(literatureTypes)).min(1).optional(),
  /** What it usually charges, in minor units of `currency`, or of the library's. */
  priceMinor: prices.optional(),
  /** No more than so many of our requests at a time. */
  mostOpen: z.int().min(1).optional(),
  /** When it does not work, by our calendar. */
  closedOn: z.array(z.enum(weekdays)).max(6).default([]),
  closures: z.array(policyClosure).default([]),
  /** What it is called in catalogues' holdings (MARC 852 $a), beside its agency's name. */
  codes: z.array(z.string().min(1).max(80)).default([]),
});

/** A catalogue that is asked who has a work (SRU). */
const cataloguePolicy = z.strictObject({
  code,
  name: localised,
  url: z.url({ protocol: /^https?$/u }),
  version: z.enum(['1.1', '1.2', '2.0']).default('1.2'),
  /** Names of its record schema and its indexes, as its `explain` tells them. */
  schema: z.string().min(1).default('marcxml'),
  indexes: z
    .strictObject({
      isbn: z.string().min(1).default('bath.isbn'),
      issn: z.string().min(1).default('bath.issn'),
      title: z.string().min(1).default('dc.title'),
      author: z.string().min(1).default('dc.creator'),
    })
    .prefault({}),
  /** Whose catalogue it is; without it each record says who has the work. */
  peer: code.optional(),
  /** Where a record says so: 852 $a in most union catalogues, 924 $b in German ones. */
  holders: z
    .strictObject({
      tag: z
        .string()
        .regex(/^\d{3}$/)
        .default('852'),
      agency: z.string().length(1).default('a'),
      callNumber: z.string().min(1).default('khijm'),
    })
    .prefault({}),
  services: z.array(z.enum(illServices)).min(1).optional(),
  records: z.int().min(1).max(100).default(20),
  timeout: clockDuration.default('PT8S'),
});

/** How a library chooses whom to ask next (I5, I10). */
export const suppliersPolicy = z.strictObject({
  /** Decide one after the other; what is left out decides nothing. Among equals the order of `peers` counts. */
  order: z
    .array(z.enum(supplierRanks))
    .refine((ranks) => new Set(ranks).size === ranks.length, 'each stands in it once')
    .default([...supplierRanks]),
  /** Our own consortium. */
  ownGroup: code.optional(),
  /** Whether peers are asked of which no holding is known. */
  unknownHoldings: z.enum(['never', 'last', 'alike']).default('last'),
  /** Who does not work today: left out, asked after the others, or asked all the same. */
  closed: z.enum(['skip', 'last', 'ask']).default('last'),
  /** Who said lately that this work cannot be had goes behind the others. */
  refusedWithin: duration.default('P90D'),
  /** How far back loans count for load and reciprocity. */
  countedOver: duration.default('P1Y'),
  peers: z.record(code, supplierPolicy).default({}),
  catalogues: z.array(cataloguePolicy).default([]),
});

export type SuppliersPolicy = z.output<typeof suppliersPolicy>;
export type SupplierPolicy = z.output<typeof supplierPolicy>;
export type CataloguePolicy = z.output<typeof cataloguePolicy>;

/** What is known of a peer as a supplier; of one that the policy says nothing about, the defaults. */
export function supplierOf({ peers }: Pick<SuppliersPolicy, 'peers'>, peer: string): SupplierPolicy {
  return peers[peer] ?? supplierPolicy.parse({});
}

/** Peers that the choice of suppliers speaks of and the library does not have: a misspelt one would never be asked. */
export function supplierMistakes(
  suppliers: SuppliersPolicy,
  known: readonly string[],
): readonly { readonly path: readonly (string | number)[]; readonly message: string }[] {
  const unknown = (peer: string) => !known.includes(peer);
  const peers = Object.keys(suppliers.peers).filter(unknown);
  return [
    ...peers.map((peer) => ({ path: ['peers', peer], message: `there is no peer ${peer}` })),
    ...suppliers.catalogues.flatMap(({ peer }, at) =>
      peer !== undefined && unknown(peer)
        ? [{ path: ['catalogues', at, 'peer'], message: `there is no peer ${peer}` }]
        : [],
    ),
  ];
}
