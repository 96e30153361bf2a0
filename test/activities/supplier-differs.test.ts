import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createThings, desk, withLossFees } from '../support/ill-things.ts';
import { createObtaining, type Obtaining } from '../support/obtaining.ts';

/** What a supplier says is not what our books have: a person decides. */
let bench: ActivityBench;
let ill: Obtaining;
let things: ReturnType<typeof createThings>;
const day = 86_400_000;

beforeAll(async () => {
  const overdueFee = { amountMinor: 50, per: 'day' as const };
  const prices = { readers: [{ services: ['loan' as const], perItemMinor: 250 }] };
  bench = await startActivities({ change: withLossFees({ prices }, { overdueFee }) });
  ill = createObtaining(bench, Date.parse('2026-12-07T01:00:00Z'));
  things = createThings(bench, ill);
});
afterAll(() => bench?.stop());

const lossCharges = async (patronId: string) =>
  (await things.charges(patronId)).filter(({ cause }) => cause === 'lost' || cause === 'processing');
const owed = (requestId: string) =>
  bench.rows(
    `select kind, amount::int from ill_transaction where about_id in (select id from ill_attempt where request_id = ?) order by at, kind`,
    [requestId],
  );

describe('a supplier says that it has its thing back, which our reader has', () => {
  test('I13 nothing ends until a librarian has found out; with a no the loan goes on, and what is brought later goes back with a note', async () => {
    const { requestId, itemId } = await things.lent();
    await ill.hear(requestId, { status: 'LoanCompleted' });
    expect(await ill.request(requestId)).toMatchObject({ state: 'lent', endedAt: null });
    expect(await things.loan(itemId)).toMatchObject({ endedAt: null });
    expect(await ill.tasks(requestId)).toEqual(['ill-return-differs']);
    await ill.look(requestId);
    expect(await ill.act(requestId, { act: 'renew', ...desk })).toMatchObject({
      refused: [{ code: 'request-moved-on' }],
    });

    expect(await ill.act(requestId, { act: 'settle-return', back: false, ...desk })).toHaveProperty(
      'standing.state',
      'lent',
    );
    expect(await ill.tasks(requestId)).toEqual([]);
    const { id } = await ill.latest(requestId);
    expect((await ill.queued(id)).at(-1)).toMatchObject({ says: 'Notification' });
    expect(await ill.act(requestId, { act: 'settle-return', back: true, ...desk })).toMatchObject({
      refused: [{ code: 'request-moved-on' }],
    });

    expect(await things.checkIn(itemId)).toMatchObject({ instruction: { do: 'send-back', to: 'one' } });
    expect(await ill.act(requestId, { act: 'send-back', ...desk })).toHaveProperty('standing.ended', true);
    expect((await ill.queued(id)).map(({ says }) => says)).toEqual([
      'New',
      'Received',
      'Notification',
      'Notification',
    ]);
  });

  test('I13 L5 with a yes the loan ends, at the fee of the day on which the supplier had it', async () => {
    const { requestId, patron, itemId } = await things.lent();
    const { dueAt } = await things.loan(itemId);
    ill.pass(dueAt.getTime() + 1.5 * day - ill.now());
    await ill.hear(requestId, { status: 'LoanCompleted' });
    ill.pass(10 * day);
    expect(await ill.act(requestId, { act: 'settle-return', back: true, ...desk })).toHaveProperty(
      'standing.ended',
      true,
    );
    expect(await ill.request(requestId)).toMatchObject({ state: 'completed', reason: 'not-through-us' });
    expect(await things.loan(itemId)).toMatchObject({ endReason: 'returned' });
    expect(await things.item(itemId)).toMatchObject({ state: 'withdrawn' });
    expect(await things.charges(patron.id)).toContainEqual({ cause: 'overdue', amount: 100, dropped: false });
  });

  test('I13 what lies on our shelf is asked about too, and nobody has to answer when it has been sent back', async () => {
    const { requestId, patron, itemId } = await things.received();
    await ill.hear(requestId, { status: 'LoanCompleted' });
    expect(await ill.request(requestId)).toMatchObject({ state: 'received' });
    expect(await ill.tasks(requestId)).toEqual(['ill-return-differs']);
    await bench.perform(({ checkOut }) =>
      checkOut({
        loanId: requestId,
        library: bench.policy.code,
        patronId: patron.id,
        itemId,
        branch: 'main',
        actor: desk.actor,
        now: ill.now(),
      }),
    );
    await things.checkIn(itemId);
    expect(await ill.tasks(requestId)).toEqual(['ill-send-back']);
  });
});

describe('a supplier counts a loan as lost', () => {
  test('I13 I15 what the reader has is nobody’s to pay until a librarian says so', async () => {
    const { requestId, patron, itemId } = await things.lent();
    await ill.hear(requestId, { status: 'CompletedWithoutReturn' });
    expect(await things.loan(itemId)).toMatchObject({ endReason: 'lost' });
    expect(await lossCharges(patron.id)).toEqual([]);
    expect(await ill.tasks(requestId)).toEqual(['ill-lost-charge']);
    await ill.act(requestId, { act: 'settle-lost', charge: true, ...desk });
    expect(await lossCharges(patron.id)).toMatchObject([
      { cause: 'lost', amount: 3000 },
      { cause: 'processing', amount: 500 },
    ]);
  });

  test('I15 a bill above what the schedule charged is shown; the librarian charges the rest once, or leaves it with the library', async () => {
    const lose = async () => {
      const given = await things.lent();
      await ill.act(given.requestId, { act: 'lose', ...desk });
      await ill.hear(given.requestId, things.bill('40.00'));
      expect(await owed(given.requestId)).toContainEqual({ kind: 'lost', amount: -4000 });
      expect(await ill.tasks(given.requestId)).toEqual(['ill-lost-charge']);
      return given;
    };
    const paid = await lose();
    const settle = (requestId: string, charge: boolean, priceMinor?: number) =>
      ill.act(requestId, { act: 'settle-lost', charge, ...(priceMinor && { priceMinor }), ...desk });
    expect(await settle(paid.requestId, true, 7001)).toMatchObject({
      refused: [{ code: 'fee-above-limit' }],
    });
    expect(await settle(paid.requestId, true)).toHaveProperty('standing');
    expect(await lossCharges(paid.patron.id)).toEqual([
      { cause: 'lost', amount: 3000, dropped: false },
      { cause: 'lost', amount: 1000, dropped: false },
      { cause: 'processing', amount: 500, dropped: false },
    ]);
    expect((await ill.texts(paid.requestId, 'ill-lost')).at(-1)).toMatch(/45\.00/u);
    expect(await settle(paid.requestId, true)).toMatchObject({ refused: [{ code: 'request-moved-on' }] });

    const waived = await lose();
    await settle(waived.requestId, false);
    expect(await lossCharges(waived.patron.id)).toHaveLength(2);
    expect(await ill.tasks(waived.requestId)).toEqual([]);
  });

  test('I15 a bill that the reader’s charge covers asks nobody; one in a currency without a rate does', async () => {
    const covered = await things.lent();
    await ill.act(covered.requestId, { act: 'lose', ...desk });
    await ill.hear(covered.requestId, things.bill('30.00'));
    expect(await ill.tasks(covered.requestId)).toEqual([]);

    const foreign = await things.lent();
    await ill.act(foreign.requestId, { act: 'lose', ...desk });
    await ill.hear(foreign.requestId, things.bill('12.000', 'KWD'));
    expect(await ill.tasks(foreign.requestId)).toEqual(['ill-lost-charge']);
    const settle = (priceMinor?: number) =>
      ill.act(foreign.requestId, {
        act: 'settle-lost',
        charge: true,
        ...(priceMinor && { priceMinor }),
        ...desk,
      });
    expect(await settle()).toMatchObject({ refused: [{ code: 'fee-without-price' }] });
    expect(await settle(500)).toHaveProperty('standing');
    expect(await lossCharges(foreign.patron.id)).toMatchObject([{ amount: 3000 }, { amount: 500 }, {}]);
  });

  test('I15 what was charged besides is taken back too when the thing is found', async () => {
    const { requestId, patron, itemId } = await things.lent();
    await ill.act(requestId, { act: 'lose', ...desk });
    await ill.hear(requestId, things.bill('40.00'));
    await ill.act(requestId, { act: 'settle-lost', charge: true, ...desk });
    await things.checkIn(itemId);
    expect(await lossCharges(patron.id)).toEqual([
      { cause: 'lost', amount: 3000, dropped: true },
      { cause: 'lost', amount: 1000, dropped: true },
      { cause: 'processing', amount: 500, dropped: false },
    ]);
  });

  test('I13 I15 what was lost on its way here costs its reader nothing, and they are told: whoever says so first', async () => {
    for (const gone of [
      (id: string) => ill.hear(id, { status: 'CompletedWithoutReturn' }),
      (id: string) => ill.act(id, { act: 'lose', ...desk }),
    ]) {
      const patron = await ill.reader();
      const requestId = await ill.begin({ patronId: patron.id, limit: 5_000 });
      await ill.look(requestId);
      await ill.hear(requestId, { status: 'Loaned', statusInfo: { dueDate: '2027-03-15T14:59:59Z' } });
      await gone(requestId);
      expect(await ill.request(requestId)).toMatchObject({ state: 'lost' });
      expect(await things.charges(patron.id)).toEqual([
        { cause: 'interlibrary-loan', amount: 250, dropped: true },
      ]);
      expect(await ill.notices(requestId)).toContain('ill-lost');
      expect(await ill.tasks(requestId)).toEqual([]);
    }
  });
});

test('G1 after all of this the books and the shelves agree', async () => {
  expect(await bench.audit()).toEqual([]);
});
