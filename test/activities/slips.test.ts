import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Payment } from '../../db/entities/index.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { account, type Bank, createBank } from '../support/bank.ts';

const now = Date.UTC(2026, 5, 1, 10);

let bench: ActivityBench;
let bank: Bank;
beforeAll(async () => {
  bench = await startActivities();
  bank = await createBank(bench, now);
});
afterAll(() => bench.stop());

/** A payment by bank transfer whose slip the cashier has accepted. */
async function acceptedSlip(amount: number) {
  const { id: patronId } = await bench.build.patron();
  const charge = await bank.charge(patronId, amount, 'ill:test');
  const paymentId = uuid();
  const voucherId = uuid();
  const actor = 'staff:1' as const;
  const step = () => ({ ...bank.step(), actor });
  const selected = { chargeIds: [charge], prepaidMinor: 0, totalMinor: amount };
  const way = { means: 'bank', way: 'bank', library: bench.policy.code } as const;
  await bench.perform((does) => does.beginPayment({ paymentId, patronId, ...selected, ...way, actor, now }));
  await bench.perform((does) => does.giveVoucher({ paymentId, voucherId, givenAs: 'paper', ...step() }));
  const decision = { paymentId, decision: 'accept', seen: [voucherId] } as const;
  await bench.perform((does) => does.decideVouchers({ ...decision, ...step() }));
  const payment = await bench.orm.em.fork().findOneOrFail(Payment, { id: paymentId });
  return { patronId, charge, payment };
}

test('P5 an accepted slip settles the payment and wakes who waits; its money on the statement takes the slip’s place and is nobody’s credit', async () => {
  const { patronId, charge, payment } = await acceptedSlip(900);
  expect(await bank.remaining(charge)).toBe(0);
  expect(bench.woken).toContain('ill:test');
  expect(await bank.balance(`slips:${account}`)).toBe(900);
  const entry = await bank.entry(900, { remittance: `Library ${payment.reference}` });
  await bank.match();
  expect(await bank.became(entry)).toEqual({ state: 'matched', outcome: 'exact' });
  expect([
    await bank.balance(`slips:${account}`),
    await bank.balance(`suspense:${account}`),
    await bank.balance(`prepaid:${patronId}`),
  ]).toEqual([0, 0, 0]);
});

test('P5 more than the slip said, and the same money a second time, are the reader’s credit', async () => {
  const { patronId, payment } = await acceptedSlip(500);
  await bank.entry(600, { remittance: `Library ${payment.reference}` });
  await bank.match();
  expect([await bank.balance(`slips:${account}`), await bank.balance(`prepaid:${patronId}`)]).toEqual([
    0, -100,
  ]);
  await bank.entry(500, { remittance: `Library ${payment.reference}` });
  await bank.match();
  expect([await bank.balance(`slips:${account}`), await bank.balance(`prepaid:${patronId}`)]).toEqual([
    0, -600,
  ]);
});
