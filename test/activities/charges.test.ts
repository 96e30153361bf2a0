import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { reverseCharge } from '../../activities/charges/money.ts';
import { lockPatron } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Charges, createCharges } from '../support/charges.ts';

/** What staff charge and waive. */
let bench: ActivityBench;
let charges: Charges;
const now = Date.parse('2026-12-10T12:00:00Z');
const desk = 'staff:00000000-0000-7000-8000-000000000001';

beforeAll(async () => {
  bench = await startActivities({
    change: (policy) => ({
      ...policy,
      money: {
        ...policy.money,
        fees: {
          ...policy.money.fees,
          card: {
            online: true,
            amountMinor: 500,
            groups: {
              child: { amountMinor: 500, subsidyMinor: 500 },
              adult: { amountMinor: 500, subsidyMinor: 200 },
            },
          },
          printing: { online: false, maxMinor: 400, dailyCapMinor: 600, groups: {} },
        },
      },
    }),
  });
  charges = createCharges(bench, now);
});
afterAll(() => bench?.stop());

const raiseByStaff = async (patronId: string, cause: 'card' | 'printing' | 'damaged', amountMinor?: number) =>
  bench.activities.raiseCharge({
    ...charges.step(),
    patronId,
    requestId: uuid(),
    cause,
    remarkId: await charges.remark('For this'),
    actor: desk,
    ...(amountMinor !== undefined && { amountMinor }),
  });

test('P1 staff charge by the schedule: the group’s price, with the subsidy as a posting of its own', async () => {
  const adult = await bench.build.patron({ userGroup: 'adult' });
  const raised = await raiseByStaff(adult.id, 'card');
  if (!('chargeId' in raised)) throw new Error(JSON.stringify(raised));
  expect(await charges.charge(raised.chargeId)).toEqual({ remaining: 300, disputed: false, dropped: false });
  expect(await charges.balance('subsidy:card')).toBe(200);
  expect(await charges.balance('income:card')).toBe(-500);

  const child = await bench.build.patron({ userGroup: 'child' });
  expect(await raiseByStaff(child.id, 'card')).toEqual({ refused: [{ code: 'fee-capped', cause: 'card' }] });
  expect(await charges.balance('subsidy:card')).toBe(700);
  expect(await charges.balance(`receivable:${child.id}`)).toBe(0);
});

test('P1 staff charge an amount of their own up to the limit, and no reader more than the day’s cap', async () => {
  const { id } = await charges.reader();
  expect(await raiseByStaff(id, 'printing', 401)).toEqual({
    refused: [{ code: 'fee-above-limit', cause: 'printing', limitMinor: 400 }],
  });
  expect(await raiseByStaff(id, 'printing')).toEqual({
    refused: [{ code: 'fee-without-price', cause: 'printing' }],
  });
  for (const left of [400, 200]) {
    const raised = await raiseByStaff(id, 'printing', 400);
    expect('chargeId' in raised && (await charges.charge(raised.chargeId))?.remaining).toBe(left);
  }
  expect(await raiseByStaff(id, 'printing', 400)).toEqual({
    refused: [{ code: 'fee-capped', cause: 'printing' }],
  });
});

test('P1 the same request charges once, also when it is sent twice at once', async () => {
  const { id } = await charges.reader();
  const step = { ...charges.step(), patronId: id, requestId: uuid(), cause: 'card', actor: desk } as const;
  const given = { ...step, remarkId: await charges.remark() };
  const answers = await Promise.all([1, 2, 3].map(() => bench.activities.raiseCharge(given)));
  expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
  expect(await charges.balance(`receivable:${id}`)).toBe(300);
});

test('P1 a waiver is a booking of its own, in part or in whole, never below zero; what waits is woken', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id, 1000, 'other', 'ill:waiting');
  expect(await charges.waive(chargeId, 1001)).toEqual({
    refused: [{ code: 'waiver-exceeds-charge', chargeId, openMinor: 1000 }],
  });
  const before = await charges.balance('waiver:other');
  expect(await charges.waive(chargeId, 400)).toMatchObject({ openMinor: 600 });
  expect(bench.woken).not.toContain('ill:waiting');
  expect(await charges.waive(chargeId)).toMatchObject({ openMinor: 0 });
  expect(bench.woken).toContain('ill:waiting');
  expect((await charges.balance('waiver:other')) - before).toBe(1000);
  expect(await charges.balance(`receivable:${id}`)).toBe(0);
  expect(await charges.waive(chargeId)).toEqual({ refused: [{ code: 'charge-settled', chargeId }] });
});

test('P10 a waiver taken back leaves both bookings; twice at once, one is refused', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id, 1000);
  const waiverId = uuid();
  await charges.waive(chargeId, 400, waiverId);
  const answers = await Promise.all([charges.unwaive(waiverId), charges.unwaive(waiverId)]);
  expect(answers.filter((each) => 'refused' in each)).toHaveLength(1);
  expect(answers.find((each) => 'refused' in each)).toMatchObject({ refused: [{ code: 'waiver-reversed' }] });
  expect((await charges.charge(chargeId))?.remaining).toBe(1000);
  expect(await charges.unwaive(uuid())).toEqual({ refused: [{ code: 'waiver-unknown' }] });
});

test('P1 P10 waiving and paying at once: together never more than was owed, and both may be refused nothing', async () => {
  for (let round = 0; round < 15; round += 1) {
    const { id } = await charges.reader();
    const chargeId = await charges.raise(id, 1000);
    await Promise.all([
      charges.waive(chargeId, 600),
      charges.pay(id, chargeId, 700),
      charges.waive(chargeId, 600),
    ]);
    const [{ settled } = { settled: 0 }] = await bench.rows<{ settled: number }>(
      'select sum(amount)::int as settled from allocation where charge_id = ?',
      [chargeId],
    );
    expect([600, 700]).toContain(settled);
    expect((await charges.charge(chargeId))?.remaining).toBe(1000 - settled);
  }
  expect(await bench.audit(now)).toEqual([]);
});

test('P10 of a charge taken back only what was paid becomes credit, not what was waived', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id, 1000, 'hold');
  const [waivedBefore, incomeBefore] = [
    await charges.balance('waiver:hold'),
    await charges.balance('income:hold'),
  ];
  await charges.waive(chargeId, 300);
  await charges.pay(id, chargeId, 200);
  const reversal = { operation: uuid(), at: new Date(now), actor: 'system', reason: 'closed' } as const;
  await inTransaction(bench.orm, async (tx) => {
    await lockPatron(tx, id);
    return reverseCharge(tx, { id: chargeId }, reversal);
  });
  expect(await charges.balance(`prepaid:${id}`)).toBe(-200);
  expect(await charges.balance(`receivable:${id}`)).toBe(0);
  expect(await charges.balance('waiver:hold')).toBe(waivedBefore);
  expect(await charges.balance('income:hold')).toBe(incomeBefore + 1000);
  expect(await bench.audit(now)).toEqual([]);
});

test('P1 what is locked to a payment under way is neither waived nor disputed', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id, 1000);
  const paymentId = uuid();
  await bench.rows(
    `insert into payment (id, library, patron_id, means, state, amount, currency, actor, begun_at)
     values (?, ?, ?, 'bank', 'open', 1000, 'EUR', 'system', ?)`,
    [paymentId, charges.library, id, new Date(now)],
  );
  await bench.rows(
    'insert into payment_line (payment_id, charge_id, position, amount, open) values (?, ?, 0, 1000, true)',
    [paymentId, chargeId],
  );
  const refused = { refused: [{ code: 'charge-in-payment', chargeId, paymentId }] };
  expect(await charges.waive(chargeId)).toEqual(refused);
  expect(await charges.dispute(id, chargeId)).toEqual(refused);
});
