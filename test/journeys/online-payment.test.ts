import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDesks } from '../support/desk.ts';
import { startWithDouble } from '../support/payments.ts';

let setting: Awaited<ReturnType<typeof startWithDouble>>;
beforeAll(async () => {
  setting = await startWithDouble();
}, 60_000);
afterAll(async () => {
  await setting?.carrel.stop();
  await setting?.double.stop();
});

test('P1 a reader selects fees, agrees to the total, pays online, and it is booked once', async () => {
  const { payer, pay, become, bookings, sql, double } = setting;
  const reader = await payer();
  const [first, second] = [await reader.charge(250), await reader.charge(100)];
  const begun = await reader.begin([first, second], 450, { prepaidMinor: 100 });
  expect(begun.status).toBe(201);
  expect(begun.body).toMatchObject({ state: 'open', total: { amountMinor: 450 }, booking: false });
  expect(begun.body.checkoutUrl).toContain(double.url);

  pay(begun.body.id);
  await become(begun.body.id, 'settled');
  expect(await reader.seen(begun.body.id)).toMatchObject({
    received: { amountMinor: 450 },
    checkoutUrl: null,
  });
  expect(await bookings(begun.body.id)).toEqual([{ kind: 'payment-online', amount: 450 }]);
  expect(await reader.credit()).toBe(100);
  const open = await sql('select id from charge where patron_id = ? and remaining > 0', [reader.id]);
  expect(open).toEqual([]);

  const operator = await createDesks(setting.carrel).staff('operator');
  const story = await operator.get(`/v1/staff/processes/${encodeURIComponent(`payment:${begun.body.id}`)}`);
  expect(story).toMatchObject({
    status: 200,
    body: { process: 'payment', state: 'settled', stateText: 'Booked', title: 'Online' },
  });
  const told = story.body.timeline.map(({ kind }: { kind: string }) => kind);
  expect(told).toEqual(expect.arrayContaining(['payment-begun', 'payment-taken']));
});
