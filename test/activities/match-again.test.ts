import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { reconcileDay } from '../../activities/reconciliation/reconcile-day.ts';
import { showReference } from '../../domain/payment-reference.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Bank, createBank } from '../support/bank.ts';

const now = Date.UTC(2026, 5, 1, 10);

let bench: ActivityBench;
let bank: Bank;
beforeAll(async () => {
  bench = await startActivities();
  bank = await createBank(bench, now);
});
afterAll(() => bench.stop());

test('P9 the daily comparison looks again at what waits: money whose payment was begun later is booked before it is compared', async () => {
  const { id: patronId } = await bench.build.patron();
  const charge = await bank.charge(patronId, 900);
  const entry = await bank.entry(900);
  await bank.match();
  expect((await bank.became(entry))?.state).toBe('suspended');
  const payment = await bank.payment(patronId, [charge]);
  await bench.rows('update bank_entry set remittance = ? where id = ?', [
    `Library ${showReference(payment.reference ?? '')}`,
    entry,
  ]);
  const asked = { library: bank.library, day: '2026-05-31', actor: 'system', now, last: false } as const;
  const report = await reconcileDay(bench.deps, asked, () => undefined);
  expect(report).toHaveProperty('reconciliationId');
  expect([await bank.became(entry), await bank.remaining(charge)]).toEqual([
    { state: 'matched', outcome: 'exact' },
    0,
  ]);
});
