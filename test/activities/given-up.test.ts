import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createThings, desk, withLossFees } from '../support/ill-things.ts';
import { createObtaining, type Obtaining } from '../support/obtaining.ts';

/** A supplier has closed its loan as lost, whoever has the thing by then; the library charges its reader without asking anybody. */
let bench: ActivityBench;
let ill: Obtaining;
let things: ReturnType<typeof createThings>;

beforeAll(async () => {
  const delivery = { things: { givenUp: 'charge' } } as const;
  bench = await startActivities({ change: withLossFees({ delivery }) });
  ill = createObtaining(bench, Date.parse('2026-12-07T01:00:00Z'));
  things = createThings(bench, ill);
});
afterAll(() => bench?.stop());

test('I13 I15 what its supplier gives up while the reader has it ends as lost, is charged at the supplier’s price once, and the reader is told', async () => {
  const { requestId, patron, itemId } = await things.lent();
  await ill.hear(requestId, things.bill('40.00'));
  expect(await ill.request(requestId)).toMatchObject({ state: 'lost' });
  expect(await things.loan(itemId)).toMatchObject({ endReason: 'lost' });
  expect(await things.charges(patron.id)).toEqual([
    { cause: 'lost', amount: 4000, dropped: false },
    { cause: 'processing', amount: 500, dropped: false },
  ]);
  const [text] = await ill.texts(requestId, 'ill-lost');
  expect(text).toMatch(/counts it as lost[^]*45\.00/u);
  expect(await ill.notices(requestId)).toContain('ill-lost');
});

test('I13 I15 what was lost and is brought after all goes back to its supplier, and its price is taken back', async () => {
  const { requestId, patron, itemId } = await things.lent();
  const { barcode } = await things.item(itemId);
  await ill.hear(requestId, { status: 'CompletedWithoutReturn' });
  expect(await things.charges(patron.id)).toMatchObject([
    { cause: 'lost', amount: 3000 },
    { cause: 'processing' },
  ]);
  expect(await things.item(itemId)).toMatchObject({ state: 'lost', barcode });
  expect(await things.checkIn(itemId)).toMatchObject({
    instruction: { do: 'send-back', to: 'one', requestId },
  });
  expect(await things.charges(patron.id)).toEqual([
    { cause: 'lost', amount: 3000, dropped: true },
    { cause: 'processing', amount: 500, dropped: false },
  ]);
  expect(await ill.request(requestId)).toMatchObject({ state: 'returning', endedAt: null });
  expect(await ill.tasks(requestId)).toEqual(['ill-send-back']);
  const { outcome, id } = await ill.latest(requestId);
  expect(outcome).toBe('lost');
  expect(await ill.act(requestId, { act: 'send-back', ...desk })).toHaveProperty('standing.ended', true);
  expect((await ill.queued(id)).at(-1)).toMatchObject({ says: 'Notification' });
});

test('I13 I15 what the desk had declared lost before is not charged a second time', async () => {
  const { requestId, patron } = await things.lent();
  await ill.act(requestId, { act: 'lose', priceMinor: 2500, ...desk });
  await ill.hear(requestId, things.bill('40.00'));
  await ill.look(requestId);
  expect(await things.charges(patron.id)).toMatchObject([
    { cause: 'lost', amount: 2500 },
    { cause: 'processing', amount: 500 },
  ]);
});

test('I15 a price above what staff may charge, or that cannot be reckoned, is a person’s to decide: charged or not, once', async () => {
  const dear = await things.lent();
  await ill.hear(dear.requestId, things.bill('400.00'));
  expect(await things.charges(dear.patron.id)).toEqual([]);
  expect(await ill.tasks(dear.requestId)).toEqual(['ill-lost-charge']);
  const settle = (charge: boolean, priceMinor?: number) =>
    ill.act(dear.requestId, { act: 'settle-lost', charge, ...(priceMinor && { priceMinor }), ...desk });
  expect(await settle(true, 40_000)).toMatchObject({ refused: [{ code: 'fee-above-limit' }] });
  expect(await settle(true, 10_000)).toHaveProperty('standing');
  expect(await things.charges(dear.patron.id)).toMatchObject([{ cause: 'lost', amount: 10_000 }, {}]);
  expect(await ill.notices(dear.requestId)).toEqual(expect.arrayContaining(['ill-lost', 'ill-lost']));
  expect(await settle(false)).toMatchObject({ refused: [{ code: 'request-moved-on' }] });

  const foreign = await things.lent();
  await ill.hear(foreign.requestId, things.bill('40.000', 'KWD'));
  await ill.act(foreign.requestId, { act: 'settle-lost', charge: false, ...desk });
  expect(await things.charges(foreign.patron.id)).toEqual([]);
  expect(await ill.tasks(foreign.requestId)).toEqual([]);
});

test('I13 what its supplier gives up while it lies here goes back, and nobody is charged', async () => {
  const { requestId, patron, itemId } = await things.received();
  await ill.hear(requestId, things.bill('40.00'));
  expect(await ill.request(requestId)).toMatchObject({ state: 'returning', endedAt: null });
  expect(await things.item(itemId)).toMatchObject({ state: 'available', holdId: null });
  expect(await things.charges(patron.id)).toEqual([]);
  expect(await ill.notices(requestId)).toContain('ill-lost');
  expect(await things.checkIn(itemId)).toMatchObject({ instruction: { do: 'send-back', to: 'one' } });
  await ill.act(requestId, { act: 'send-back', ...desk });
  expect(await ill.request(requestId)).toMatchObject({ state: 'completed' });
});

test('G1 after all of this the books and the shelves agree', async () => {
  expect(await bench.audit()).toEqual([]);
});
