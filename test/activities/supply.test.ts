import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createRequester, lends, requestBody } from '../support/outside-requests.ts';
import type { ActOnSupply } from '../../activities/supply/steps.ts';

const begin = Date.parse('2026-11-23T01:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;
const actor = 'staff:11111111-1111-7111-8111-111111111111';

let bench: ActivityBench;
let beta: ReturnType<typeof createRequester>;
let serial = 0;
beforeAll(async () => {
  bench = await startActivities({ change: lends() });
  beta = createRequester(bench);
});
afterAll(() => bench.stop());

type Wish<A> = A extends unknown ? Omit<A, 'supplyId' | 'actor' | 'operation' | 'now'> : never;

function act(supplyId: string, wish: Wish<ActOnSupply>, now: number, operation = `act ${(serial += 1)}`) {
  return bench.activities.actOnSupply({ ...wish, supplyId, actor, operation, now });
}

async function copyOnShelf(isbn: string) {
  const title = await bench.build.title({ isbns: [isbn] });
  return bench.build.item(title.id);
}

const itemState = async (id: string) =>
  (await bench.rows<{ state: string }>('select state from item where id = ?', [id]))[0]?.state;

describe('an outside request', () => {
  test('I8 from the request that comes in to the copy that is back', async () => {
    const item = await copyOnShelf('9780000000019');
    const id = await beta.request('r1', begin, requestBody({ isbn: '9780000000019' }));
    expect(await beta.row(id)).toMatchObject({
      status: 'RequestReceived',
      waits_for: 'answer',
      peer: 'beta',
      advice: { answer: 'WillSupply', itemId: item.id },
    });

    await act(id, { act: 'promise' }, begin + hour);
    const shipped = await act(id, { act: 'ship', itemId: item.id, costMinor: 1200 }, begin + 2 * hour);
    expect(shipped).toMatchObject({ standing: { state: 'Loaned', ended: false } });
    expect(await itemState(item.id)).toBe('lent-out');

    await beta.does('r1', 'Received', begin + day);
    await beta.does('r1', 'ShippedReturn', begin + 2 * day);
    expect(await beta.row(id)).toMatchObject({ waits_for: 'return' });
    const scan = { scanId: 'scan 1', itemId: item.id, branch: 'main', actor, operation: 'scan 1' } as const;
    const back = await bench.activities.checkIn({ ...scan, now: begin + 3 * day });
    expect(back).toEqual({ instruction: { do: 'shelve' } });
    expect(bench.woken).toContain(`supply:${id}`);

    expect(await beta.row(id)).toMatchObject({ status: 'LoanCompleted', waits_for: null });
    expect(await itemState(item.id)).toBe('available');
    const said = await beta.said(id);
    expect(said.map(({ says }) => says)).toEqual([
      'RequestResponse/RequestReceived',
      'RequestResponse/WillSupply',
      'StatusChange/Loaned',
      'StatusChange/LoanCompleted',
    ]);
    expect(said[2]).toMatchObject({
      statusInfo: { dueDate: expect.any(String) },
      deliveryInfo: { itemId: [item.barcode], deliveryCosts: [{ monetaryValue: '12.00' }] },
    });
  });
});
