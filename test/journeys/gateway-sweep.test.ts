import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { until } from '../support/carrel.ts';
import { startWithDouble } from '../support/payments.ts';

let setting: Awaited<ReturnType<typeof startWithDouble>>;
beforeAll(async () => {
  setting = await startWithDouble();
}, 60_000);
afterAll(async () => {
  await setting?.carrel.stop();
  await setting?.double.stop();
});

const sweep = () => {
  const { client, taskQueue } = setting.carrel;
  return client.workflow.execute('sweep', { workflowId: `sweep-${uuid()}`, taskQueue, args: [] });
};

const age = (paymentId: string) =>
  setting.sql(`update payment set begun_at = begun_at - interval '5 minutes' where id = ?`, [paymentId]);

test('P8 a notification that was kept while the engine did not answer is followed by the sweep, after the end too', async () => {
  const reader = await setting.payer();
  const chargeId = await reader.charge();
  const paymentId = (await reader.begin([chargeId], 250)).body.id as string;
  await reader.cancel(paymentId);
  await setting.ended(paymentId);
  setting.double.behave(() => ({ copies: 0 }));
  setting.pay(paymentId);
  await age(paymentId);
  await setting.sql(
    `insert into gateway_event (id, library, provider, event_id, kind, payment_id, digest, received_at)
     values (?, 'demo', 'online', ?, 'checkout.paid', ?, '', now())`,
    [uuid(), uuid(), paymentId],
  );
  expect(await setting.stateOf(paymentId)).toBe('cancelled');
  await sweep();
  await setting.become(paymentId, 'settled');
  const [event] = await setting.sql('select followed_at from gateway_event where payment_id = ?', [
    paymentId,
  ]);
  expect(event?.followed_at).not.toBeNull();
});

test('P8 G1 a process that was lost is begun again by the sweep and goes on from its row', async () => {
  const reader = await setting.payer();
  const chargeId = await reader.charge();
  const paymentId = (await reader.begin([chargeId], 250)).body.id as string;
  const workflowId = `payment:${paymentId}`;
  const running = (wanted: number) =>
    until(
      () =>
        setting.carrel.client.workflow.count(`ExecutionStatus = 'Running' AND WorkflowId = '${workflowId}'`),
      ({ count }) => count === wanted,
    );
  await running(1);
  await setting.carrel.client.workflow.getHandle(workflowId).terminate();
  await running(0);
  await age(paymentId);
  setting.double.behave(() => ({ copies: 0 }));
  setting.pay(paymentId);
  await sweep();
  await setting.become(paymentId, 'settled');
  expect(await setting.bookings(paymentId)).toHaveLength(1);
});
