import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Item, Loan } from '../../db/entities/index.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createObtaining, type Obtaining, withPeers } from '../support/obtaining.ts';

/** A supplier has closed its loan as lost, whoever has the thing by then. */
let bench: ActivityBench;
let ill: Obtaining;
const desk = { actor: 'staff:0190b0a4-0000-7000-8000-000000000001' } as const;
const fees = { lost: { amountMinor: 3000, maxMinor: 10_000 }, processing: { amountMinor: 500 } };

beforeAll(async () => {
  const peers = withPeers(['one'], { obtaining: { review: false } });
  bench = await startActivities({
    change: (policy) => {
      const money = { ...policy.money, fees: { ...policy.money.fees, lost: lostFee(), processing: work() } };
      return { ...peers(policy), money };
    },
  });
  ill = createObtaining(bench, Date.parse('2026-12-07T01:00:00Z'));
});
afterAll(() => bench?.stop());

const usual = { online: true, groups: {} };
const lostFee = () => ({ ...usual, ...fees.lost, refund: 'price' as const, refundWithin: 'P1Y' });
const work = () => ({ ...usual, ...fees.processing });

async function received() {
  const patron = await ill.reader();
  const requestId = await ill.begin({ patronId: patron.id });
  await ill.look(requestId);
  await ill.hear(requestId, { status: 'Loaned', statusInfo: { dueDate: '2027-01-15T14:59:59Z' } });
  await ill.act(requestId, { act: 'receive', branch: 'main', ...desk });
  const { itemId } = await ill.request(requestId);
  return { requestId, patron, itemId: String(itemId) };
}

async function lent() {
  const given = await received();
  const wish = {
    loanId: uuid(),
    library: bench.policy.code,
    patronId: given.patron.id,
    itemId: given.itemId,
  };
  await bench.perform(({ checkOut }) =>
    checkOut({ ...wish, branch: 'main', actor: desk.actor, now: ill.now() }),
  );
  return given;
}

const checkIn = (itemId: string) => {
  const scanId = uuid();
  const scan = { scanId, itemId, branch: 'main', actor: desk.actor, operation: scanId, now: ill.now() };
  return bench.perform((activities) => activities.checkIn(scan));
};
const charges = (patronId: string) =>
  bench.rows(
    `select cause, amount::int, dropped_at is not null as dropped from charge where patron_id = ? order by cause`,
    [patronId],
  );
const bill = (monetaryValue: string, currency = bench.policy.currency) => ({
  status: 'CompletedWithoutReturn' as const,
  deliveryInfo: { deliveryCosts: [{ currencyCode: { value: currency }, monetaryValue }] },
});
const item = (id: string) => bench.orm.em.fork().findOneOrFail(Item, { id });

test('I13 I15 what its supplier gives up while the reader has it ends as lost, is charged at the supplier’s price once, and the reader is told', async () => {
  const { requestId, patron, itemId } = await lent();
  await ill.hear(requestId, bill('40.00'));
  expect(await ill.request(requestId)).toMatchObject({ state: 'lost' });
  expect(await bench.orm.em.fork().findOneOrFail(Loan, { itemId })).toMatchObject({ endReason: 'lost' });
  expect(await charges(patron.id)).toEqual([
    { cause: 'lost', amount: 4000, dropped: false },
    { cause: 'processing', amount: 500, dropped: false },
  ]);
  const [text] = await ill.texts(requestId, 'ill-lost');
  expect(text).toMatch(/counts it as lost[^]*45\.00/u);
  expect(await ill.notices(requestId)).toContain('ill-lost');
});

test('I13 I15 what was lost and is brought after all goes back to its supplier, and its price is taken back', async () => {
  const { requestId, patron, itemId } = await lent();
  const { barcode } = await item(itemId);
  await ill.hear(requestId, { status: 'CompletedWithoutReturn' });
  expect(await charges(patron.id)).toMatchObject([{ cause: 'lost', amount: 3000 }, { cause: 'processing' }]);
  expect(await item(itemId)).toMatchObject({ state: 'lost', barcode });
  expect(await checkIn(itemId)).toMatchObject({ instruction: { do: 'send-back', to: 'one', requestId } });
  expect(await charges(patron.id)).toEqual([
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
  const { requestId, patron } = await lent();
  await ill.act(requestId, { act: 'lose', priceMinor: 2500, ...desk });
  await ill.hear(requestId, bill('40.00'));
  await ill.look(requestId);
  expect(await charges(patron.id)).toMatchObject([
    { cause: 'lost', amount: 2500 },
    { cause: 'processing', amount: 500 },
  ]);
});

test('I15 a price above what staff may charge, or that cannot be reckoned, is a person’s to decide: charged or not, once', async () => {
  const dear = await lent();
  await ill.hear(dear.requestId, bill('400.00'));
  expect(await charges(dear.patron.id)).toEqual([]);
  expect(await ill.tasks(dear.requestId)).toEqual(['ill-lost-charge']);
  const settle = (charge: boolean, priceMinor?: number) =>
    ill.act(dear.requestId, { act: 'settle-lost', charge, ...(priceMinor && { priceMinor }), ...desk });
  expect(await settle(true, 40_000)).toMatchObject({ refused: [{ code: 'fee-above-limit' }] });
  expect(await settle(true, 10_000)).toHaveProperty('standing');
  expect(await charges(dear.patron.id)).toMatchObject([{ cause: 'lost', amount: 10_000 }, {}]);
  expect(await ill.notices(dear.requestId)).toEqual(expect.arrayContaining(['ill-lost', 'ill-lost']));
  expect(await settle(false)).toMatchObject({ refused: [{ code: 'request-moved-on' }] });

  const foreign = await lent();
  await ill.hear(foreign.requestId, bill('40.000', 'KWD'));
  await ill.act(foreign.requestId, { act: 'settle-lost', charge: false, ...desk });
  expect(await charges(foreign.patron.id)).toEqual([]);
  expect(await ill.tasks(foreign.requestId)).toEqual([]);
});

test('I13 what its supplier gives up while it lies here goes back, and nobody is charged', async () => {
  const { requestId, patron, itemId } = await received();
  await ill.hear(requestId, bill('40.00'));
  expect(await ill.request(requestId)).toMatchObject({ state: 'returning', endedAt: null });
  expect(await item(itemId)).toMatchObject({ state: 'available', holdId: null });
  expect(await charges(patron.id)).toEqual([]);
  expect(await ill.notices(requestId)).toContain('ill-lost');
  expect(await checkIn(itemId)).toMatchObject({ instruction: { do: 'send-back', to: 'one' } });
  await ill.act(requestId, { act: 'send-back', ...desk });
  expect(await ill.request(requestId)).toMatchObject({ state: 'completed' });
});

test('G1 after all of this the books and the shelves agree', async () => {
  expect(await bench.audit()).toEqual([]);
});
