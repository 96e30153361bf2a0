import { Stripe } from 'stripe';
import type { GatewayKeys } from '../../config/values.ts';
import type {
  CheckoutBegun,
  CheckoutRequest,
  CheckoutSeen,
  GatewayPayment,
  Notification,
  Notified,
  PaymentGateway,
  RefundDone,
  RefundRequest,
} from './payment-gateway.ts';
import { amountAtStripe, amountFromStripe } from './stripe-amounts.ts';

const timeoutMs = 10_000;
const toleranceSeconds = 300;
/** Stripe closes a checkout no sooner than half an hour after it was made, and it is made a moment after the payment was begun. */
const leewaySeconds = 120;

/** Checkout Sessions of Stripe. Nothing about the reader is handed over: the payer tells Stripe what it asks for. */
export function createStripeGateway({ key, webhookSecret, url }: GatewayKeys): PaymentGateway {
  const stripe = new Stripe(key, { timeout: timeoutMs, maxNetworkRetries: 0, telemetry: false, ...at(url) });
  return {
    begin: (request) => begin(stripe, request),
    read: (ref) => read(stripe, ref),
    close: (ref) => close(stripe, ref),
    refund: (request) => refund(stripe, request),
    verify: (notification) => verify(stripe, webhookSecret, notification),
    list: (from, to) => list(stripe, from, to),
  };
}

/** Another address than Stripe's own, for tests. */
function at(url: string | undefined): Stripe.StripeConfig {
  if (url === undefined) return {};
  const { protocol, hostname, port } = new URL(url);
  return { protocol: protocol === 'http:' ? 'http' : 'https', host: hostname, ...(port && { port }) };
}

/** What Stripe will not do, and would not if asked again; anything else is worth another attempt. */
function refusalOf(error: unknown): { refused: string } {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
  return { refused: error.code ?? error.type };
}

/** Every value comes from the payment's row, so that asking again is the same request under the same key. */
async function begin(stripe: Stripe, request: CheckoutRequest): Promise<CheckoutBegun> {
  const { paymentId, library, currency, amountMinor, description, expiresAt, returnUrl, language } = request;
  const metadata = { payment: paymentId, library };
  try {
    const session = await stripe.checkout.sessions.create(
      {
        mode: 'payment',
        client_reference_id: paymentId,
        metadata,
        payment_intent_data: { metadata },
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency: currency.toLowerCase(),
              unit_amount: amountAtStripe(amountMinor, currency),
              product_data: { name: description },
            },
          },
        ],
        locale: language,
        expires_at: Math.ceil(expiresAt / 1000) + leewaySeconds,
        success_url: returnUrl,
        cancel_url: returnUrl,
      },
      { idempotencyKey: `checkout:${paymentId}` },
    );
    return { ref: session.id, url: session.url ?? '' };
  } catch (error) {
    return refusalOf(error);
  }
}

async function read(stripe: Stripe, ref: string): Promise<CheckoutSeen> {
  return seen(await stripe.checkout.sessions.retrieve(ref, { expand: ['payment_intent.latest_charge'] }));
}

/** Stripe refuses to expire what is not open any more: then what it is tells what became of it. */
async function close(stripe: Stripe, ref: string): Promise<CheckoutSeen> {
  try {
    await stripe.checkout.sessions.expire(ref);
  } catch (error) {
    refusalOf(error);
  }
  return read(stripe, ref);
}

function seen(session: Stripe.Checkout.Session): CheckoutSeen {
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  const charge = typeof intent?.latest_charge === 'object' ? intent.latest_charge : null;
  const taken = charge?.captured === true && charge.status === 'succeeded';
  const currency = charge?.currency.toUpperCase() ?? '';
  const captures =
    intent && charge && taken
      ? [
          {
            ref: intent.id,
            currency,
            amountMinor: amountFromStripe(charge.amount_captured, currency),
            at: charge.created * 1000,
          },
        ]
      : [];
  if (captures.length > 0) return { state: 'paid', captures };
  if (session.status === 'expired' || hasFailed(session, intent)) return { state: 'closed', captures };
  return { state: session.status === 'complete' ? 'pending' : 'open', captures };
}

/** A debit that the payer's bank refused days later: the checkout stays complete, and is not paid again. */
function hasFailed({ status }: Stripe.Checkout.Session, intent: Stripe.PaymentIntent | null): boolean {
  return (
    status === 'complete' && (intent?.status === 'requires_payment_method' || intent?.status === 'canceled')
  );
}

async function refund(stripe: Stripe, request: RefundRequest): Promise<RefundDone> {
  const { refundId, captureRef, amountMinor, currency } = request;
  try {
    const made = await stripe.refunds.create(
      {
        payment_intent: captureRef,
        amount: amountAtStripe(amountMinor, currency),
        metadata: { refund: refundId },
      },
      { idempotencyKey: `refund:${refundId}` },
    );
    return made.status === 'failed' || made.status === 'canceled'
      ? { refused: made.failure_reason ?? made.status }
      : { ref: made.id };
  } catch (error) {
    return refusalOf(error);
  }
}

function verify(stripe: Stripe, secret: string, { body, headers, now }: Notification): Notified | undefined {
  const signature = String(headers['stripe-signature'] ?? '');
  try {
    const event = stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds, undefined, now);
    const about = event.data.object as { id?: string; metadata?: Record<string, string> | null };
    const { payment: paymentId = null } = about.metadata ?? {};
    return { eventId: event.id, kind: event.type, ref: about.id ?? null, paymentId };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined;
    throw error;
  }
}

const idOf = (named: string | { readonly id: string } | null): string | null =>
  typeof named === 'string' ? named : (named?.id ?? null);

/** Money that is leaving, or has left. */
const leaving: readonly (string | null)[] = ['pending', 'succeeded'];

async function* list(stripe: Stripe, from: number, to: number): AsyncIterable<GatewayPayment> {
  const created = { gte: Math.ceil(from / 1000), lt: Math.ceil(to / 1000) };
  yield* captured(stripe, created);
  for await (const made of stripe.refunds.list({ created, limit: 100 })) {
    if (!leaving.includes(made.status)) continue;
    const currency = made.currency.toUpperCase();
    yield {
      ref: made.id,
      paymentId: null,
      amountMinor: amountFromStripe(made.amount, currency),
      currency,
      at: made.created * 1000,
      refund: {
        of: idOf(made.payment_intent) ?? idOf(made.charge),
        refundId: made.metadata?.refund ?? null,
      },
    };
  }
}

async function* captured(stripe: Stripe, created: Stripe.RangeQueryParam): AsyncIterable<GatewayPayment> {
  for await (const charge of stripe.charges.list({ created, limit: 100 })) {
    if (!charge.captured || charge.status !== 'succeeded') continue;
    const currency = charge.currency.toUpperCase();
    yield {
      ref: idOf(charge.payment_intent) ?? charge.id,
      paymentId: charge.metadata.payment ?? null,
      amountMinor: amountFromStripe(charge.amount_captured, currency),
      currency,
      at: charge.created * 1000,
    };
  }
}
