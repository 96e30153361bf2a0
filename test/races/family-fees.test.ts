import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createFamilies, desk, type Families } from '../support/family.ts';
import { fee } from './family-model.ts';
import { withFee } from './family-model-rows.ts';
import { contest, refusals, rounds } from './race.ts';

/** The fee is due on 2 June and lasts for thirty days; today is its eve. */
const now = Date.UTC(2026, 5, 1, 10);
const [paidOut, paidAnew, longPaid] = ['2026-06-01', '2026-07-01', '2026-12-31'];

let bench: ActivityBench;
let families: Families;
beforeAll(async () => {
  bench = await startActivities({ change: withFee });
  families = createFamilies(bench, now);
});
afterAll(() => bench.stop());

const step = () => ({ operation: `command:${uuid()}`, now, actor: desk }) as const;
const card = (paidUntil: string) => bench.build.patron({ paidUntil });
const clock = (patronId: string) => bench.perform((does) => does.lookAtMembership({ patronId, now }));

async function openFee(patronId: string): Promise<string | undefined> {
  const [open] = await bench.rows<{ id: string }>(
    `select id from charge where patron_id = ? and cause = 'membership' and remaining > 0`,
    [patronId],
  );
  return open?.id;
}

/** Raises the fee of a card, and answers how to pay it. */
async function raised(patronId: string, amountMinor: number = fee.amountMinor) {
  await clock(patronId);
  const lines = [{ chargeId: (await openFee(patronId)) ?? '', amountMinor }];
  const payment = { patronId, lines, means: 'cash', branch: 'main' } as const;
  return (paymentId = uuid()) =>
    bench.perform((does) => does.takePayment({ ...payment, paymentId, ...step() }));
}

const paidUntil = async (id: string) => (await families.card(id)).paidUntil;

async function credit(patronId: string): Promise<number> {
  const [row] = await bench.rows<{ credit: number }>(
    'select coalesce(-sum(amount), 0)::int as credit from posting where account = ?',
    [`prepaid:${patronId}`],
  );
  return row?.credit ?? 0;
}

test('F3 F8 a sub card unlinked while the fee is paid: extended before it leaves, or not at all', async () => {
  const seen = new Set<string | null | undefined>();
  for (let round = 0; round < rounds; round += 1) {
    const { main, subs } = await families.family(2, { paidUntil: paidOut }, { paidUntil: paidOut });
    const [leaving, staying] = subs.map(({ id }) => id) as [string, string];
    const pay = await raised(main.id);
    const answers = await contest(
      round,
      () => pay(),
      () => families.unlink(leaving),
    );
    expect(answers.flatMap(refusals)).toEqual([]);
    expect([await paidUntil(main.id), await paidUntil(staying)]).toEqual([paidAnew, paidAnew]);
    const story = (await families.story(leaving)).join();
    expect(await paidUntil(leaving)).toBe(story.includes('membership-extended') ? paidAnew : paidOut);
    expect(story.endsWith('family-unlinked')).toBe(true);
    seen.add(await paidUntil(leaving));
  }
  expect(seen.size).toBe(2);
});

test('F3 F5 a card linked while the main card’s fee is paid is paid with it, whichever was first', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const [main, sub] = [await card(paidOut), await card(paidOut)];
    const pay = await raised(main.id);
    const answers = await contest(
      round,
      () => pay(),
      () => families.link(sub.id, main.id),
    );
    expect(answers.flatMap(refusals)).toEqual([]);
    expect([await paidUntil(main.id), await paidUntil(sub.id)]).toEqual([paidAnew, paidAnew]);
  }
});

test('F5 a card linked while its own fee is paid: the fee is dropped, or what it bought stays', async () => {
  const seen = new Set<boolean>();
  for (let round = 0; round < rounds; round += 1) {
    const [main, sub] = [await card(paidOut), await card(paidOut)];
    const pay = await raised(sub.id);
    const [paid, linked] = await contest(
      round,
      () => pay(),
      () => families.link(sub.id, main.id),
    );
    expect(refusals(linked)).toEqual([]);
    const inTime = refusals(paid).length === 0;
    expect(refusals(paid)).toEqual(inTime ? [] : ['charge-settled']);
    expect(await paidUntil(sub.id)).toBe(inTime ? paidAnew : paidOut);
    expect([await openFee(sub.id), await credit(sub.id)]).toEqual([undefined, 0]);
    seen.add(inTime);
  }
  expect(seen.size).toBe(2);
});

test('F2 F5 a card linked on the eve of its expiry, while the clock raises its fee: it has none', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const [main, sub] = [await card(longPaid), await card(paidOut)];
    const answers = await contest(
      round,
      () => clock(sub.id),
      () => families.link(sub.id, main.id),
    );
    expect(answers.flatMap(refusals)).toEqual([]);
    expect([await openFee(sub.id), await paidUntil(sub.id)]).toEqual([undefined, longPaid]);
    await clock(sub.id);
    expect(await openFee(sub.id)).toBeUndefined();
  }
});

test('F5 what was paid in part of a fee that is dropped becomes the reader’s credit', async () => {
  const [main, sub] = [await card(longPaid), await card(paidOut)];
  const pay = await raised(sub.id, fee.amountMinor / 4);
  expect(refusals(await pay())).toEqual([]);
  await families.link(sub.id, main.id);
  expect([await openFee(sub.id), await credit(sub.id)]).toEqual([undefined, fee.amountMinor / 4]);
});

test('F8 a card unlinked pays its own fee again once what is paid runs out', async () => {
  const { subs } = await families.family(1, { paidUntil: paidOut }, { paidUntil: paidOut });
  const sub = subs[0]?.id ?? '';
  await clock(sub);
  expect(await openFee(sub)).toBeUndefined();
  await families.unlink(sub);
  expect(bench.woken.slice(-1)).toEqual([`new membership:${sub}`]);
  await clock(sub);
  expect(await openFee(sub)).toBeDefined();
});

test('F3 F5 a payment taken back takes nothing from a sub card that belongs to another family by now', async () => {
  const { main, subs } = await families.family(1, { paidUntil: paidOut }, { paidUntil: paidOut });
  const sub = subs[0]?.id ?? '';
  const paymentId = uuid();
  const pay = await raised(main.id);
  const paid = await pay(paymentId);
  expect(refusals(paid)).toEqual([]);
  const other = await card(paidAnew);
  await families.unlink(sub);
  await families.link(sub, other.id);
  const remark = await bench.rows<{ id: string }>(
    `insert into remark (id, library, author, text, created_at) values (gen_random_uuid(), 'demo', gen_random_uuid(), 'Wrong card', now()) returning id`,
  );
  const back = { paymentId, library: 'demo', remarkId: remark[0]?.id ?? '', ...step() };
  expect(refusals(await bench.perform((does) => does.reversePayment(back)))).toEqual([]);
  expect([await paidUntil(main.id), await paidUntil(sub)]).toEqual([paidOut, paidAnew]);
});

test('F3 after all these races no invariant is broken and no step met a deadlock', async () => {
  expect(await bench.audit(now + 60_000)).toEqual([]);
  expect([...bench.retries.keys()].filter((why) => !why.startsWith('MovedOn'))).toEqual([]);
});
