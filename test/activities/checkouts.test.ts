import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { inTransaction } from '../../db/transaction.ts';
import { lockPatron } from '../../db/locks.ts';
import { reverseCharge } from '../../activities/charges/money.ts';
import { type Checkouts, startCheckouts } from '../support/checkouts.ts';

let at: Checkouts;
beforeAll(async () => {
  at = await startCheckouts();
}, 60_000);
afterEach(() => at.double.behave(() => ({ copies: 0 })));
afterAll(() => at?.stop());

test('P1 the total the reader was shown must still be the total; every reason is told at once', async () => {
  const { id: patronId } = await at.build.patron();
  const stranger = await at.build.patron();
  const [mine, theirs] = [await at.charge(patronId, 250), await at.charge(stranger.id, 100)];
  const { outcome, paymentId } = await at.begin(patronId, [mine, theirs], 300);
  expect(outcome).toEqual({
    refused: [
      { code: 'charge-unknown', chargeId: theirs },
      { code: 'total-changed', totalMinor: 250 },
    ],
  });
  expect(await at.stateOf(paymentId)).toBeUndefined();
});

test('P2 nothing is paid in where a library keeps no balances', async () => {
  const { credit } = at.policy.money.ways;
  const { id: patronId } = await at.build.patron();
  const chargeId = await at.charge(patronId, 250);
  try {
    Object.assign(at.policy.money.ways, { credit: 'none' });
    const { outcome, paymentId } = await at.begin(patronId, [chargeId], 350, 100);
    expect(outcome).toEqual({ refused: [{ code: 'means-not-offered', means: 'credit' }] });
    expect(await at.stateOf(paymentId)).toBeUndefined();
    expect((await at.begin(patronId, [chargeId], 250)).outcome).toHaveProperty('standing');
  } finally {
    Object.assign(at.policy.money.ways, { credit });
  }
});

test('P8 an answer to the beginning that is lost is asked for again: one checkout, one payment', async () => {
  const { id: patronId } = await at.build.patron();
  const chargeId = await at.charge(patronId);
  const { paymentId } = await at.begin(patronId, [chargeId], 250);
  at.double.behave(undefined, (operation) => (operation === 'begin' ? 'lose' : undefined));
  await expect(at.follow(paymentId)).rejects.toThrow('fetch failed');
  at.double.behave();
  await at.follow(paymentId);
  const made = at.double.books.all().filter((each) => each.paymentId === paymentId);
  expect(made).toHaveLength(1);
  at.pay(paymentId);
  await at.follow(paymentId);
  expect(await at.bookings(paymentId)).toEqual(['payment-online']);
});

test('P8 what the gateway will not take is told, and the fees are free again', async () => {
  const { id: patronId } = await at.build.patron();
  const chargeId = await at.charge(patronId);
  const { paymentId } = await at.begin(patronId, [chargeId], 250);
  at.double.behave(undefined, () => 'refuse');
  expect(await at.follow(paymentId)).toMatchObject({ state: 'not-opened', ended: true });
  expect(await at.stateOf(paymentId)).toBe('cancelled');
  expect(await at.takeCash(patronId, chargeId, 250)).toHaveProperty('paymentId');
});

test('P8 a gateway that fails or does not answer delays and loses nothing', async () => {
  const { paymentId } = await at.opened();
  at.pay(paymentId);
  at.double.behave(undefined, () => 'fail');
  await expect(at.follow(paymentId)).rejects.toThrow('500');
  at.double.behave(undefined, () => 'lose');
  await expect(at.follow(paymentId)).rejects.toThrow('fetch failed');
  expect(await at.bookings(paymentId)).toEqual([]);
  at.double.behave();
  expect(await at.follow(paymentId)).toMatchObject({ state: 'settled', ended: true });
});

test('P8 done again after its commit – the answer was lost, two at once – it books nothing twice', async () => {
  const { paymentId, patronId } = await at.opened();
  at.pay(paymentId);
  await Promise.all(
    Array.from({ length: 5 }, () => at.perform((on) => on.followCheckout({ paymentId, now: Date.now() }))),
  );
  await at.follow(paymentId);
  expect(await at.bookings(paymentId)).toEqual(['payment-online']);
  expect(await at.balance(`prepaid:${patronId}`)).toBe(0);
});

test('P8 never notified: a sixth into the time there is to pay, and at its end, the gateway is asked', async () => {
  const { paymentId } = await at.opened();
  const standing = await at.follow(paymentId);
  const until = (standing.deadline ?? 0) - (standing.wakeAt ?? 0);
  expect(until / 60_000).toBeCloseTo(12.5, 0);
  at.pass(13);
  expect((await at.follow(paymentId)).wakeAt).toBe(standing.deadline);
});

test('P8 what is not paid in time expires once the gateway has closed it, and its fees are free', async () => {
  const { paymentId, patronId, chargeId } = await at.opened();
  at.pass(15.5);
  at.double.behave(undefined, (operation) => (operation === 'close' ? 'fail' : undefined));
  await expect(at.follow(paymentId)).rejects.toThrow('500');
  expect(await at.stateOf(paymentId)).toBe('open');
  const again = await at.begin(patronId, [chargeId], 250);
  expect(again.outcome).toEqual({ refused: [{ code: 'charge-in-payment', chargeId, paymentId }] });
  at.double.behave();
  expect(await at.follow(paymentId)).toMatchObject({ state: 'expired', ended: true });
  expect((await at.begin(patronId, [chargeId], 250)).outcome).toHaveProperty('standing');
});

test('P8 given up while the gateway says it is paid: it is booked and not cancelled', async () => {
  const { paymentId } = await at.opened();
  at.pay(paymentId);
  await at.activities.cancelPayment({ paymentId, ...at.step() });
  expect(await at.follow(paymentId)).toMatchObject({ state: 'settled', ended: true });
});

test('P8 cancel, then a late success: it is booked, and its fees are paid', async () => {
  const { paymentId, chargeId } = await at.opened();
  await at.activities.cancelPayment({ paymentId, ...at.step() });
  expect(await at.follow(paymentId)).toMatchObject({ state: 'cancelled', ended: true });
  at.pay(paymentId);
  expect(await at.follow(paymentId)).toMatchObject({ state: 'settled', ended: true });
  expect(await at.remaining(chargeId)).toBe(0);
  expect(await at.task(paymentId)).toEqual([]);
});

test('P7 P8 paid in cash after giving up, and online all the same: the reader’s credit, and a task to send it back', async () => {
  const { paymentId, chargeId, patronId } = await at.opened();
  await at.activities.cancelPayment({ paymentId, ...at.step() });
  await at.follow(paymentId);
  await at.takeCash(patronId, chargeId, 250);
  at.pay(paymentId);
  await at.follow(paymentId);
  expect(await at.balance(`prepaid:${patronId}`)).toBe(-250);
  expect(await at.task(paymentId)).toEqual([null]);

  const gateway = await at.balance('gateway:online');
  const decision = { paymentId, library: 'demo', decision: 'refund', ...at.step() } as const;
  expect(await at.activities.decideSurplus(decision)).toEqual({ paymentId, amountMinor: 250 });
  expect(at.woken).toEqual(expect.arrayContaining([`new payment:${paymentId}`]));
  await at.follow(paymentId);
  await at.follow(paymentId);
  expect(at.checkout(paymentId).refunds).toHaveLength(1);
  expect(await at.balance(`prepaid:${patronId}`)).toBe(0);
  expect(await at.balance('gateway:online')).toBe(Number(gateway) - 250);
  expect(await at.task(paymentId)).toEqual(['sent-back']);
  expect(await at.activities.decideSurplus({ ...decision, ...at.step() })).toEqual({
    refused: [{ code: 'payment-has-no-surplus' }],
  });
});

test('P7 what the gateway will not send back is the reader’s again, and staff are asked anew', async () => {
  const { paymentId, patronId } = await at.opened();
  at.pay(paymentId);
  at.pay(paymentId);
  await at.follow(paymentId);
  expect(await at.balance(`prepaid:${patronId}`)).toBe(-250);
  await at.activities.decideSurplus({ paymentId, library: 'demo', decision: 'refund', ...at.step() });
  at.double.behave(undefined, (operation) => (operation === 'refund' ? 'refuse' : undefined));
  await at.follow(paymentId);
  expect(await at.balance(`prepaid:${patronId}`)).toBe(-250);
  expect(await at.task(paymentId)).toEqual(['sent-back', null]);
  await at.activities.decideSurplus({ paymentId, library: 'demo', decision: 'keep', ...at.step() });
  expect(await at.task(paymentId)).toEqual(['sent-back', 'kept']);
});

test('P7 what the reader has used meanwhile is not sent back', async () => {
  const { paymentId, patronId } = await at.opened();
  at.pay(paymentId);
  at.pay(paymentId);
  await at.follow(paymentId);
  const chargeId = await at.charge(patronId, 200);
  if (Number(await at.remaining(chargeId)) > 0)
    await at.activities.takePayment({
      paymentId: chargeId,
      patronId,
      lines: [{ chargeId, amountMinor: 200 }],
      means: 'credit',
      branch: 'main',
      ...at.step(),
    });
  const decision = { paymentId, library: 'demo', decision: 'refund', ...at.step() } as const;
  expect(await at.activities.decideSurplus(decision)).toEqual({
    refused: [{ code: 'credit-too-small', creditMinor: 50 }],
  });
});

test.each([
  ['less: the fee stays open for the rest', 200, 50, 0, []],
  ['more: the rest is the reader’s credit, and staff are asked', 300, 0, -50, [null]],
])('P8 the gateway took another amount, %s', async (_which, amount, left, credit, tasks) => {
  const { paymentId, chargeId, patronId } = await at.opened(250);
  at.pay(paymentId, amount);
  expect(await at.follow(paymentId)).toMatchObject({ state: 'settled' });
  expect(await at.remaining(chargeId)).toBe(left);
  expect(await at.balance(`prepaid:${patronId}`)).toBe(credit);
  expect(await at.task(paymentId)).toEqual(tasks);
});

test('P8 money in another currency is not booked as if it were ours; staff have a task', async () => {
  const { paymentId, chargeId } = await at.opened();
  at.pay(paymentId, 250, 'USD');
  await at.follow(paymentId);
  expect(await at.bookings(paymentId)).toEqual([]);
  expect(await at.remaining(chargeId)).toBe(250);
  expect(await at.task(paymentId)).toEqual([null]);
});

test('P1 P8 a fee raised after the total was shown is not part of it; the amount stays locked', async () => {
  const { paymentId, patronId, chargeId } = await at.opened();
  const later = await at.charge(patronId, 100);
  at.pay(paymentId);
  await at.follow(paymentId);
  expect([await at.remaining(chargeId), await at.remaining(later)]).toEqual([0, 100]);
});

test('P8 a fee dropped while it was being paid: the money is the reader’s credit', async () => {
  const { paymentId, patronId, chargeId } = await at.opened();
  await inTransaction(at.orm, async (tx) => {
    await lockPatron(tx, patronId);
    const { operation, now, actor } = at.step();
    await reverseCharge(tx, { id: chargeId }, { operation, at: new Date(now), actor, reason: 'closed' });
  });
  at.pay(paymentId);
  await at.follow(paymentId);
  expect(await at.balance(`prepaid:${patronId}`)).toBe(-250);
  expect(await at.task(paymentId)).toEqual([null]);
});

test('P8 a reader who is blocked meanwhile has paid all the same', async () => {
  const { paymentId, patronId, chargeId } = await at.opened();
  await at.build.block(patronId);
  at.pay(paymentId);
  await at.follow(paymentId);
  expect(await at.remaining(chargeId)).toBe(0);
});

test('A12 P8 a reader with a payment under way is not erased; one erased after giving up has paid late all the same', async () => {
  const { id: patronId } = await at.build.patron();
  const { paymentId } = await at.begin(patronId, [], 300, 300);
  await at.follow(paymentId);
  const erase = () => at.activities.erasePatron({ patronId, erasureId: uuid(), ...at.step() });
  expect(await erase()).toEqual({ refused: [{ code: 'patron-has-payment', payments: 1 }] });
  await at.activities.cancelPayment({ paymentId, ...at.step() });
  await at.follow(paymentId);
  expect(await erase()).toHaveProperty('erasureId');
  at.pay(paymentId);
  expect(await at.follow(paymentId)).toMatchObject({ state: 'settled' });
  expect(await at.balance(`prepaid:${patronId}`)).toBe(-300);
});

test('P10 after all of this every invariant holds', async () => {
  expect(await at.audit()).toEqual([]);
});
