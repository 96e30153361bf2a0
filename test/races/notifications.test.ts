import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keepNotification } from '../../api/gateway-events.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { rounds } from './race.ts';

let bench: ActivityBench;
beforeAll(async () => {
  bench = await startActivities();
});
afterAll(() => bench?.stop());

const atOnce = 8;

test('P8 a notification that comes several times at the same instant is kept once, and none of them is refused', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const notified = {
      eventId: randomUUID(),
      kind: 'paid',
      paymentId: null,
      ref: randomUUID(),
    } as const;
    const one = { library: 'demo', provider: 'online', notified, body: Buffer.from('{}'), now: Date.now() };
    const told = Array.from({ length: atOnce }, () => keepNotification(bench.orm, one));
    expect(await Promise.all(told)).toEqual(Array.from({ length: atOnce }, () => undefined));
    expect(await bench.rows('select from gateway_event where event_id = ?', [notified.eventId])).toHaveLength(
      1,
    );
  }
});
