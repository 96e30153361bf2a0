import { z } from 'zod';
import { illModes } from './ill.ts';
import { deliveryPolicy } from './policy-delivery.ts';
import { illPricesPolicy } from './policy-ill-prices.ts';
import { illSettlementPolicy } from './policy-ill-settlement.ts';
import { obtainingPolicy } from './policy-obtaining.ts';
import { centrePolicy, lendingPolicy } from './policy-lending.ts';
import { agencyPolicy, exchangePolicy, peerPolicy } from './policy-peers.ts';
import { suppliersPolicy } from './policy-suppliers.ts';
import { requestsPolicy } from './policy-requests.ts';

/** Interlibrary loan and document delivery as a library offers them (I1–I20); each part stands in a file of its own. */
export const illPolicy = z.union([
  z.literal('none'),
  z.strictObject({
    /** How this library's requests travel (I3–I5). */
    mode: z.enum(illModes),
    requests: requestsPolicy.prefault({}),
    /** What it is called in messages, such as `ISIL:DE-1`; without it by its code in this installation. */
    agency: agencyPolicy.optional(),
    /** The other agencies it asks or answers. */
    peers: z.array(peerPolicy).default([]),
    exchange: exchangePolicy.prefault({}),
    suppliers: suppliersPolicy.prefault({}),
    obtaining: obtainingPolicy.prefault({}),
    delivery: deliveryPolicy.prefault({}),
    lending: lendingPolicy.prefault({}),
    centre: centrePolicy.default('none'),
    prices: illPricesPolicy.prefault({}),
    settlement: illSettlementPolicy.prefault({}),
  }),
]);

export type IllPolicy = Exclude<z.output<typeof illPolicy>, 'none'>;
