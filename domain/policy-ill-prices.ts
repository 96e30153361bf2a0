import { z } from 'zod';
import { illServices, literatureTypes } from './ill.ts';
import { localised } from './policy-values.ts';

const minor = z.int().min(0).max(1_000_000_000);
const code = z.string().regex(/^[a-z][a-z0-9-]*$/);
const currency = z.string().regex(/^[A-Z]{3}$/, 'write a currency as EUR');

/** What a price is for; what is left out does not matter. Of several rules the first that fits counts. */
const fits = {
  services: z.array(z.enum(illServices)).min(1).optional(),
  literature: z.array(z.enum(literatureTypes)).min(1).optional(),
  /** Other agencies by their code, or groups of them (`groups`). */
  peers: z.array(code).min(1).optional(),
};

const amounts = {
  /** Once a request. */
  perItemMinor: minor.optional(),
  perPageMinor: minor.optional(),
  /** For the work with it, on top. */
  handlingMinor: minor.optional(),
  /** Whatever the rest comes to: no less, no more. */
  minimumMinor: minor.optional(),
  maximumMinor: minor.optional(),
};

const order = ({
  minimumMinor = 0,
  maximumMinor,
}: {
  minimumMinor?: number | undefined;
  maximumMinor?: number | undefined;
}) => maximumMinor === undefined || minimumMinor <= maximumMinor;
const orderMessage = { path: ['maximumMinor'], message: 'the maximum is less than the minimum' };

/** What a reader's request costs (I15): before what the library pays of it. */
const readerPrice = z
  .strictObject({
    ...fits,
    userGroups: z.array(code).min(1).optional(),
    ...amounts,
    /** Whether what the supplier charges is part of it, to the cent. */
    actualCost: z.boolean().default(false),
  })
  .refine(order, orderMessage);

/** What this library charges others for what it supplies; suggested to staff, who may state another. */
const supplyPrice = z.strictObject({ ...fits, ...amounts }).refine(order, orderMessage);

/** What the library pays of the price for some of its readers (补贴): all of it, a share, or an amount, up to so much a request. */
const subsidy = z
  .strictObject({
    userGroups: z.array(code).min(1).optional(),
    services: fits.services,
    literature: fits.literature,
    whole: z.literal(true).optional(),
    percent: z.int().min(1).max(100).optional(),
    amountMinor: minor.optional(),
    atMostMinor: minor.optional(),
  })
  .refine(
    (given) =>
      [given.whole, given.percent, given.amountMinor].filter((each) => each !== undefined).length === 1,
    'state one of whole, percent and amountMinor',
  );

/** Who is relieved when something shipped does not come about after all. */
const relief = z.strictObject({
  /** Whether the reader's charge is dropped; what was paid becomes credit. */
  reader: z.enum(['drop', 'keep']).default('drop'),
  /** Whether the supplier's charge is taken out of the books between the two libraries. */
  library: z.enum(['drop', 'keep']).default('drop'),
});

export const illPricesPolicy = z.strictObject({
  /** Other agencies that have one price: their codes by the group's. */
  groups: z.array(z.strictObject({ code, name: localised, peers: z.array(code).min(1) })).default([]),
  /** What readers pay, in minor units of the library's currency. A request that fits none of them costs nothing. */
  readers: z.array(readerPrice).default([]),
  subsidies: z.array(subsidy).default([]),
  /** What others pay here. */
  supplies: z.array(supplyPrice).default([]),
  /** What is agreed with others; without an agreement each pays what the other charges (`account`). `free` and `reciprocal` are counted, not paid. */
  agreements: z
    .array(z.strictObject({ peers: z.array(code).min(1), terms: z.enum(['account', 'free', 'reciprocal']) }))
    .default([]),
  /** What one unit of another currency is worth in the library's, as a decimal, and since which day the library reckons so. */
  rates: z
    .array(
      z.strictObject({
        currency,
        rate: z.string().regex(/^(?!0+(\.0+)?$)\d{1,9}(\.\d{1,9})?$/, 'write a rate as 7.8512'),
        on: z.iso.date(),
      }),
    )
    .default([]),
  takeBack: z
    .strictObject({
      'not-received': relief.prefault({}),
      unfilled: relief.prefault({}),
      cancelled: relief.prefault({ reader: 'keep', library: 'keep' }),
    })
    .prefault({}),
  /** Where the whole schedule and the subsidies are explained. */
  page: z.url().optional(),
});

export type IllPricesPolicy = z.output<typeof illPricesPolicy>;
export type ReaderPrice = z.output<typeof readerPrice>;
export type SupplyPrice = z.output<typeof supplyPrice>;
export type IllSubsidy = z.output<typeof subsidy>;
export type IllTerms = IllPricesPolicy['agreements'][number]['terms'];
export type TakeBackReason = keyof IllPricesPolicy['takeBack'];
