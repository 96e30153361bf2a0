import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { GatewayKeys } from '../../config/values.ts';
import type {
  CheckoutSeen,
  GatewayPayment,
  Notification,
  Notified,
  PaymentGateway,
} from './payment-gateway.ts';

const timeoutMs = 10_000;
/** How old a signed notification may be, and how far ahead its clock. */
const toleranceMs = 5 * 60_000;

const money = z.object({ ref: z.string(), amountMinor: z.int(), currency: z.string(), at: z.number() });

const checkout = z.object({
  ref: z.string(),
  url: z.string(),
  state: z.enum(['open', 'pending', 'paid', 'closed']),
  captures: z.array(money),
});

const paymentPage = z.object({
  items: z.array(
    money.extend({
      paymentId: z.string().nullable(),
      refund: z.object({ of: z.string().nullable(), refundId: z.string().nullable() }).optional(),
    }),
  ),
  next: z.string().nullable(),
});

const event = z.object({
  id: z.string(),
  kind: z.string(),
  ref: z.string().nullable(),
  paymentId: z.string().nullable(),
});

/** What the double signs: the time and the body, so that neither can be exchanged. */
export function doubleSignature(secret: string, at: number, body: Buffer | string): string {
  const seconds = Math.floor(at / 1000);
  const mac = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

/** The project's own gateway double, spoken to as any gateway is (dev/gateway-double). */
export function createDoubleGateway({ key, webhookSecret, url: base = '' }: GatewayKeys): PaymentGateway {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 422) return response.json();
    if (!response.ok) throw new Error(`The gateway double answered ${response.status} to ${method} ${path}.`);
    return response.json();
  };
  const seen = async (method: string, path: string): Promise<CheckoutSeen> => {
    const { state, captures } = checkout.parse(await ask(method, path));
    return { state, captures };
  };
  const refusal = z.object({ refused: z.string() });

  return {
    begin: async (request) => {
      const answer = await ask('POST', '/api/checkouts', request);
      return z.union([refusal, checkout.pick({ ref: true, url: true })]).parse(answer);
    },
    read: (ref) => seen('GET', `/api/checkouts/${ref}`),
    close: (ref) => seen('POST', `/api/checkouts/${ref}/closing`),
    refund: async (request) => {
      const answer = await ask('POST', '/api/refunds', request);
      return z.union([refusal, z.object({ ref: z.string() })]).parse(answer);
    },
    verify: (notification) => verify(webhookSecret, notification),
    list: (from, to) => list(ask, from, to),
  };
}

async function* list(
  ask: (method: string, path: string) => Promise<unknown>,
  from: number,
  to: number,
): AsyncIterable<GatewayPayment> {
  for (let after = ''; ;) {
    const path = `/api/payments?from=${from}&to=${to}&after=${after}`;
    const { items, next } = paymentPage.parse(await ask('GET', path));
    for (const { refund, ...item } of items) yield { ...item, ...(refund && { refund }) };
    if (next === null) return;
    after = next;
  }
}

function verify(secret: string, { body, headers, now }: Notification): Notified | undefined {
  const given = String(headers['double-signature'] ?? '');
  const seconds = Number(/^t=(\d{1,12}),/.exec(given)?.[1] ?? Number.NaN);
  const expected = Buffer.from(doubleSignature(secret, seconds * 1000, body));
  const presented = Buffer.from(given);
  const genuine = presented.length === expected.length && timingSafeEqual(presented, expected);
  if (!genuine || Math.abs(now - seconds * 1000) > toleranceMs) return undefined;
  const { id: eventId, ...about } = event.parse(JSON.parse(body.toString('utf8')));
  return { eventId, ...about };
}
