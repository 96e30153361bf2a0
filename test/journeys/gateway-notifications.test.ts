import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { doubleSignature } from '../../activities/gateways/double.ts';
import { until } from '../support/carrel.ts';
import { createDesks } from '../support/desk.ts';
import { doubleSecret, startWithDouble } from '../support/payments.ts';

let setting: Awaited<ReturnType<typeof startWithDouble>>;
beforeAll(async () => {
  setting = await startWithDouble();
}, 60_000);
afterEach(() => setting.double.behave());
afterAll(async () => {
  await setting?.carrel.stop();
  await setting?.double.stop();
});

const opened = async (amountMinor = 250) => {
  const reader = await setting.payer();
  const chargeId = await reader.charge(amountMinor);
  const { body } = await reader.begin([chargeId], amountMinor);
  return { reader, chargeId, paymentId: body.id as string };
};

const eventsOf = (paymentId: string) =>
  setting.sql<{ kind: string; followed: boolean }>(
    'select kind, followed_at is not null as followed from gateway_event where payment_id = ? order by received_at, id',
    [paymentId],
  );

const notify = async (body: object, signature?: string, provider = 'online') => {
  const text = JSON.stringify(body);
  const response = await fetch(`${setting.carrel.url}/v1/gateways/demo/${provider}/notifications`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'double-signature': signature ?? doubleSignature(doubleSecret, Date.now(), text),
    },
    body: text,
  });
  return response.status;
};

test('P8 a notification that comes twice, and another late, is booked once', async () => {
  const { paymentId } = await opened();
  setting.double.behave(() => ({ copies: 2 }));
  setting.pay(paymentId);
  await setting.become(paymentId, 'settled');
  await setting.double.notifier.idle();
  await setting.ended(paymentId);
  expect(await eventsOf(paymentId)).toEqual([{ kind: 'checkout.paid', followed: true }]);
  setting.double.notifier.notify(setting.checkoutOf(paymentId), 'checkout.paid', { delayMs: 100 });
  const all = await until(
    () => eventsOf(paymentId),
    (events) => events.length === 2 && events.every(({ followed }) => followed),
  );
  expect(all).toHaveLength(2);
  expect(await setting.bookings(paymentId)).toEqual([{ kind: 'payment-online', amount: 250 }]);
});

test('P8 out of order: a card declined first is told of after it was paid', async () => {
  const { paymentId } = await opened();
  const checkout = setting.checkoutOf(paymentId);
  setting.pay(paymentId);
  await until(
    () => eventsOf(paymentId),
    (events) => events.length === 1,
  );
  setting.double.notifier.notify(checkout, 'checkout.declined');
  await until(
    () => eventsOf(paymentId),
    (events) => events.length === 2 && events.every(({ followed }) => followed),
  );
  expect(await eventsOf(paymentId)).toMatchObject([{ kind: 'checkout.paid' }, { kind: 'checkout.declined' }]);
  expect(await setting.bookings(paymentId)).toHaveLength(1);
});

test('P8 what a notification says is not believed: one that is genuine but untrue books nothing', async () => {
  const { paymentId } = await opened();
  const ref = setting.checkoutOf(paymentId).ref;
  expect(await notify({ id: uuid(), kind: 'checkout.paid', ref, paymentId })).toBe(200);
  await until(
    () => eventsOf(paymentId),
    ([event]) => event?.followed === true,
  );
  expect(await setting.stateOf(paymentId)).toBe('open');
  expect(await setting.bookings(paymentId)).toEqual([]);
});

test('P8 a forged notification, one that was changed, and one replayed from long ago are refused and not kept', async () => {
  const { paymentId } = await opened();
  const event = { id: uuid(), kind: 'checkout.paid', ref: setting.checkoutOf(paymentId).ref, paymentId };
  const text = JSON.stringify(event);
  const refused = [
    await notify(event, doubleSignature('another secret', Date.now(), text)),
    await notify(event, doubleSignature(doubleSecret, Date.now(), `${text} `)),
    await notify(event, doubleSignature(doubleSecret, Date.now() - 6 * 60_000, text)),
    await notify(event, doubleSignature(doubleSecret, Date.now() + 6 * 60_000, text)),
    await notify(event, 'nonsense'),
  ];
  expect(refused).toEqual([400, 400, 400, 400, 400]);
  expect(await notify(event, undefined, 'unheard-of')).toBe(404);
  expect(await eventsOf(paymentId)).toEqual([]);
});

test('P8 a payment the gateway has and we do not is kept, for reconciliation to find', async () => {
  const event = { id: uuid(), kind: 'checkout.paid', ref: 'co_theirs', paymentId: uuid() };
  expect(await notify(event)).toBe(200);
  const kept = await setting.sql('select ref, payment_id from gateway_event where event_id = ?', [event.id]);
  expect(kept).toEqual([{ ref: 'co_theirs', payment_id: null }]);
});

test('P8 no notification at all: coming back from the gateway is enough, and so is waiting', async () => {
  const [one, other] = [await opened(), await opened()];
  setting.double.behave(() => ({ copies: 0 }));
  setting.pay(one.paymentId);
  await delay(10);
  await setting.sql(`update checkout set looked_at = now() - interval '1 minute' where payment_id = ?`, [
    one.paymentId,
  ]);
  expect((await one.reader.post(`/v1/me/payments/${one.paymentId}/return`)).status).toBe(200);
  await setting.become(one.paymentId, 'settled');

  setting.pay(other.paymentId);
  await setting.carrel.client.workflow.getHandle(`payment:${other.paymentId}`).signal('wake');
  await setting.become(other.paymentId, 'settled');
});

test('P8 a gateway is answered at once, however long following it takes', async () => {
  const { paymentId } = await opened();
  setting.checkoutOf(paymentId);
  let silent = true;
  setting.double.behave(
    () => ({ copies: 0 }),
    (operation) => (operation === 'read' && silent ? 'fail' : undefined),
  );
  setting.pay(paymentId);
  const event = { id: uuid(), kind: 'checkout.paid', ref: null, paymentId };
  expect(await notify(event)).toBe(200);
  expect(await eventsOf(paymentId)).toEqual([{ kind: 'checkout.paid', followed: false }]);
  silent = false;
  await setting.become(paymentId, 'settled');
});

test('P8 the payment says that it is being booked, between the notification and the booking', async () => {
  const { paymentId, reader } = await opened();
  setting.checkoutOf(paymentId);
  setting.double.behave(undefined, (operation) => (operation === 'read' ? 'fail' : undefined));
  setting.pay(paymentId);
  await until(
    () => reader.seen(paymentId),
    ({ booking }) => booking === true,
  );
  setting.double.behave();
  await setting.become(paymentId, 'settled');
  expect(await reader.seen(paymentId)).toMatchObject({ booking: false, state: 'settled' });
});

test('P8 a process that was lost meanwhile is begun again by the notification', async () => {
  const { paymentId } = await opened();
  await setting.carrel.client.workflow.getHandle(`payment:${paymentId}`).terminate();
  setting.pay(paymentId);
  await setting.become(paymentId, 'settled');
  expect(await setting.bookings(paymentId)).toHaveLength(1);
});

test('P7 P8 the desk gives up an open payment to take cash, and the reader cannot pay it twice', async () => {
  const { paymentId, reader, chargeId } = await opened();
  const desk = await createDesks(setting.carrel).staff('cashier');
  expect((await reader.begin([chargeId], 250)).body).toMatchObject({ code: 'charge-in-payment' });
  const locked = await reader.get('/v1/me/charges');
  expect(locked.body.items).toMatchObject([{ id: chargeId, inPayment: paymentId, request: null }]);
  const cancelled = await desk.post(`/v1/staff/payments/${paymentId}/cancellation`);
  expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled' } });
  const again = await desk.post(`/v1/staff/payments/${paymentId}/cancellation`);
  expect(again.body).toMatchObject({ code: 'payment-ended' });
  expect((await reader.begin([chargeId], 250)).status).toBe(201);
});

test('P8 the desk gives up a payment that was paid at the same moment: it is booked, and the desk is told', async () => {
  const { paymentId } = await opened();
  const desk = await createDesks(setting.carrel).staff('cashier');
  setting.double.behave(() => ({ copies: 0 }));
  setting.pay(paymentId);
  const cancelled = await desk.post(`/v1/staff/payments/${paymentId}/cancellation`);
  expect(cancelled).toMatchObject({
    status: 200,
    body: { state: 'settled', received: { amountMinor: 250 } },
  });
});

test('P8 while the gateway does not answer a payment given up is not ended, and its fees stay locked', async () => {
  const { paymentId, reader, chargeId } = await opened();
  setting.double.behave(undefined, () => 'fail');
  const answer = await reader.cancel(paymentId);
  expect(answer).toMatchObject({ status: 200, body: { state: 'open', cancelling: true, checkoutUrl: null } });
  expect((await reader.begin([chargeId], 250)).body).toMatchObject({ code: 'charge-in-payment' });
  setting.double.behave();
  await setting.become(paymentId, 'cancelled');
});

test('P1 the same request again is the same payment', async () => {
  const reader = await setting.payer();
  const chargeId = await reader.charge();
  const key = uuid();
  const [one, two] = await Promise.all([
    reader.begin([chargeId], 250, {}, key),
    reader.begin([chargeId], 250, {}, key),
  ]);
  expect([one.status, two.status]).toEqual([201, 201]);
  expect(two.body.id).toBe(one.body.id);
  expect(setting.double.books.all().filter(({ paymentId }) => paymentId === one.body.id)).toHaveLength(1);
});

test('P7 two tabs start the same fees at once: one payment, and the other is told', async () => {
  for (let round = 0; round < 8; round += 1) {
    const reader = await setting.payer();
    const fees = [await reader.charge(100), await reader.charge(150)];
    const answers = await Promise.all([reader.begin(fees, 250), reader.begin(fees.toReversed(), 250)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'charge-in-payment' });
  }
});
