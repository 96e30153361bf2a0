import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Hold, Item, Loan } from '../../db/entities/index.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createObtaining, type Obtaining, withPeers } from '../support/obtaining.ts';

/** What becomes of something that a supplier has shipped: kept, lent, brought back, sent back. */
let bench: ActivityBench;
let ill: Obtaining;
const monday = Date.parse('2026-12-07T01:00:00Z');
const day = 24 * 3_600_000;
const desk = { actor: 'staff:0190b0a4-0000-7000-8000-000000000001' } as const;

beforeAll(async () => {
  bench = await startActivities({
    change: withPeers(['one'], { obtaining: { review: false } }),
  });
  ill = createObtaining(bench, monday);
});
afterAll(() => bench.stop());

async function lent(dueDate = '2027-01-15T14:59:59Z') {
  const patron = await ill.reader();
  const requestId = await ill.begin({ patronId: patron.id });
  await ill.look(requestId);
  await ill.hear(requestId, { status: 'Loaned', statusInfo: { dueDate } });
  return { requestId, patron };
}

async function received(dueDate?: string) {
  const given = await lent(dueDate);
  const outcome = await ill.act(given.requestId, { act: 'receive', branch: 'main', ...desk });
  expect(outcome).toHaveProperty('standing.state', 'received');
  const { itemId } = await ill.request(given.requestId);
  return { ...given, itemId: String(itemId) };
}

const item = (id: string) => bench.orm.em.fork().findOneOrFail(Item, { id });
const hold = (itemId: string) => bench.orm.em.fork().findOneOrFail(Hold, { requestedItemId: itemId });
const loan = (itemId: string) => bench.orm.em.fork().findOneOrFail(Loan, { itemId });

const checkOut = (patronId: string, itemId: string, loanId = uuid()) =>
  bench.perform((activities) =>
    activities.checkOut({
      loanId,
      library: bench.policy.code,
      patronId,
      itemId,
      branch: 'main',
      actor: desk.actor,
      now: ill.now(),
    }),
  );
const checkIn = (itemId: string, branch = 'main') =>
  bench.perform((activities) => {
    const scanId = uuid();
    return activities.checkIn({
      scanId,
      itemId,
      branch,
      actor: desk.actor,
      operation: scanId,
      now: ill.now(),
    });
  });

test('I9 I13 a loan is kept for its reader like any hold, lent, brought back, and sent back to its supplier', async () => {
  const { requestId, patron, itemId } = await received();
  const kept = await hold(itemId);
  expect(kept).toMatchObject({ state: 'secured', kind: 'ill', patronId: patron.id, pickupPlace: 'main' });
  expect((await item(itemId)).state).toBe('hold-shelf');

  expect(await checkOut(patron.id, itemId)).toHaveProperty('standing');
  // A week for the way back: the end of Friday in Berlin.
  const { dueAt } = await loan(itemId);
  expect(dueAt.toISOString()).toBe('2027-01-08T22:59:59.000Z');
  expect(await ill.request(requestId)).toMatchObject({ state: 'lent', dueAt });

  expect(await checkIn(itemId)).toHaveProperty('instruction', { do: 'send-back', to: 'one', requestId });
  expect(await ill.request(requestId)).toMatchObject({ state: 'returning', sentBackAt: null });
  expect(await ill.tasks(requestId)).toEqual(['ill-send-back']);

  await ill.act(requestId, { act: 'send-back', ...desk });
  expect((await item(itemId)).state).toBe('withdrawn');
  expect(await ill.tasks(requestId)).toEqual([]);
  const attempt = await ill.latest(requestId);
  expect((await ill.queued(attempt.id)).map(({ says }) => says)).toEqual([
    'New',
    'Received',
    'ShippedReturn',
  ]);
  await ill.hear(requestId, { status: 'LoanCompleted' });
  expect(await ill.request(requestId)).toMatchObject({ state: 'completed', lookAt: null });
});

test('H6 I9 what is not collected goes back to its supplier, and at the same instant is lent or lapses, never both', async () => {
  const { requestId, patron, itemId } = await received();
  const { id: holdId } = await hold(itemId);
  await bench.orm.em.fork().nativeUpdate(
    Hold,
    { id: holdId },
    {
      contactedAt: new Date(ill.now()),
      keepUntil: new Date(ill.now()),
    },
  );
  const [lending] = await Promise.all([
    checkOut(patron.id, itemId),
    bench.perform((activities) => activities.lookAtHold({ holdId, now: ill.now() })),
  ]);
  const { state } = await ill.request(requestId);
  const kept = await item(itemId);
  expect([state, kept.state, 'standing' in lending]).toEqual(
    'standing' in lending ? ['lent', 'on-loan', true] : ['returning', 'put-away', false],
  );
  if (state === 'lent') return;
  expect(await ill.tasks(requestId)).toEqual(['ill-send-back']);
  expect(await checkIn(itemId)).toHaveProperty('instruction.do', 'send-back');
});

test('I9 receiving twice at once makes one copy; a barcode in use is refused', async () => {
  const { requestId } = await lent();
  const both = await Promise.all(
    [1, 2].map(() => ill.act(requestId, { act: 'receive', branch: 'main', ...desk })),
  );
  expect(both.filter((each) => 'standing' in each)).toHaveLength(1);
  expect(await bench.orm.em.fork().count(Item, { illRequestId: requestId })).toBe(1);

  const other = await lent();
  const taken = (await item(String((await ill.request(requestId)).itemId))).barcode;
  expect(await ill.act(other.requestId, { act: 'receive', branch: 'main', barcode: taken, ...desk })).toEqual(
    {
      refused: [{ code: 'barcode-taken', barcode: taken }],
    },
  );
});

test('I9 another library’s thing is lent to its reader only, is marked by its request only, and is no title of the catalogue', async () => {
  const { itemId } = await received();
  const stranger = await ill.reader();
  expect(await checkOut(stranger.id, itemId)).toHaveProperty('refused.0.code', 'item-kept-for-other');
  expect(
    await bench.perform((activities) =>
      activities.markItem({ itemId, state: 'lost', actor: desk.actor, operation: uuid(), now: ill.now() }),
    ),
  ).toEqual({ refused: [{ code: 'item-of-supplier' }] });
  const { titleId } = await item(itemId);
  expect(
    await bench.perform((activities) =>
      activities.placeHold({
        holdId: uuid(),
        library: bench.policy.code,
        patronId: stranger.id,
        titleId,
        pickupPlace: 'main',
        contact: 'none',
        channel: 'web',
        actor: `patron:${stranger.id}`,
        now: ill.now(),
      }),
    ),
  ).toEqual({ refused: [{ code: 'title-unknown' }] });
});

test('I13 a renewal is asked of the supplier: yes moves the loan’s day, no tells the reader why', async () => {
  const { requestId, patron, itemId } = await received();
  await checkOut(patron.id, itemId);
  const ordinary = await bench.perform(async (activities) => {
    const { id: loanId } = await loan(itemId);
    return activities.renewLoan({
      loanId,
      actor: `patron:${patron.id}`,
      channel: 'web',
      operation: uuid(),
      now: ill.now(),
    });
  });
  expect(ordinary).toHaveProperty('refused.0.code', 'renewal-by-supplier');

  const reader = { actor: `patron:${patron.id}` } as const;
  await ill.act(requestId, { act: 'renew', ...reader });
  expect(await ill.act(requestId, { act: 'renew', ...reader })).toEqual({
    refused: [{ code: 'renewal-asked' }],
  });
  await ill.hear(requestId, {
    status: 'Loaned',
    reason: 'RenewResponse',
    answer: 'Y',
    statusInfo: { dueDate: '2027-02-12T14:59:59Z' },
  });
  expect(await loan(itemId)).toMatchObject({ renewals: 1, dueAt: new Date('2027-02-05T22:59:59.000Z') });
  expect(await ill.request(requestId)).toMatchObject({ renewalWantedAt: null });

  await ill.act(requestId, { act: 'renew', ...reader });
  await ill.hear(requestId, {
    status: 'Loaned',
    reason: 'RenewResponse',
    answer: 'N',
    messageInfo: { note: 'Needed here.' },
  });
  expect(await loan(itemId)).toMatchObject({ renewals: 1, dueAt: new Date('2027-02-05T22:59:59.000Z') });
  const told = await ill.notices(requestId);
  expect(told).toEqual(expect.arrayContaining(['ill-renewed', 'ill-not-renewed']));
});

test('I13 the answer to a renewal that comes when the thing is back already changes nothing', async () => {
  const { requestId, patron, itemId } = await received();
  await checkOut(patron.id, itemId);
  await ill.act(requestId, { act: 'renew', actor: `patron:${patron.id}` });
  const attempt = await ill.latest(requestId);
  await ill.say(attempt.id, {
    status: 'Loaned',
    reason: 'RenewResponse',
    answer: 'Y',
    statusInfo: { dueDate: '2027-03-12T14:59:59Z' },
  });
  const { dueAt } = await loan(itemId);
  await Promise.all([checkIn(itemId), ill.look(requestId)]);
  await ill.look(requestId);
  const ended = await loan(itemId);
  expect(ended.endReason).toBe('returned');
  expect([dueAt.getTime(), Date.parse('2027-03-05T22:59:59.000Z')]).toContain(ended.dueAt.getTime());
  expect(await ill.request(requestId)).toMatchObject({ state: 'returning', renewalWantedAt: null });
});

test('I13 a recall shortens the loan and tells the reader; overdue at the supplier reminds them', async () => {
  const { requestId, patron, itemId } = await received();
  await checkOut(patron.id, itemId);
  await ill.hear(requestId, { status: 'Recalled' });
  const { dueAt } = await loan(itemId);
  expect(dueAt.getTime()).toBeLessThanOrEqual(ill.now() + 8 * day);
  await ill.hear(requestId, { status: 'Overdue' });
  expect(await ill.notices(requestId)).toEqual(expect.arrayContaining(['ill-recalled', 'ill-overdue']));
});

test('I13 a lost thing ends loan and request, and the supplier is told in its edition’s words', async () => {
  const { requestId, patron, itemId } = await received();
  await checkOut(patron.id, itemId);
  expect(await ill.act(requestId, { act: 'lose', ...desk })).toHaveProperty('standing.ended', true);
  expect(await loan(itemId)).toMatchObject({ endReason: 'lost' });
  expect((await item(itemId)).state).toBe('lost');
  const attempt = await ill.latest(requestId);
  expect((await ill.queued(attempt.id)).at(-1)).toMatchObject({ says: 'Notification' });
});

test('I15 what a supplier gets for a lost thing is booked once: as staff say, or as it says itself, even after the request’s end', async () => {
  const bill = (monetaryValue: string) => ({
    status: 'CompletedWithoutReturn' as const,
    deliveryInfo: {
      dateSent: '2026-12-08T00:00:00Z',
      deliveryCosts: [{ currencyCode: { value: bench.policy.currency }, monetaryValue }],
    },
  });
  const owed = async (requestId: string) =>
    bench.rows(
      `select amount::int from ill_transaction where kind = 'lost' and about_id in (select id from ill_attempt where request_id = ?)`,
      [requestId],
    );
  const stated = await received();
  await checkOut(stated.patron.id, stated.itemId);
  await ill.act(stated.requestId, { act: 'lose', priceMinor: 2500, ...desk });
  await ill.hear(stated.requestId, bill('40.00'));
  expect(await owed(stated.requestId)).toEqual([{ amount: -2500 }]);

  const later = await received();
  await checkOut(later.patron.id, later.itemId);
  await ill.act(later.requestId, { act: 'lose', ...desk });
  expect(await owed(later.requestId)).toEqual([]);
  await ill.hear(later.requestId, { status: 'CompletedWithoutReturn' });
  await ill.hear(later.requestId, { ...bill('40.00'), reason: 'Notification' });
  await ill.look(later.requestId);
  expect(await owed(later.requestId)).toEqual([{ amount: -4000 }]);

  const first = await received();
  await checkOut(first.patron.id, first.itemId);
  await ill.hear(first.requestId, bill('12.50'));
  expect(await ill.request(first.requestId)).toMatchObject({ state: 'lost' });
  expect(await owed(first.requestId)).toEqual([{ amount: -1250 }]);
});

test('I9 a thing that came damaged goes back, is not paid for, and its reader is told', async () => {
  const { requestId } = await lent();
  await ill.act(requestId, { act: 'receive', branch: 'main', unusable: true, ...desk });
  expect(await ill.request(requestId)).toMatchObject({ state: 'returning', itemId: null });
  expect(await ill.notices(requestId)).toContain('ill-unusable');
  const attempt = await ill.latest(requestId);
  expect((await ill.queued(attempt.id)).map(({ says }) => says)).toEqual(['New', 'Received', 'Notification']);
});

test('I14 what was shipped and does not come is asked after', async () => {
  const { requestId } = await lent();
  const { lookAt } = await ill.request(requestId);
  await ill.look(requestId, lookAt?.getTime());
  expect(await ill.tasks(requestId)).toEqual(['ill-missing']);
  await ill.act(requestId, { act: 'ask-after', ...desk });
  expect(await ill.tasks(requestId)).toEqual([]);
  await ill.act(requestId, { act: 'receive', branch: 'main', ...desk });
  expect(await ill.request(requestId)).toMatchObject({ state: 'received' });
});

test('I13 a supplier that never says that it has its thing back does not keep the request open for ever', async () => {
  const { requestId } = await lent();
  await ill.act(requestId, { act: 'receive', branch: 'main', unusable: true, ...desk });
  await ill.act(requestId, { act: 'send-back', ...desk });
  const { lookAt } = await ill.request(requestId);
  await ill.look(requestId, lookAt?.getTime());
  expect(await ill.request(requestId)).toMatchObject({ state: 'completed', reason: 'not-confirmed' });
});

test('I19 the place of pickup is changed until it is shipped', async () => {
  const patron = await ill.reader();
  const requestId = await ill.begin({ patronId: patron.id });
  await ill.look(requestId);
  const reader = { actor: `patron:${patron.id}` } as const;
  const other = bench.policy.branches.find(({ code }) => code !== 'main')?.code ?? '';
  expect(await ill.act(requestId, { act: 'change-place', place: 'nowhere', ...reader })).toHaveProperty(
    'refused',
  );
  expect(await ill.act(requestId, { act: 'change-place', place: other, ...reader })).toHaveProperty(
    'standing',
  );
  await ill.hear(requestId, { status: 'Loaned' });
  expect(await ill.act(requestId, { act: 'change-place', place: 'main', ...reader })).toHaveProperty(
    'refused.0.code',
    'request-shipped',
  );
  await ill.act(requestId, { act: 'receive', branch: 'main', ...desk });
  expect(await hold(String((await ill.request(requestId)).itemId))).toMatchObject({
    state: 'in-transit',
    pickupPlace: other,
  });
});
