import { z } from 'zod';
import { exclusions, placings } from '../../domain/supplier-order.ts';
import { pageQuery } from '../pages.ts';
import { money } from './desk.ts';
import { id, instant } from './values.ts';

const runPoint = z.strictObject({
  date: z.string().optional(),
  volume: z.string().optional(),
  issue: z.string().optional(),
});

const run = z
  .strictObject({
    from: runPoint.optional(),
    to: runPoint.optional().describe('Without it the run goes on.'),
    embargo: z.string().optional().describe('A moving wall as KBART writes it: `P1Y`, `R10Y;P30D`.'),
  })
  .meta({ id: 'HoldingRun' });

/** That a peer has something. */
export const holding = z
  .strictObject({
    id,
    peer: z.string(),
    peerName: z.string(),
    origin: z.enum(['import', 'sru']).describe('Stated by a file, or by a catalogue that was asked.'),
    source: z.string(),
    recordId: z.string().nullable(),
    title: z.string(),
    author: z.string().nullable(),
    published: z.string().nullable(),
    callNumber: z.string().nullable(),
    coverage: z.array(run).nullable().describe('Of a serial; null: all of it, or nobody said.'),
    lendable: z.boolean(),
    copyable: z.boolean(),
    statedAt: instant,
  })
  .meta({ id: 'Holding' });

export const holdingQuery = pageQuery.extend({
  q: z
    .string()
    .max(200)
    .default('')
    .describe('Words of title and author, an ISBN or an ISSN; without it all of them.'),
  peer: z.string().max(60).optional().describe('Only this peer’s.'),
});

/** A peer as a supplier of one request. */
export const supplier = z
  .strictObject({
    peer: z.string(),
    name: z.string(),
    position: z.int().min(1).nullable().describe('Its turn; null: it is not asked.'),
    callNumber: z.string().nullable(),
    recordId: z.string().nullable(),
    price: money.nullable().describe('What it usually charges, as far as is known.'),
    reasons: z
      .array(z.strictObject({ code: z.enum([...placings, ...exclusions]), text: z.string() }))
      .describe('What speaks for and against it, the weightiest first; of one that is not asked, why.'),
  })
  .meta({ id: 'RequestSupplier' });

export const supplierList = z
  .strictObject({
    items: z.array(supplier).describe('In the order in which they are asked; those that are not come last.'),
    catalogues: z
      .array(
        z.strictObject({
          code: z.string(),
          name: z.string(),
          found: z.int().nullable().describe('Null: it could not be asked.'),
          error: z.string().nullable(),
          at: instant,
        }),
      )
      .describe('Catalogues that were asked who has it.'),
  })
  .meta({ id: 'RequestSuppliers' });
