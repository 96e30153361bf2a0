import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Charges, createCharges } from '../support/charges.ts';
import { createFamilies, type Families } from '../support/family.ts';

/** What was charged by mistake. */
let bench: ActivityBench;
let charges: Charges;
let families: Families;
const now = Date.parse('2026-12-10T12:00:00Z');

beforeAll(async () => {
  bench = await startActivities({ library: 'bibliotheca' });
  charges = createCharges(bench, now);
  families = createFamilies(bench, now);
});
afterAll(() => bench?.stop());

const refused = (code: string, chargeId: string) => ({
  refused: [expect.objectContaining({ code, chargeId })],
});

test('P10 a charge that is paid is taken back: what was paid is credit, what was waived is not, and what waits is woken', async () => {
  const { id } = await charges.reader();
  const [income, waived] = [await charges.balance('income:other'), await charges.balance('waiver:other')];
  const chargeId = await charges.raise(id, 1000, 'other', 'ill:mistake');
  await charges.waive(chargeId, 300);
  await charges.pay(id, chargeId, 700);
  expect(await charges.takeBack(chargeId)).toMatchObject({ chargeId, patronId: id, creditedMinor: 700 });
  expect(await charges.charge(chargeId)).toEqual({ remaining: 0, disputed: false, dropped: true });
  expect(await charges.balance(`receivable:${id}`)).toBe(0);
  expect(await charges.balance(`prepaid:${id}`)).toBe(-700);
  expect(await charges.balance('income:other')).toBe(income);
  expect(await charges.balance('waiver:other')).toBe(waived);
  expect(bench.woken.filter((each) => each === 'ill:mistake')).toHaveLength(2);
  expect(await bench.audit(now)).toEqual([]);
});

test('P10 taken back once: again, and of two at once one, it is told that it was; the same request again answers the same', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id, 1000);
  await charges.pay(id, chargeId, 400);
  const both = await Promise.all([charges.takeBack(chargeId), charges.takeBack(chargeId)]);
  expect(both).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ creditedMinor: 400 }),
      refused('charge-dropped', chargeId),
    ]),
  );
  expect(await charges.takeBack(chargeId)).toEqual(refused('charge-dropped', chargeId));
  expect(await charges.balance(`prepaid:${id}`)).toBe(-400);

  const other = await charges.raise(id, 100);
  const operation = uuid();
  const first = await charges.takeBack(other, { operation });
  expect(await charges.takeBack(other, { operation })).toEqual(first);
  expect(await charges.balance(`prepaid:${id}`)).toBe(-400);
});

test('P7 P10 not while its reader disputes it, nor while a payment for it is under way, nor another library’s', async () => {
  const { id } = await charges.reader();
  const [disputed, paying] = [await charges.raise(id), await charges.raise(id)];
  await charges.dispute(id, disputed);
  const paymentId = uuid();
  await bench.rows(
    `insert into payment (id, library, patron_id, means, state, amount, currency, actor, begun_at)
     values (?, ?, ?, 'bank', 'open', 1000, 'EUR', 'system', ?)`,
    [paymentId, charges.library, id, new Date(now)],
  );
  await bench.rows(
    'insert into payment_line (payment_id, charge_id, position, amount, open) values (?, ?, 0, 1000, true)',
    [paymentId, paying],
  );
  expect(await charges.takeBack(disputed)).toEqual(refused('charge-disputed', disputed));
  expect(await charges.takeBack(paying)).toEqual(refused('charge-in-payment', paying));
  const given = {
    chargeId: disputed,
    library: 'demo',
    remarkId: await charges.remark(),
    actor: 'system',
  } as const;
  expect(await bench.activities.takeBackCharge({ ...charges.step(), ...given })).toEqual(
    refused('charge-unknown', disputed),
  );
  expect((await charges.charge(disputed))?.remaining).toBe(1000);
  await bench.rows('update payment_line set open = false where payment_id = ?', [paymentId]);
  await bench.rows(`update payment set state = 'cancelled', ended_at = begun_at where id = ?`, [paymentId]);
});

test('F3 P10 a usage fee that is paid is taken back with what it gave to main and sub card, unless the next has been raised', async () => {
  const given = { userGroup: 'main-card', paidUntil: '2026-12-20' };
  const [main, sub] = [await bench.build.patron(given), await bench.build.patron(given)];
  await families.link(sub.id, main.id);
  const until = () =>
    bench.rows('select paid_until::text as until from patron where id in (?, ?)', [main.id, sub.id]);
  const raised = async (at: number) => {
    await bench.activities.lookAtMembership({ patronId: main.id, now: at });
    const sql =
      'select id, remaining::int as left from charge where patron_id = ? and dropped_at is null order by raised_at desc';
    return (await bench.rows<{ id: string; left: number }>(sql, [main.id]))[0];
  };
  const first = await raised(now);
  await charges.pay(main.id, first?.id ?? '', first?.left ?? 0);
  expect(await until()).toEqual([{ until: '2027-12-20' }, { until: '2027-12-20' }]);
  expect(await charges.takeBack(first?.id ?? '')).toMatchObject({ creditedMinor: first?.left });
  expect(await until()).toEqual([{ until: '2026-12-20' }, { until: '2026-12-20' }]);
  expect(await bench.audit(now)).toEqual([]);

  const again = await raised(now + 60_000);
  // What was given back is used for it at once.
  expect(again).toMatchObject({ id: expect.not.stringContaining(first?.id ?? ''), left: 0 });
  await raised(Date.parse('2027-12-10T12:00:00Z'));
  expect(await charges.takeBack(again?.id ?? '')).toEqual(refused('payment-followed', again?.id ?? ''));
  expect(await until()).toEqual([{ until: '2027-12-20' }, { until: '2027-12-20' }]);
});
