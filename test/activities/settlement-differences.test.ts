import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createBank } from '../support/bank.ts';
import { createGatewayMoney, provider } from '../support/gateway-money.ts';

let bench: ActivityBench;
let money: ReturnType<typeof createGatewayMoney>;
beforeAll(async () => {
  bench = await startActivities();
  money = createGatewayMoney(bench);
});
afterAll(() => bench.stop());

const kinds = ['settlement-amount', 'settlement-late', 'payout-late', 'gateway-unknown'];
const open = async () => (await money.open(...kinds)).map(({ kind, amount }) => [kind, amount]);
const line = (
  id: string,
  kind: string,
  of: string,
  gross: number,
  fee: number,
  at: string,
  payout = 'po_1',
) => `${id},${kind},${of},${payout},${gross},${fee},${gross - fee},EUR,${at}`;

test('P9 a payment that a settlement file gives another amount, or leaves out for too long, is named to the cent', async () => {
  const [whole, less, never] = [
    await money.paid(1000, '2026-10-01T09:00:00Z'),
    await money.paid(500, '2026-10-01T10:00:00Z'),
    await money.paid(300, '2026-10-01T11:00:00Z'),
  ];
  await money.settle(
    line('t1', 'payment', whole.ref, 1000, 29, '2026-10-01T09:00:00Z'),
    line('t2', 'payment', less.ref, 480, 15, '2026-10-01T10:00:00Z'),
  );
  await money.run('2026-10-01');
  expect(await open()).toEqual([['settlement-amount', -20]]);
  await money.run('2026-10-31');
  expect(await open()).toEqual([
    ['settlement-amount', -20],
    ['settlement-late', -300],
  ]);
  expect((await money.open('settlement-late'))[0]?.subject).toBe(never.paymentId);
  await money.settle(line('t3', 'payment', never.ref, 300, 10, '2026-10-01T11:00:00Z'));
  await money.run('2026-10-31');
  expect(await open()).toEqual([['settlement-amount', -20]]);
});

test('P9 from the settlement file over the payout’s entry at the bank to an empty account of the gateway: nothing differs', async () => {
  await bench.rows(`update settlement_line set gross = 500, net = 485 where key = 't2'`);
  const bank = await createBank(bench, Date.parse('2026-11-09T10:00:00Z'));
  await money.settle(line('po_1', 'payout', '', -1746, 0, '2026-10-29T23:59:59Z'));
  expect((await money.balances())[`gateway:${provider}`]).toBe(1746);
  await money.run('2026-10-31');
  expect(await open()).toEqual([]);
  await money.run('2026-11-08');
  expect(await open()).toEqual([['payout-late', -1746]]);
  const entry = await bank.entry(1746, { payerName: 'Payments Ltd', remittance: 'PO_1 payout' });
  await bank.match();
  expect(await bank.became(entry)).toEqual({ state: 'matched', outcome: 'rule' });
  await money.run('2026-11-09');
  expect(await money.open(...kinds, 'gateway-missing', 'gateway-refund', 'entry-waiting')).toEqual([]);
  const after = await money.balances();
  expect(after).toMatchObject({ 'bank:main': 1746, [`fee:${provider}`]: 54 });
  expect(after).not.toHaveProperty(`gateway:${provider}`);
  expect(after).not.toHaveProperty('suspense:main');
});

test('P9 a second payout of the same amount that has not come is named, though the first has', async () => {
  await money.settle(line('po_2', 'payout', '', -1746, 0, '2026-10-30T23:59:59Z', 'po_2'));
  await money.run('2026-11-11');
  expect((await money.open('payout-late')).map(({ subject }) => subject)).toEqual(['po_2']);
  await bench.rows(`delete from reconciliation_line`);
  await bench.rows(`delete from difference where kind = 'payout-late'`);
  await bench.rows(`delete from settlement_line where key = 'po_2'`);
});

test('P9 money that is to go back and is not on its way is named until the bank’s entry of it appears', async () => {
  const [entry] = await bench.rows<{ id: string }>('select id from bank_entry');
  const ret = uuid();
  await bench.rows(
    `insert into bank_return (id, library, account, entry_id, amount, currency, state, actor, asked_at)
     values (?, 'demo', 'main', ?, 700, 'EUR', 'waiting', 'system', '2026-11-12T09:00:00Z')`,
    [ret, entry?.id],
  );
  await money.run('2026-11-11');
  expect(await money.open('return-waiting')).toEqual([]);
  await money.run('2026-11-12');
  expect(await money.open('return-waiting')).toMatchObject([{ subject: entry?.id, amount: 700 }]);
  await bench.rows(`delete from bank_return where id = ?`, [ret]);
  await money.run('2026-11-13');
  expect(await money.open('return-waiting')).toEqual([]);
});

test('P9 all of this leaves the books in order', async () => {
  expect(await bench.audit(Date.now(), 'P40000D')).toEqual([]);
});
