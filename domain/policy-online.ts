import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { clockDuration, localised } from './policy-values.ts';

/** Kinds of gateways an adapter exists for; `double` is the project's own, for demonstrations and tests. */
export const gatewayKinds = ['stripe', 'double'] as const;

export type GatewayKind = (typeof gatewayKinds)[number];

/** A gateway closes no checkout sooner than in half an hour, so that is the least (Stripe's own limit); a day is the most. */
const expires = clockDuration.refine((text) => {
  const minutes = Temporal.Duration.from(text).total('minutes');
  return minutes <= 24 * 60;
}, 'a payment online is open for a day at most');

/**
 * A way to pay online (P3, P7): its gateway, and how long a payment that was begun is waited for. Amounts are minor units of the library's currency. Keys of the
 * gateway never stand here: they come from the environment.
 */
export const onlineWay = z
  .strictObject({
    /** Names the way in addresses and in the books: `gateway:<code>`. */
    code: z.string().regex(/^[a-z][a-z0-9-]*$/),
    kind: z.enum(gatewayKinds),
    /** What readers read on the button. */
    name: localised,
    expires: expires.default('PT30M'),
    minimumMinor: z.int().min(1).default(1),
    maximumMinor: z.int().min(1).default(100_000_00),
  })
  .refine((given) => given.minimumMinor <= given.maximumMinor, {
    path: ['maximumMinor'],
    message: 'is less than minimumMinor',
  })
  .refine(
    (given) => given.kind !== 'stripe' || Temporal.Duration.from(given.expires).total('minutes') >= 30,
    { path: ['expires'], message: 'Stripe keeps a checkout open for PT30M at least' },
  );

export type OnlineWay = z.output<typeof onlineWay>;
