import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createFamilies, desk, type Families } from '../support/family.ts';

/** Whose "paid until" a payment gave, when it is taken back. */
let bench: ActivityBench;
let families: Families;
const now = Date.parse('2026-12-10T12:00:00Z');
const library = 'bibliotheca';

beforeAll(async () => {
  bench = await startActivities({ library });
  families = createFamilies(bench, now);
});

afterAll(() => bench?.stop());

const step = () => ({ operation: uuid(), now, actor: desk }) as const;
const card = () => bench.build.patron({ userGroup: 'main-card', paidUntil: '2026-12-31' });
const paidUntil = async (id: string) => (await families.card(id)).paidUntil;

async function pay(patronId: string) {
  await bench.activities.lookAtMembership({ patronId, now });
  const [charge] = await bench.rows<{ id: string }>('select id from charge where patron_id = ?', [patronId]);
  const lines = [{ chargeId: charge?.id ?? '', amountMinor: 2400 }];
  const paymentId = uuid();
  const wish = { paymentId, patronId, lines, means: 'cash', branch: 'zentrale', ...step() } as const;
  expect(await bench.activities.takePayment(wish)).toMatchObject({ paidUntil: '2027-12-31' });
  return paymentId;
}

async function takeBack(paymentId: string) {
  const remarkId = uuid();
  const remark = [remarkId, library, uuid(), 'Wrong reader', new Date(now)];
  await bench.rows(
    'insert into remark (id, library, author, text, created_at) values (?, ?, ?, ?, ?)',
    remark,
  );
  return bench.activities.reversePayment({ paymentId, library, remarkId, ...step() });
}

test('F3 F5 a card keeps what another payment gave it, its own or a former main card’s, until the very same day', async () => {
  const [main, single, former, moved] = [await card(), await card(), await card(), await card()];
  await families.link(moved.id, former.id);
  await pay(single.id);
  await pay(former.id);
  await families.unlink(moved.id);
  for (const { id } of [single, moved]) await families.link(id, main.id);
  const payment = await pay(main.id);
  expect(await takeBack(payment)).toMatchObject({ patronId: main.id, paidUntil: '2026-12-31' });
  expect(await Promise.all([main, single, moved].map(({ id }) => paidUntil(id)))).toEqual([
    '2026-12-31',
    '2027-12-31',
    '2027-12-31',
  ]);
});

test('F5 the audit finds every card paid for what covers it', async () => {
  const broken = await bench.audit(now);
  expect(broken.filter(({ name }) => name !== 'notice-not-forgotten')).toEqual([]);
});
