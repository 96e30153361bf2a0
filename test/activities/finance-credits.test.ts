import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { financeCredits, financeOutstanding } from '../../db/queries/finance-credits.ts';
import { reconcileDay } from '../../activities/reconciliation/reconcile-day.ts';
import { contest, refusals, rounds } from '../races/race.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createCharges } from '../support/charges.ts';

const now = Date.UTC(2026, 5, 1, 10);
const day = 86_400_000;
const library = 'demo';
const actor = 'staff:00000000-0000-7000-8000-000000000001';

let bench: ActivityBench;
let remark: () => Promise<string>;
beforeAll(async () => {
  bench = await startActivities();
  ({ remark } = createCharges(bench, now));
});
afterAll(() => bench.stop());

/** Money of accepted transfers, or of campus cards, that somebody has paid. */
async function paid(account: string, amountMinor: number): Promise<void> {
  const id = uuid();
  await bench.rows(
    `insert into journal (id, library, operation, kind, at, actor) values (?, ?, ?, 'payment-transfer', ?, 'system')`,
    [id, library, id, new Date(now)],
  );
  await bench.rows(
    `insert into posting (id, journal_id, account, amount, currency) values (gen_random_uuid(), ?, ?, ?, 'EUR'), (gen_random_uuid(), ?, 'income:other', ?, 'EUR')`,
    [id, account, amountMinor, id, -amountMinor],
  );
}

const step = () => ({ operation: uuid(), now: now + day, library, actor }) as const;

async function enter(account: string, amountMinor: number, creditId = uuid()) {
  const given = { ...step(), creditId, account, amountMinor, remarkId: await remark() };
  return bench.perform((does) => does.enterFinanceCredit(given));
}

async function takeBack(creditId: string) {
  const given = { ...step(), creditId, remarkId: await remark() };
  return bench.perform((does) => does.takeBackFinanceCredit(given));
}

const open = async (account: string) =>
  (await financeOutstanding(bench.orm, library)).find((row) => row.account === account)?.amount ?? 0;

/** What the comparison of a day long after names. */
async function late(): Promise<readonly number[]> {
  const asked = { library, day: '2026-08-01', actor: 'system', now: now + 90 * day, last: true } as const;
  await reconcileDay(bench.deps, asked, () => undefined);
  const rows = await bench.rows<{ amount: number }>(
    `select amount::float8 as amount from difference where kind = 'transfer-late' and solved_at is null`,
  );
  return rows.map(({ amount }) => amount);
}

test('P4 P9 what the finance office has credited is entered, never more than is outstanding, and the comparison names only the rest', async () => {
  await paid('transfer:internal', 5000);
  expect(await late()).toEqual([-5000]);
  expect(refusals(await enter('transfer:internal', 5001))).toEqual(['finance-credit-exceeds']);
  expect(refusals(await enter('transfer:nowhere', 1))).toEqual(['finance-account-unknown']);
  expect(refusals(await enter('prepaid:someone', 1))).toEqual(['finance-account-unknown']);
  await enter('transfer:internal', 3000);
  expect([await open('transfer:internal'), await late()]).toEqual([2000, [-2000]]);
  await enter('transfer:internal', 2000);
  expect([await open('transfer:internal'), await late()]).toEqual([0, []]);
});

test('P10 what was entered by mistake is taken back, once, by a booking that reverses it', async () => {
  await paid('card:main', 700);
  const creditId = uuid();
  expect(await enter('card:main', 700, creditId)).toEqual({ creditId });
  expect(await takeBack(creditId)).toEqual({ creditId });
  expect(await open('card:main')).toBe(700);
  expect(refusals(await takeBack(creditId))).toEqual(['finance-credit-reversed']);
  expect(refusals(await takeBack(uuid()))).toEqual(['finance-credit-unknown']);
  const [latest] = await financeCredits(bench.orm, library);
  expect(latest).toMatchObject({ id: creditId, account: 'card:main', amount: 700, by: actor });
  expect(latest?.takenBackAt).not.toBeNull();
});

test('P9 of two who enter the same credit at once the second finds what the first has left', async () => {
  for (let round = 0; round < Math.min(rounds, 8); round += 1) {
    await paid('card:north', 900);
    const [one, other] = await contest(
      round,
      () => enter('card:north', 900),
      () => enter('card:north', 900),
    );
    expect([...refusals(one), ...refusals(other)]).toEqual(['finance-credit-exceeds']);
    expect(await open('card:north')).toBe(0);
  }
});
