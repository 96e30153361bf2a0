import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createGatewayMoney, provider } from '../support/gateway-money.ts';

let bench: ActivityBench;
let money: ReturnType<typeof createGatewayMoney>;
beforeAll(async () => {
  bench = await startActivities();
  money = createGatewayMoney(bench);
});
afterAll(() => bench.stop());

const at = (hour: number) => `2026-11-02T${String(hour).padStart(2, '0')}:00:00Z`;
const line = (id: string, of: string, gross: number, hour: number, kind = 'refund') =>
  `${id},${kind},${of},po_1,${gross},0,${gross},EUR,${at(hour)}`;
const only = async () => (await money.open('gateway-refund')).map(({ subject, amount }) => [subject, amount]);
const idOf = async (ref: string) =>
  (await money.open('gateway-refund')).find(({ subject }) => subject === ref)?.id ?? '';
const remaining = async (chargeId: string) =>
  (
    await bench.rows<{ left: number }>('select remaining::int as left from charge where id = ?', [chargeId])
  )[0]?.left;

test('P9 money given back at the provider is found by the daily run, assigned to its payment, and stays cleared when the settlement file comes', async () => {
  const { paymentId, chargeId, ref } = await money.paid(900, at(8));
  expect(await remaining(chargeId)).toBe(0);
  const back = money.gaveBack(ref, 900, at(9));
  await money.run('2026-11-02');
  expect(await only()).toEqual([[back, -900]]);
  expect(await money.tasks('gateway-refund')).toBe(1);
  const id = await idOf(back);
  const operation = `command:${uuid()}`;
  const first = await money.assign(id, { to: 'payment', paymentId }, operation);
  expect(first).toMatchObject({ differenceId: id });
  expect(await money.assign(id, { to: 'payment', paymentId }, operation)).toEqual(first);
  expect(await money.assign(id, { to: 'loss' })).toEqual({ refused: [{ code: 'difference-solved' }] });
  expect(await remaining(chargeId)).toBe(900);
  expect(await money.tasks('gateway-refund')).toBe(0);
  expect(await money.balances()).toMatchObject({ [`returned:${provider}`]: -900 });
  await money.run('2026-11-03');
  expect(await only()).toEqual([]);
  await money.settle(line(back, ref, -900, 9));
  await money.run('2026-11-03');
  expect(await only()).toEqual([]);
  const after = await money.balances();
  expect(after).not.toHaveProperty(`gateway:${provider}`);
  expect(after).not.toHaveProperty(`returned:${provider}`);
});

test('P9 a part that was given back becomes a charge of its reader, and is never a reversal of the whole', async () => {
  const { paymentId, patronId, ref } = await money.paid(800, at(10));
  const back = money.gaveBack(ref, 300, at(11));
  await money.settle(line(back, ref, -300, 11));
  await money.run('2026-11-04');
  expect(await only()).toEqual([[back, -300]]);
  const id = await idOf(back);
  expect(await money.assign(id, { to: 'payment', paymentId })).toEqual({
    refused: [{ code: 'difference-not-assignable' }],
  });
  expect(await money.assign(id, { to: 'charge', patronId })).toMatchObject({ differenceId: id });
  const after = await money.balances();
  expect(after).toMatchObject({ [`receivable:${patronId}`]: 300, [`gateway:${provider}`]: 500 });
  expect(after).not.toHaveProperty(`returned:${provider}`);
  await money.run('2026-11-05');
  expect(await only()).toEqual([]);
});

test('P9 what the provider took away for good is a loss; what comes of it later is open anew', async () => {
  await money.settle(line('dp_1', 'dp_1', -250, 12, 'dispute'));
  await money.run('2026-11-06');
  expect(await only()).toEqual([['dp_1', -250]]);
  await money.assign(await idOf('dp_1'), { to: 'loss' });
  expect(await money.balances()).toMatchObject({ [`loss:${provider}`]: 250 });
  await money.run('2026-11-07');
  expect(await only()).toEqual([]);
  await money.settle(line('dp_2', 'dp_2', 250, 13, 'dispute'));
  await money.run('2026-11-07');
  expect(await only()).toEqual([['dp_2', 250]]);
  await money.assign(await idOf('dp_2'), { to: 'loss' });
  expect(await money.balances()).not.toHaveProperty(`loss:${provider}`);
});

test('P9 a refund that was asked for here is no difference, nor one that failed and came back', async () => {
  const { ref } = await money.paid(400, at(13));
  const wanted = money.gaveBack(ref, 400, at(14));
  const refundId = uuid();
  await bench.rows(
    `insert into difference (id, library, key, kind, subject_type, subject_id, account, amount, currency, since, role, found_at, solved_at, detail)
     values (gen_random_uuid(), 'demo', 'k', 'gateway-unknown', 'gateway-money', 'pi_x', ?, 400, 'EUR', now(), 'cashier', now(), now(), ?)`,
    [`gateway:${provider}`, JSON.stringify({ refundId })],
  );
  await money.run('2026-11-08');
  expect(await only()).toEqual([[wanted, -400]]);
  const row = money.listed.find((each) => each.ref === wanted);
  Object.assign(row ?? {}, { refund: { of: ref, refundId } });
  await money.run('2026-11-08');
  expect(await only()).toEqual([]);
});

test('P9 all of this leaves the books in order', async () => {
  expect(await bench.audit(Date.now(), 'P40000D')).toEqual([]);
});
