import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stripe } from 'stripe';
import { v7 as uuid } from 'uuid';
import { amountAtStripe, amountFromStripe } from '../../activities/gateways/stripe-amounts.ts';
import { createStripeGateway } from '../../activities/gateways/stripe.ts';
import type { PaymentGateway } from '../../activities/gateways/payment-gateway.ts';
import { openStripeServer } from './stripe-server.ts';

const webhookSecret = 'whsec_test';
const begunAt = Date.parse('2026-11-22T08:00:00Z');

let stripe: Awaited<ReturnType<typeof openStripeServer>>;
let gateway: PaymentGateway;
beforeAll(async () => {
  stripe = await openStripeServer();
  gateway = createStripeGateway({ key: 'sk_test_1', webhookSecret, url: stripe.url });
});
afterAll(() => stripe.close());

const request = (given: { amountMinor?: number; currency?: string } = {}) => ({
  paymentId: uuid(),
  library: 'zju',
  amountMinor: 250,
  currency: 'CNY',
  description: 'The library',
  language: 'zh',
  begunAt,
  expiresAt: begunAt + 30 * 60_000,
  returnUrl: 'https://library.example/account/payments/1',
  notifyUrl: 'https://library.example/v1/gateways/zju/stripe/notifications',
  ...given,
});

const begun = async (given: Parameters<typeof request>[0] = {}) => {
  const asked = request(given);
  const answer = await gateway.begin(asked);
  if ('refused' in answer) throw new Error(answer.refused);
  return { ...asked, ...answer };
};

test('P8 Stripe: an answer that was lost is asked for again and finds the same checkout', async () => {
  const asked = request();
  stripe.loseAnswers(2);
  await expect(gateway.begin(asked)).rejects.toThrow('connection');
  const first = await gateway.begin(asked);
  expect(await gateway.begin(asked)).toEqual(first);
  const made = [...stripe.sessions.values()].filter((each) => each.client_reference_id === asked.paymentId);
  expect(made).toHaveLength(1);
  const sent = stripe.requests.filter(({ key }) => key === `checkout:${asked.paymentId}`);
  expect(new Set(sent.map(({ form }) => form.toString())).size).toBe(1);
});

test('P8 Stripe: what is paid is read from Stripe, with the amount it took', async () => {
  const { ref } = await begun();
  expect(await gateway.read(ref)).toEqual({ state: 'open', captures: [] });
  stripe.pay(ref, 200);
  expect(await gateway.read(ref)).toEqual({
    state: 'paid',
    captures: [{ ref: `pi_${ref}`, amountMinor: 200, currency: 'CNY', at: 1_800_000_000_000 }],
  });
});

test('P8 Stripe: closing answers what became of it, closed or paid meanwhile', async () => {
  const [open, paid] = [await begun(), await begun()];
  expect(await gateway.close(open.ref)).toEqual({ state: 'closed', captures: [] });
  stripe.pay(paid.ref);
  expect(await gateway.close(paid.ref)).toMatchObject({ state: 'paid' });
});

test('P8 Stripe: a debit is pending until the bank has decided; refused, it cannot be paid any more', async () => {
  const { ref } = await begun();
  stripe.debit(ref, 'processing');
  expect(await gateway.read(ref)).toEqual({ state: 'pending', captures: [] });
  expect(await gateway.close(ref)).toMatchObject({ state: 'pending' });
  stripe.debit(ref, 'requires_payment_method');
  expect(await gateway.read(ref)).toEqual({ state: 'closed', captures: [] });
});

test('P8 Stripe: what it will not take is a refusal, not a fault to try again', async () => {
  expect(await gateway.begin(request({ amountMinor: 10 }))).toEqual({ refused: 'amount_too_small' });
  const refund = { refundId: uuid(), captureRef: 'pi_gone', amountMinor: 1, currency: 'CNY' };
  expect(await gateway.refund(refund)).toEqual({ refused: 'charge_already_refunded' });
  expect(await gateway.refund({ ...refund, captureRef: 'pi_1' })).toEqual({ ref: 're_1' });
});

test('P8 Stripe: the payments of a period are listed with ours they belong to', async () => {
  const { ref, paymentId } = await begun();
  stripe.pay(ref);
  const listed = [];
  for await (const payment of gateway.list(0, Date.now() * 2)) listed.push(payment);
  expect(listed.find((each) => each.ref === `pi_${ref}`)).toMatchObject({ paymentId, amountMinor: 250 });
});

const notification = (now: number, signedAt: number, secret = webhookSecret) => {
  const payload = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'checkout.session.completed',
    data: { object: { id: 'cs_1', object: 'checkout.session', metadata: { payment: 'p1' } } },
  });
  const timestamp = Math.floor(signedAt / 1000);
  const header = new Stripe('sk_test_1').webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { body: Buffer.from(payload), headers: { 'stripe-signature': header }, now };
};

test('P8 Stripe: a notification is known by its signature, over the bytes and lately', () => {
  const now = begunAt;
  expect(gateway.verify(notification(now, now))).toEqual({
    eventId: 'evt_1',
    kind: 'checkout.session.completed',
    ref: 'cs_1',
    paymentId: 'p1',
  });
  expect(gateway.verify(notification(now, now, 'whsec_other'))).toBeUndefined();
  expect(gateway.verify(notification(now, now - 6 * 60_000))).toBeUndefined();
  const changed = notification(now, now);
  expect(
    gateway.verify({ ...changed, body: Buffer.concat([changed.body, Buffer.from(' ')]) }),
  ).toBeUndefined();
  expect(gateway.verify({ ...changed, headers: {} })).toBeUndefined();
});

test.each([
  ['JPY', 250, 250],
  ['CNY', 250, 250],
  ['KWD', 2500, 2500],
  ['ISK', 250, 25_000],
])('P10 Stripe: an amount in %s goes there and back', (currency, minor, atStripe) => {
  expect(amountAtStripe(minor, currency)).toBe(atStripe);
  expect(amountFromStripe(atStripe, currency)).toBe(minor);
});

test('P9 Stripe: what was given back there is listed with the money it was taken from; what failed or is undecided is not', async () => {
  const refund = (id: string, status: string, metadata: object = {}) => ({
    id,
    object: 'refund',
    status,
    amount: 25_000,
    currency: 'isk',
    payment_intent: 'pi_7',
    charge: 'ch_7',
    metadata,
    created: 1_800_000_000,
  });
  stripe.refunds.push(
    refund('re_7', 'succeeded'),
    refund('re_8', 'pending', { refund: 'ours' }),
    refund('re_9', 'failed'),
    refund('re_10', 'canceled'),
  );
  const listed: unknown[] = [];
  for await (const money of gateway.list(0, 2_000_000_000_000)) if (money.refund) listed.push(money);
  const shared = { paymentId: null, amountMinor: 250, currency: 'ISK', at: 1_800_000_000_000 };
  expect(listed).toEqual([
    { ...shared, ref: 're_7', refund: { of: 'pi_7', refundId: null } },
    { ...shared, ref: 're_8', refund: { of: 'pi_7', refundId: 'ours' } },
  ]);
  stripe.refunds.length = 0;
});
