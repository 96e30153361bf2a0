import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createCharges } from '../support/charges.ts';

/** What the five libraries charge: late returns, holds, lost copies. */
const desk = 'staff:00000000-0000-7000-8000-000000000001';
const day = 86_400_000;
const now = Date.parse('2026-12-10T12:00:00Z');

/** What ten days after the due date cost, and what a lost copy of 3,000 minor units. */
const libraries = [
  { library: 'demo', late: 100, lost: [500, 3000] },
  { library: 'zju', late: 50, lost: [1000, 3000] },
  { library: 'bibliotheca', late: 200, lost: [500, 3000] },
  { library: 'chikushino', late: 0, lost: [3000] },
  { library: 'ccc-member', late: 100, lost: [3000] },
] as const;

describe.each(libraries)('$library', ({ library, late, lost }) => {
  let bench: ActivityBench;
  beforeAll(async () => {
    bench = await startActivities({ library });
  });
  afterAll(() => bench?.stop());

  const lend = async () => {
    const { code: branch } = bench.policy.branches[0] as { code: string };
    const patron = await createCharges(bench, now).reader();
    const title = await bench.build.title();
    const item = await bench.build.item(title.id, { branch, price: 3000n });
    const lent = { library, patronId: patron.id, itemId: item.id, branch, actor: desk, now } as const;
    const loanId = uuid();
    await bench.activities.checkOut({ ...lent, loanId });
    const [{ due } = { due: 0 }] = await bench.rows<{ due: number }>(
      'select extract(epoch from due_at)::float8 * 1000 as due from loan where id = ?',
      [loanId],
    );
    const scan = (at: number) =>
      bench.activities.checkIn({
        scanId: uuid(),
        itemId: item.id,
        branch,
        actor: desk,
        operation: uuid(),
        now: at,
      });
    return { patron, item, due, scan };
  };
  const charged = (patronId: string, open = false) =>
    bench.rows<{ cause: string; amount: number; currency: string }>(
      `select cause, amount::int, currency from charge where patron_id = ? and dropped_at is null and (not ? or remaining > 0) order by amount`,
      [patronId, open],
    );

  test('L5 a late return costs what the policy says, once, and in time nothing', async () => {
    const inTime = await lend();
    await inTime.scan(inTime.due - 1);
    expect(await charged(inTime.patron.id)).toEqual([]);
    const { patron, due, scan } = await lend();
    await scan(due + 10 * day - 1);
    await scan(due + 11 * day);
    const { currency } = bench.policy;
    const expected = late > 0 ? [{ cause: 'overdue', amount: late, currency }] : [];
    expect(await charged(patron.id)).toEqual(expected);
  });

  test('P1 a lost copy costs its price and the work with it; found again the price is taken back, what was paid is credit', async () => {
    const { patron, item, due, scan } = await lend();
    const mark = { operation: uuid(), now: due - day, itemId: item.id, state: 'lost', actor: desk } as const;
    await bench.activities.markItem(mark);
    const before = await charged(patron.id);
    expect(before.map(({ amount }) => amount)).toEqual(lost);
    const charges = createCharges(bench, due);
    const [paid] = await bench.rows<{ id: string }>(
      `select id from charge where patron_id = ? and cause = 'lost'`,
      [patron.id],
    );
    await charges.pay(patron.id, paid?.id ?? '', 3000);
    await Promise.all([scan(due + 20 * day), scan(due + 20 * day)]);
    expect((await charged(patron.id)).map(({ cause }) => cause)).toEqual(
      lost.length > 1 ? ['processing'] : [],
    );
    expect(await charges.balance(`prepaid:${patron.id}`)).toBe(-3000);
    expect(await bench.audit(due + 21 * day, 'P1000D')).toEqual([]);
  });
});

describe('holds', () => {
  for (const when of ['placed', 'secured', 'lapsed'] as const) {
    test(`P1 the fee for a hold is charged once when it is ${when}, and not before`, async () => {
      const bench = await startActivities({
        change: (policy) => ({
          ...policy,
          money: {
            ...policy.money,
            fees: { ...policy.money.fees, hold: { online: true, amountMinor: 70, groups: {}, when } },
          },
        }),
      });
      try {
        const [borrower, waiting] = [await bench.build.patron(), await bench.build.patron()];
        const title = await bench.build.title();
        const item = await bench.build.item(title.id);
        const lent = { library: 'demo', branch: 'main', itemId: item.id, actor: desk, now } as const;
        await bench.activities.checkOut({ ...lent, loanId: uuid(), patronId: borrower.id });
        const owed = async () => {
          const [row] = await bench.rows<{ n: number }>(
            `select coalesce(sum(amount), 0)::int as n from charge where patron_id = ? and cause = 'hold'`,
            [waiting.id],
          );
          return row?.n;
        };
        const holdId = uuid();
        const wish = { holdId, library: 'demo', patronId: waiting.id, titleId: title.id, now: now + 1_000 };
        const how = { pickupPlace: 'main', contact: 'none', channel: 'desk', actor: desk } as const;
        await bench.activities.placeHold({ ...wish, ...how });
        expect(await owed()).toBe(when === 'placed' ? 70 : 0);
        const scan = { scanId: uuid(), itemId: item.id, branch: 'main', actor: desk } as const;
        await bench.activities.checkIn({ ...scan, operation: uuid(), now: now + 2_000 });
        const look = (seconds: number) => bench.activities.lookAtHold({ holdId, now: now + seconds * 1_000 });
        await Promise.all([look(3), look(3)]);
        expect(await owed()).toBe(when === 'lapsed' ? 0 : 70);
        await Promise.all([look(60), look(60)]);
        expect(await owed()).toBe(70);
        expect(await bench.audit(now + 61_000)).toEqual([]);
      } finally {
        await bench.stop();
      }
    });
  }
});
