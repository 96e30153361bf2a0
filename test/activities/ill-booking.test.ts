import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createIllMoney, type IllMoney, withPrices } from '../support/ill-money.ts';

/** What shipping costs readers and libraries. */
let bench: ActivityBench;
let money: IllMoney;
const now = Date.parse('2026-12-10T12:00:00Z');

beforeAll(async () => {
  bench = await startActivities({
    change: withPrices({
      readers: [
        { services: ['loan'], perItemMinor: 3000 },
        { peers: ['abroad', 'far'], actualCost: true, handlingMinor: 100 },
        { peers: ['paged'], perPageMinor: 10 },
        { actualCost: true },
      ],
      subsidies: [
        { userGroups: ['child'], whole: true },
        { userGroups: ['adult'], percent: 50 },
      ],
      agreements: [
        { peers: ['friend'], terms: 'reciprocal' },
        { peers: ['charity'], terms: 'free' },
      ],
      rates: [{ currency: 'KWD', rate: '487.5', on: '2026-11-01' }],
    }),
  });
  money = createIllMoney(bench, now);
});
afterAll(() => bench?.stop());

const charge = async (id: string | null) => {
  const [row] = await bench.rows<{
    cause: string;
    amount: number;
    remaining: number;
    waits: string;
    dropped: boolean;
  }>(
    'select cause, amount::int, remaining::int, waits, dropped_at is not null as dropped from charge where id = ?',
    [id],
  );
  return row;
};
const events = async (requestId: string) =>
  (
    await bench.rows<{ kind: string }>('select kind from event where subject_id = ? order by id', [requestId])
  ).map(({ kind }) => kind);
const { currency } = { currency: () => bench.policy.currency };

test('I15 on shipping the reader’s share, the subsidy and what is owed to the supplier are booked, each once', async () => {
  const reader = await bench.build.patron({ userGroup: 'adult' });
  const ids = await money.requested({ patronId: reader.id, peer: 'one', costMinor: 701 });
  const booked = await money.ship(ids);
  expect(booked).toMatchObject({ amountMinor: 350, open: true, priceWanted: false });
  expect(await charge(booked.chargeId)).toEqual({
    cause: 'document-delivery',
    amount: 350,
    remaining: 350,
    waits: `ill:${ids.requestId}`,
    dropped: false,
  });
  expect(await money.ship(ids)).toEqual(booked);
  expect(await money.balance('peer:one')).toBe(-701);
  expect(await money.balance(`receivable:${reader.id}`)).toBe(350);
});

test('I15 shipped twice at the same instant, it is booked once on either side', async () => {
  const reader = await bench.build.patron({ userGroup: 'adult' });
  const ids = await money.requested({ patronId: reader.id, peer: 'twice' });
  const supply = await money.supplied({ peer: 'twins' });
  await Promise.all([money.ship(ids), money.ship(ids), money.ship(ids)]);
  await Promise.all([money.supply(supply), money.supply(supply), money.supply(supply)]);
  expect(await money.balance('peer:twice')).toBe(-700);
  expect(await money.balance('peer:twins')).toBe(700);
});

test('I15 what is wholly subsidised is booked without a charge, and taken back with the rest', async () => {
  const child = await bench.build.patron({ userGroup: 'child' });
  const ids = await money.requested({ patronId: child.id, peer: 'two' });
  const before = await money.balance('subsidy:document-delivery');
  expect(await money.ship(ids)).toMatchObject({ chargeId: null, open: false });
  expect(await money.balance('subsidy:document-delivery')).toBe(before + 700);
  await money.takeBack(ids);
  expect(await money.balance('subsidy:document-delivery')).toBe(before);
  expect(await money.balance('peer:two')).toBe(0);
});

test('I15 a reader is never charged above what they agreed to: the library pays the rest, and the story tells it', async () => {
  const reader = await bench.build.patron({ userGroup: 'adult' });
  const given = { patronId: reader.id, peer: 'dear', costMinor: 2000, expectedMinor: 500, limit: 300 };
  const ids = await money.requested(given);
  expect(await money.ship(ids)).toMatchObject({ amountMinor: 300 });
  expect(await events(ids.requestId)).toEqual(['ill-cost-differs', 'ill-above-limit']);
  const again = await money.requested(given);
  await bench.rows('update ill_request set agreed_minor = 900 where id = ?', [again.requestId]);
  expect(await money.ship(again)).toMatchObject({ amountMinor: 900 });
  expect(await money.balance('peer:dear')).toBe(-4000);
});

test('I15 a reader who set no limit and was not asked about the price is not charged until staff have agreed one with them', async () => {
  const reader = await bench.build.patron({ userGroup: 'adult' });
  const given = { patronId: reader.id, peer: 'unasked', costMinor: 800, limit: null };
  const ids = await money.requested(given);
  expect(await money.ship(ids)).toEqual({ chargeId: null, amountMinor: 0, open: true, priceWanted: true });
  expect(await money.balance('peer:unasked')).toBe(-800);
  expect(await money.balance(`receivable:${reader.id}`)).toBe(0);
  await bench.rows('update ill_request set stated_minor = 250 where id = ?', [ids.requestId]);
  expect(await money.ship(ids)).toMatchObject({ amountMinor: 250, priceWanted: false });
  const agreed = await money.requested(given);
  await bench.rows('update ill_request set agreed_minor = 400 where id = ?', [agreed.requestId]);
  expect(await money.ship(agreed)).toMatchObject({ amountMinor: 400, priceWanted: false });
  const child = await bench.build.patron({ userGroup: 'child' });
  expect(await money.ship(await money.requested({ ...given, patronId: child.id }))).toMatchObject({
    open: false,
    priceWanted: false,
  });
});

test('I15 what the supplier charges in another currency is owed in it; the reader pays by the policy’s rate', async () => {
  const reader = await bench.build.patron({ userGroup: 'adult' });
  const ids = await money.requested({
    patronId: reader.id,
    peer: 'abroad',
    costMinor: 2000,
    currency: 'KWD',
  });
  const { amountMinor, priceWanted } = await money.ship(ids);
  expect(priceWanted).toBe(false);
  expect(amountMinor).toBeGreaterThan(0);
  expect(await money.balance('peer:abroad', 'demo', 'KWD')).toBe(-2000);
});

test('I15 without a rate, or without the number of pages, staff have a task to state the price', async () => {
  const reader = await bench.build.patron({ userGroup: 'adult' });
  const foreign = await money.requested({ patronId: reader.id, peer: 'far', currency: 'CHF' });
  const paged = await money.requested({ patronId: reader.id, peer: 'paged' });
  for (const ids of [foreign, paged])
    expect(await money.ship(ids)).toEqual({ chargeId: null, amountMinor: 0, open: true, priceWanted: true });
  const tasks = await bench.rows(`select from task where kind = 'ill-price' and resolved_at is null`);
  expect(tasks).toHaveLength(2);
  expect(await money.ship(paged, { pages: 12 })).toMatchObject({ amountMinor: 60, priceWanted: false });
  await bench.rows('update ill_request set stated_minor = 450 where id = ?', [foreign.requestId]);
  expect(await money.ship(foreign)).toMatchObject({ amountMinor: 450, priceWanted: false });
  expect(await bench.rows(`select from task where kind = 'ill-price' and resolved_at is null`)).toHaveLength(
    0,
  );
  expect(await money.balance('peer:far', 'demo', 'CHF')).toBe(-700);
});

test('I15 what is free or reciprocal is counted and not paid', async () => {
  for (const peer of ['friend', 'charity']) {
    await money.ship(await money.requested({ peer }));
    await money.supply(await money.supplied({ peer }));
    expect(await money.balance(`peer:${peer}`)).toBe(0);
    const counted = await bench.rows(
      'select from ill_transaction where peer = ? and amount = 0 and journal_id is null',
      [peer],
    );
    expect(counted).toHaveLength(2);
  }
});

test('I15 not received, it is taken back from reader and supplier; what was paid becomes credit; sent anew, it is booked anew', async () => {
  const reader = await bench.build.patron({ userGroup: 'adult' });
  const ids = await money.requested({ patronId: reader.id, peer: 'lost-in-post', service: 'loan' });
  const { chargeId } = await money.ship(ids);
  const paid = await bench.activities.takePayment({
    operation: `pay/${chargeId}`,
    now,
    paymentId: ids.attemptId,
    patronId: reader.id,
    lines: [{ chargeId: chargeId ?? '', amountMinor: 1500 }],
    means: 'cash',
    branch: bench.policy.branches[0]?.code ?? '',
    actor: 'staff:00000000-0000-7000-8000-000000000001',
  } as never);
  expect(paid).not.toHaveProperty('refused');
  expect(await money.takeBack(ids)).toBe(1500);
  expect(await money.takeBack(ids)).toBe(0);
  expect(await money.balance('peer:lost-in-post')).toBe(0);
  expect(await money.balance(`prepaid:${reader.id}`)).toBe(-1500);
  expect(await charge(chargeId)).toMatchObject({ remaining: 0, dropped: true });
});

test('I15 cancelled after shipping, both pay all the same unless the policy says otherwise', async () => {
  const reader = await bench.build.patron({ userGroup: 'adult' });
  const ids = await money.requested({ patronId: reader.id, peer: 'late' });
  const supply = await money.supplied({ peer: 'late' });
  const { chargeId } = await money.ship(ids);
  await money.supply(supply);
  await money.takeBack(ids, 'cancelled');
  await money.takeBackSupply(supply, 'cancelled');
  expect(await charge(chargeId)).toMatchObject({ remaining: 350, dropped: false });
  expect(await money.balance('peer:late')).toBe(0);
  await money.takeBackSupply(supply, 'unfilled');
  await money.takeBackSupply(supply, 'unfilled');
  expect(await money.balance('peer:late')).toBe(-700);
});

test('I16 a document whose price the balance covers is paid as it is shipped, and not held', async () => {
  const reader = await bench.build.patron({ userGroup: 'adult' });
  const { debit } =
    bench.policy.money.ways.credit === 'none' ? { debit: 'none' } : bench.policy.money.ways.credit;
  const { journalId, at } = { journalId: reader.id, at: new Date(now) };
  await bench.rows(
    `with booked as (insert into journal (id, library, operation, kind, patron_id, at, actor)
       values (?, ?, ?, 'test', ?, ?, 'system') returning id)
     insert into posting (id, journal_id, account, amount, currency)
       select gen_random_uuid(), id, line.account, line.amount, ? from booked,
         (values ('cash:main', 500), ('prepaid:' || ?, -500)) as line (account, amount)`,
    [journalId, bench.policy.code, `test/${reader.id}`, reader.id, at, currency(), reader.id],
  );
  const ids = await money.requested({ patronId: reader.id, peer: 'prompt' });
  const booked = await money.ship(ids);
  expect(booked).toMatchObject({ amountMinor: 350, open: debit !== 'automatic' });
});
