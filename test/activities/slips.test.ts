import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { reconcileDay } from '../../activities/reconciliation/reconcile-day.ts';
import { Payment } from '../../db/entities/index.ts';
import { refusals } from '../races/race.ts';
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

test('P5 a slip that was accepted by mistake is taken back while its money has not come; then it is open again, and money that comes all the same is found by its reference', async () => {
  const { patronId, charge, payment } = await acceptedSlip(700);
  const reverse = async (paymentId: string) => {
    const remarkId = uuid();
    await bench.rows(
      `insert into remark (id, library, author, text, created_at) values (?, 'demo', gen_random_uuid(), 'Forged', now())`,
      [remarkId],
    );
    const step = { ...bank.step(), paymentId, library: bank.library, remarkId };
    return bench.perform((does) => does.reversePayment(step));
  };
  const slips = await bank.balance(`slips:${account}`);
  expect(await reverse(payment.id)).toMatchObject({ paymentId: payment.id });
  expect([await bank.remaining(charge), await bank.balance(`slips:${account}`)]).toEqual([700, slips - 700]);
  expect(refusals(await reverse(payment.id))).toEqual(['payment-reversed']);
  const entry = await bank.entry(700, { remittance: `Library ${payment.reference}` });
  await bank.match();
  expect([await bank.became(entry), await bank.remaining(charge)]).toEqual([
    { state: 'matched', outcome: 'exact' },
    0,
  ]);
  expect([await bank.balance(`slips:${account}`), await bank.balance(`prepaid:${patronId}`)]).toEqual([
    slips - 700,
    0,
  ]);
  expect(refusals(await reverse(payment.id))).toEqual(['payment-by-bank']);
  const come = await acceptedSlip(300);
  await bank.entry(200, { remittance: `Library ${come.payment.reference}` });
  await bank.match();
  expect(refusals(await reverse(come.payment.id))).toEqual(['payment-by-bank']);
});

test('P5 P9 a slip whose money does not come in time is named by the comparison until it comes', async () => {
  const { payment } = await acceptedSlip(450);
  const named = async (day: string) => {
    const asked = {
      library: bank.library,
      day,
      actor: 'system',
      now: now + 60 * 86_400_000,
      last: true,
    } as const;
    await reconcileDay(bench.deps, asked, () => undefined);
    return bench.rows(
      `select kind, amount::float8 as amount from difference where subject_id = ? and solved_at is null`,
      [payment.id],
    );
  };
  expect(await named('2026-06-10')).toEqual([]);
  expect(await named('2026-06-20')).toEqual([{ kind: 'slip-late', amount: -450 }]);
  await bank.entry(450, { remittance: `Library ${payment.reference}` });
  await bank.match();
  expect(await named('2026-06-21')).toEqual([]);
});
