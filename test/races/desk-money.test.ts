import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createDesk, type Desk } from '../support/desk-money.ts';
import { contest, refusals, rounds, together } from './race.ts';

const begin = Date.UTC(2026, 5, 1, 6);

let bench: ActivityBench;
let at: Desk;
beforeAll(async () => {
  bench = await startActivities();
  at = createDesk(bench, begin);
});
afterAll(() => bench.stop());

const idOf = (answer: object) => ('paymentId' in answer ? String(answer.paymentId) : JSON.stringify(answer));
const sound = async () => expect(await bench.audit(begin + 3_600_000_000, 'P365D')).toEqual([]);

test('P2 debits of one balance race safely: fees that fall due, fees that are paid and money that is paid out together never use more than there is', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { id } = await at.reader();
    const limit = round % 3 === 0 ? 40 : 0;
    if (limit > 0) await at.overdraft(id, limit);
    const open = await at.raise(id, 60 + limit);
    const before = limit > 0 ? await at.credit(id) : 0;
    await at.prepay(id, 100);
    await together(
      () => at.raise(id, 70),
      () => at.raise(id, 50),
      () => at.payOf(id, open, 60, 'credit'),
      () => at.payOut(id, 30),
    );
    const credit = await at.credit(id);
    expect(credit).toBeGreaterThanOrEqual(-limit);
    expect(credit).toBeLessThanOrEqual(before + 100);
    const [debited] = await bench.rows<{ used: number }>(
      `select coalesce(sum(amount), 0)::int as used from posting where account = ? and amount > 0`,
      [`prepaid:${id}`],
    );
    // Whatever came first: never more than there was, and nothing was left lying while a fee was open.
    expect(debited?.used).toBe(100 + limit);
  }
  await sound();
}, 180_000);

test('P10 every payment taken back twice at once: n succeed, n are refused', async () => {
  const payments: string[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const { id } = await at.reader();
    const charge = await at.raise(id, 100);
    const lines = [{ chargeId: charge, amountMinor: 100 }];
    const means = n % 2 === 0 ? 'cash' : 'card';
    payments.push(idOf(await at.take(id, { lines, means, prepaidMinor: n % 3 })));
  }
  const outcomes: string[][] = [];
  for (const [round, paymentId] of payments.entries()) {
    const both = await contest(
      round,
      () => at.reverse(paymentId),
      () => at.reverse(paymentId),
    );
    outcomes.push(...both.map(refusals));
  }
  expect(outcomes.filter((codes) => codes.length === 0)).toHaveLength(payments.length);
  expect(outcomes.filter((codes) => codes.join() === 'payment-reversed')).toHaveLength(payments.length);
  const [row] = await bench.rows<{ reversals: number; shown: number }>(
    `select (select count(*)::int from journal where reverses = any(?::uuid[])) as reversals,
       (select count(*)::int from payment where id = any(?::uuid[]) and reversed_at is not null) as shown`,
    [`{${payments.join()}}`, `{${payments.join()}}`],
  );
  expect(row).toEqual({ reversals: payments.length, shown: payments.length });
  await sound();
}, 180_000);

test('P10 a payment taken back while what it paid in is used: one of the two is done', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { id } = await at.reader();
    const charge = await at.raise(id, 100);
    const paymentId = idOf(await at.prepay(id, 100));
    const [back, paid] = await contest(
      round,
      () => at.reverse(paymentId),
      () => at.payOf(id, charge, 100, 'credit'),
    );
    const outcome = [refusals(back).join(), refusals(paid).join()];
    expect([
      ['', 'credit-too-small'],
      ['credit-used', ''],
    ]).toContainEqual(outcome);
    expect(await at.credit(id)).toBe(0);
  }
  await sound();
}, 180_000);

test('P3 a till: of two who open or close it at once one does, what is paid meanwhile is in one session or in none, and nothing goes into a closed one', async () => {
  const readers = await Promise.all([1, 2, 3].map(() => at.reader()));
  for (let round = 0; round < rounds; round += 1) {
    const before = await at.balance('cash:main');
    const [one, two] = [uuid(), uuid()];
    const opened = await contest(
      round,
      () => at.open(before, one),
      () => at.open(before, two),
    );
    expect(opened.map((answer) => refusals(answer).join()).toSorted()).toEqual(['', 'drawer-open']);
    const session = refusals(opened[0]).length === 0 ? one : two;
    const paying = () =>
      readers.map(
        ({ id }) =>
          () =>
            at.prepay(id, 10),
      );
    const [first, second] = await together(
      () => at.close(session, before + 20),
      () => at.close(session, before + 20),
      ...paying(),
      () => at.move(session, 'in', 5),
      () => at.move(session, 'out', 5),
    );
    const closings = [first, second].map((answer) => refusals(answer).join());
    expect(closings.toSorted()).toEqual(['', 'drawer-closed']);
    const [late] = await bench.rows<{ count: number }>(
      `select count(*)::int as count from drawer_session where id = ? and closing_count <> opening_booked + (
         select coalesce(sum(amount), 0) from journal join posting on posting.journal_id = journal.id where drawer_id = ? and account = 'cash:main')`,
      [session, session],
    );
    expect(late?.count).toBe(0);
  }
  await sound();
}, 180_000);

test('P3 the database itself refuses a booking into a closed session', async () => {
  const session = uuid();
  await at.open(await at.balance('cash:main'), session);
  await at.close(session, await at.balance('cash:main'));
  const forged = bench.rows(
    `insert into journal (id, library, operation, kind, drawer_id, at, actor) values (gen_random_uuid(), ?, 'forged', 'drawer-paid-in', ?, now(), 'system')`,
    [at.library, session],
  );
  await expect(forged).rejects.toThrow(/is closed/);
});
