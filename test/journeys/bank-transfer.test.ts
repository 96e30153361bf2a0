import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '../../db/transaction.ts';
import { lockFamily, lockPayment, present } from '../../db/locks.ts';
import { settlePayment } from '../../activities/payments/settle-payment.ts';
import { findReferences, showReference } from '../../domain/payment-reference.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { createTransferors, withTransfers } from '../support/transfers.ts';
import { photo, picture } from '../uploads/samples.ts';

const way = { means: 'bank', way: 'bank' };
const quick = { means: 'bank', way: 'quick' };
let carrel: Carrel;
let at: ReturnType<typeof createTransferors>;
beforeAll(async () => {
  carrel = await startCarrel({ change: withQuickTransfers });
  at = createTransferors(carrel);
}, 60_000);
afterAll(() => carrel?.stop());

/** A second way, `quick`, that waits for seconds instead of days. */
function withQuickTransfers(given: LibraryPolicy): LibraryPolicy {
  const policy = withTransfers({ bank: { slips: 'taken' } })(given);
  const { ways } = policy.money;
  const short = { code: 'quick', expires: 'PT8S', remindBefore: 'PT5S' };
  const bank = ways.bank.flatMap((each) => [each, { ...each, ...short }]);
  return { ...policy, money: { ...policy.money, ways: { ...ways, bank } } };
}

const stateOf = async (paymentId: string) =>
  (await at.sql<{ state: string }>('select state from payment where id = ?', [paymentId]))[0]?.state;

test('P5 a reader is told the account, the purpose with a reference, and the text of a QR code', async () => {
  const reader = await at.reader({ language: 'zh' });
  const paymentId = await reader.begin(1250, way);
  const { body } = await reader.get(`/v1/me/payments/${paymentId}/instructions`);
  expect(body).toMatchObject({
    means: 'bank',
    transfer: null,
    total: { amountMinor: 1250, currency: 'EUR' },
    bank: {
      holder: 'Carrel Demonstration Library',
      account: 'DE89 3704 0044 0532 0130 00',
      bic: 'COBADEFFXXX',
    },
  });
  const { reference } = await reader.seen(paymentId);
  expect(findReferences(body.bank.purpose).map(showReference)).toEqual([reference]);
  const qr = body.bank.qr.split('\n');
  expect(qr.slice(0, 8)).toEqual([
    'BCD',
    '002',
    '1',
    'SCT',
    'COBADEFFXXX',
    'Carrel Demonstration Library',
    'DE89370400440532013000',
    'EUR12.50',
  ]);
  expect(qr[10]).toBe(body.bank.purpose);
  const [mail] = await at.mailed(reader.id, 'payment-instructions');
  expect(mail?.body_text).toContain(body.bank.purpose);
  expect(mail?.body_text).toContain('DE89 3704 0044 0532 0130 00');
});

test('P5 a payer’s name is kept beside the payment, and goes when the reader is forgotten', async () => {
  const reader = await at.reader();
  const paymentId = await reader.begin(300, way);
  const path = `/v1/me/payments/${paymentId}/payer`;
  await carrel.call(reader.token, 'PUT', path, { name: 'A. Parent' });
  await carrel.call(reader.token, 'PUT', path, { name: 'Another Parent' });
  expect(await at.sql('select name from payment_payer where payment_id = ?', [paymentId])).toEqual([
    { name: 'Another Parent' },
  ]);
  expect(await carrel.call(reader.token, 'PUT', path, { name: 'x'.repeat(500) })).toMatchObject({
    status: 422,
  });
});

test('P5 a slip is taken and kept, but only the statement settles the payment', async () => {
  const reader = await at.reader();
  const cashier = await at.staff('cashier');
  const paymentId = await reader.begin(300, way);
  const given = await reader.upload(paymentId, await photo());
  expect(given).toMatchObject({ status: 201, body: { state: 'open', items: [{ state: 'waiting' }] } });
  const seen = given.body.items.map(({ id }: { id: string }) => id);
  const decided = await cashier.decide(paymentId, 'accept', seen);
  expect(decided).toMatchObject({ status: 409, body: { code: 'payment-not-submitted' } });
  expect(await at.postings(paymentId)).toEqual([]);
});

test('P5 the reader is reminded once, the payment expires, its fee is free again, and late money is booked all the same', async () => {
  const reader = await at.reader();
  const paymentId = await reader.begin(640, quick);
  const [mail] = await at.mailed(reader.id, 'payment-expiring');
  expect(mail?.subject).not.toBe('');
  await until(
    () => stateOf(paymentId),
    (state) => state === 'expired',
  );
  expect(await at.mailed(reader.id, 'payment-expiring')).toHaveLength(1);
  expect(await reader.upload(paymentId, await picture('png'))).toMatchObject({ status: 409 });
  await inTransaction(carrel.orm, async (tx) => {
    const family = present(await lockFamily(tx, reader.id), 'card');
    const payment = present(await lockPayment(tx, paymentId), 'payment');
    const money = { operation: `bank:late:${paymentId}`, account: 'bank:main', amount: 640n, at: new Date() };
    await settlePayment(tx, carrel.policy, family, payment, { ...money, actor: 'system' });
  });
  expect(await stateOf(paymentId)).toBe('settled');
  expect(await at.sql('select id from charge where patron_id = ? and remaining > 0', [reader.id])).toEqual(
    [],
  );
});
