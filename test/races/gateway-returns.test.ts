import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createGatewayMoney, provider } from '../support/gateway-money.ts';
import { contest, refusals, rounds } from './race.ts';

let bench: ActivityBench;
let money: ReturnType<typeof createGatewayMoney>;
beforeAll(async () => {
  bench = await startActivities();
  money = createGatewayMoney(bench);
});
afterAll(() => bench.stop());

const at = '2026-11-02T09:00:00Z';

test('P9 of two who assign the same money that a gateway gave back one succeeds and one is told; a settlement file at the same time changes nothing', async () => {
  const given = [];
  for (let round = 0; round < rounds; round += 1) {
    const paid = await money.paid(100 + round, at);
    given.push({ ...paid, amount: 100 + round, back: money.gaveBack(paid.ref, 100 + round, at) });
  }
  await money.run('2026-11-02');
  const open = await money.open('gateway-refund');
  const won = { one: 0, other: 0 };
  for (const [round, { back, ref, amount, paymentId, patronId }] of given.entries()) {
    const id = open.find(({ subject }) => subject === back)?.id ?? '';
    const line = `${back},refund,${ref},po_1,-${amount},0,-${amount},EUR,${at}`;
    const other = round % 2 === 0 ? ({ to: 'charge', patronId } as const) : ({ to: 'loss' } as const);
    const [[first, second]] = await Promise.all([
      contest(
        round,
        () => money.assign(id, { to: 'payment', paymentId }),
        () => money.assign(id, other),
      ),
      money.settle(line),
    ]);
    const told = [...refusals(first), ...refusals(second)];
    expect({ round, told }).toEqual({ round, told: ['difference-solved'] });
    won[refusals(first).length === 0 ? 'one' : 'other'] += 1;
  }
  expect(won.one * won.other).toBeGreaterThan(0);
  expect(await bench.rows('select from gateway_return')).toHaveLength(rounds);
  const after = await money.balances();
  expect(after).not.toHaveProperty(`gateway:${provider}`);
  expect(after).not.toHaveProperty(`returned:${provider}`);
  await money.run('2026-11-03');
  expect(await money.open('gateway-refund')).toEqual([]);
  expect(await bench.audit(Date.now(), 'P40000D')).toEqual([]);
  expect(bench.retries).toEqual(new Map());
});
