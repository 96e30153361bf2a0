import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createObtaining, type Obtaining, withPeers } from '../support/obtaining.ts';

let bench: ActivityBench;
let ill: Obtaining;

beforeAll(async () => {
  bench = await startActivities({
    change: withPeers(['one'], {
      obtaining: { review: false },
      prices: { readers: [{ services: ['loan'], perItemMinor: 250 }] },
    }),
  });
  ill = createObtaining(bench, Date.parse('2026-12-07T01:00:00Z'));
});
afterAll(() => bench?.stop());

test('I13 I15 what went back before it ever came here is not paid for', async () => {
  const patron = await ill.reader();
  const requestId = await ill.begin({ patronId: patron.id, limit: 5_000 });
  await ill.look(requestId);
  await ill.hear(requestId, { status: 'Loaned', statusInfo: { dueDate: '2027-01-15T14:59:59Z' } });
  const charges = () =>
    bench.rows<{ dropped: boolean }>(
      'select dropped_at is not null as dropped from charge where patron_id = ?',
      [patron.id],
    );
  expect(await charges()).toEqual([{ dropped: false }]);
  await ill.hear(requestId, { status: 'LoanCompleted' });
  expect(await ill.request(requestId)).toMatchObject({ state: 'completed', reason: 'not-through-us' });
  expect(await charges()).toEqual([{ dropped: true }]);
});
