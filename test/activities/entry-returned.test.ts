import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { account, type Bank, createBank } from '../support/bank.ts';
import { takeBackCharge } from '../../activities/charges/money.ts';
import { lockCharges, lockPatron } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import { contest, refusals } from '../races/race.ts';

const now = Date.UTC(2026, 5, 1, 10);

let bench: ActivityBench;
let bank: Bank;
beforeAll(async () => {
  bench = await startActivities({
    change: (policy) => {
      const matching = { ...policy.money.matching, returned: 'charge' as const };
      return { ...policy, money: { ...policy.money, matching } };
    },
  });
  bank = await createBank(bench, now);
});
afterAll(() => bench.stop());

const { library } = { library: 'demo' };

/** What the policy says of money that cannot be taken back: charged by itself, or offered to staff. */
const policyOf = (returned: 'charge' | 'ask') =>
  Object.assign(bench.policy.money.matching as { returned: string }, { returned });

/** A reader who paid into the balance by transfer and has used what came. */
async function used(amount: number) {
  policyOf('ask');
  const { id: patronId } = await bench.build.patron();
  const payment = await bank.payment(patronId, [], { prepaid: BigInt(amount) });
  const text = { remittance: `Library ${payment.reference}` };
  const entry = await bank.entry(amount, text);
  await bank.match();
  const spent = await bank.charge(patronId, amount);
  expect([await bank.remaining(spent), await bank.balance(`prepaid:${patronId}`)]).toEqual([0, 0]);
  return { patronId, payment, entry, text };
}

const anew = (patronId: string) =>
  bench.rows<{ id: string; amount: number; remaining: number }>(
    `select id, amount::float8, remaining::float8 from charge where patron_id = ? and cause = 'returned-payment'`,
    [patronId],
  );

const accept = async (entryId: string) => {
  const [suggestion] = await bank.suggestions(entryId);
  const step = { entryId, library, ...bank.step(), suggestionId: suggestion?.id ?? uuid() };
  return bench.perform((does) => does.acceptSuggestion(step));
};

test('P9 a transfer comes back after it was used: one click charges its payer, out of suspense and not as income; the bank’s fee is the bank’s', async () => {
  const { patronId, payment, entry, text } = await used(700);
  const fee = await bank.balance(`fee:${account}`);
  const back = await bank.entry(-1000, { ...text, kind: 'return' });
  await bank.match();
  expect([await bank.became(back), await bank.tasks(back), await anew(patronId)]).toEqual([
    { state: 'suspended', outcome: null },
    ['bank-entry'],
    [],
  ]);
  const [suggestion] = await bank.suggestions(back);
  expect([suggestion?.parts[0]?.to, suggestion?.reasons]).toEqual([
    'charge',
    expect.arrayContaining(['returned', 'reference', 'used-since']),
  ]);
  expect(await accept(back)).toMatchObject({ outcome: 'charged' });
  expect(await anew(patronId)).toMatchObject([{ amount: 700, remaining: 700 }]);
  expect([(await bank.became(back))?.state, (await bank.became(entry))?.state]).toEqual([
    'matched',
    'returned',
  ]);
  expect([
    await bank.balance(`suspense:${account}`),
    await bank.balance('income:returned-payment'),
    await bank.balance(`fee:${account}`),
    await bank.balance(`receivable:${patronId}`),
    await bank.balance(`prepaid:${patronId}`),
  ]).toEqual([0, 0, fee + 300, 700, 0]);
  expect(await bank.notices(payment.id)).toContain('payment-returned');
  expect(await bank.tasks(back)).toEqual([]);
});

test('P9 where the policy says so, its payer is charged without staff', async () => {
  const { patronId, text } = await used(650);
  policyOf('charge');
  const back = await bank.entry(-650, { ...text, kind: 'return' });
  await bank.match();
  expect(await bank.became(back)).toEqual({ state: 'matched', outcome: 'charged' });
  expect(await anew(patronId)).toMatchObject([{ remaining: 650 }]);
});

test('P9 what can be taken back is taken back, and not charged', async () => {
  policyOf('charge');
  const { id: patronId } = await bench.build.patron();
  const charge = await bank.charge(patronId, 333);
  const payment = await bank.payment(patronId, [charge]);
  const text = { remittance: `Library ${payment.reference}` };
  await bank.entry(333, text);
  await bank.match();
  await bank.entry(-333, { ...text, kind: 'return' });
  await bank.match();
  expect([await bank.remaining(charge), await anew(patronId)]).toEqual([333, []]);
});

test('P9 money that came back is charged once: nothing of it is undone, taken back or returned a second time', async () => {
  const { patronId, entry, text } = await used(450);
  const back = await bank.entry(-450, { ...text, kind: 'return' });
  await bank.match();
  await accept(back);
  const remarkId = uuid();
  await bench.rows(
    `insert into remark (id, library, author, text, created_at) values (?, 'demo', gen_random_uuid(), 'Because', now())`,
    [remarkId],
  );
  for (const entryId of [entry, back])
    expect(
      refusals(await bench.perform((does) => does.undoEntry({ entryId, library, remarkId, ...bank.step() }))),
    ).toEqual(['entry-not-undoable']);
  const again = await bank.entry(-450, { ...text, kind: 'return' });
  await bank.match();
  expect(await bank.suggestions(again)).toEqual([]);
  expect(await anew(patronId)).toMatchObject([{ amount: 450 }]);
});

test('P9 two entries tell of the same return at once: its payer is charged once, the other waits', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { patronId, text } = await used(520);
    const backs = [
      await bank.entry(-520, { ...text, kind: 'return' }),
      await bank.entry(-520, { ...text, kind: 'return' }),
    ];
    await bank.match();
    await contest(
      round,
      () => accept(backs[0] ?? ''),
      () => accept(backs[1] ?? ''),
    );
    const states = await Promise.all(backs.map(async (id) => (await bank.became(id))?.state));
    expect(states).toEqual(expect.arrayContaining(['matched', 'suspended']));
    expect(await anew(patronId)).toHaveLength(1);
  }
});

test('P9 what was offered as taking back is charged when the money was used before staff accepted it', async () => {
  policyOf('ask');
  const { id: patronId } = await bench.build.patron();
  const payment = await bank.payment(patronId, [], { prepaid: 480n });
  const text = { remittance: `Library ${payment.reference}` };
  await bank.entry(480, text);
  await bank.match();
  const back = await bank.entry(-480, { ...text, kind: 'booking' });
  await bank.match();
  expect((await bank.suggestions(back))[0]?.parts[0]?.to).toBe('reversal');
  await bank.charge(patronId, 480);
  expect(await accept(back)).toMatchObject({ outcome: 'charged' });
});

test('P5 P9 a transfer that was paid by its slip comes back: its payer is charged', async () => {
  policyOf('charge');
  const { id: patronId } = await bench.build.patron();
  const charge = await bank.charge(patronId, 910);
  const [paymentId, voucherId] = [uuid(), uuid()];
  const selected = { chargeIds: [charge], prepaidMinor: 0, totalMinor: 910 };
  const way = { means: 'bank', way: 'bank', library } as const;
  const step = () => ({ ...bank.step() });
  const { actor } = step();
  await bench.perform((does) => does.beginPayment({ paymentId, patronId, ...selected, ...way, actor, now }));
  await bench.perform((does) => does.giveVoucher({ paymentId, voucherId, givenAs: 'paper', ...step() }));
  const decision = { paymentId, decision: 'accept', seen: [voucherId] } as const;
  await bench.perform((does) => does.decideVouchers({ ...decision, ...step() }));
  const [row] = await bench.rows<{ reference: string }>('select reference from payment where id = ?', [
    paymentId,
  ]);
  const text = { remittance: `Library ${row?.reference}` };
  await bank.entry(910, text);
  const back = await bank.entry(-910, { ...text, kind: 'return' });
  await bank.match();
  expect((await bank.became(back))?.outcome).toBe('charged');
  expect(await anew(patronId)).toMatchObject([{ remaining: 910 }]);
});

const credit = async (patronId: string) => 0 - (await bank.balance(`prepaid:${patronId}`));

const told = (paymentId: string) =>
  bench.rows<{ amount: number; left: number }>(
    `select (content ->> 'amountMinor')::int as amount, (content ->> 'otherMinor')::int as left from notice
     where subject_id = ? and kind = 'payment-returned'`,
    [paymentId],
  );

test('P9 used in part: what is still in the balance leaves it, only the rest is charged; once, though the bank tells of it twice', async () => {
  policyOf('charge');
  const { id: patronId } = await bench.build.patron();
  const charge = await bank.charge(patronId, 610);
  const payment = await bank.payment(patronId, [charge], { prepaid: 400n });
  const text = { remittance: `Library ${payment.reference}` };
  const entry = await bank.entry(1010, text);
  await bank.match();
  await bank.charge(patronId, 300);
  expect([await bank.remaining(charge), await credit(patronId)]).toEqual([0, 100]);
  const back = await bank.entry(-1010, { ...text, kind: 'return' });
  await bank.match();
  expect(await bank.became(back)).toEqual({ state: 'matched', outcome: 'charged' });
  expect(await anew(patronId)).toMatchObject([{ amount: 910, remaining: 910 }]);
  expect(await credit(patronId)).toBe(0);
  expect(await told(payment.id)).toEqual([{ amount: 1010, left: 910 }]);
  await bank.entry(-1010, { ...text, kind: 'return' });
  await bank.match();
  expect([(await anew(patronId)).length, await credit(patronId)]).toEqual([1, 0]);
  expect((await bank.became(entry))?.state).toBe('returned');
});

test('P9 the fee it paid was dropped and is in the balance again: nothing is charged, the balance goes; once', async () => {
  policyOf('charge');
  const { id: patronId } = await bench.build.patron();
  const charge = await bank.charge(patronId, 530);
  const payment = await bank.payment(patronId, [charge]);
  const text = { remittance: `Library ${payment.reference}` };
  await bank.entry(530, text);
  await bank.match();
  await inTransaction(bench.orm, async (tx) => {
    await lockPatron(tx, patronId);
    const [paid] = await lockCharges(tx, [charge]);
    const mistake = { at: new Date(now), actor: 'system', reason: 'mistake' } as const;
    if (paid) await takeBackCharge(tx, paid, { operation: `drop:${charge}`, ...mistake });
  });
  expect(await credit(patronId)).toBe(530);
  for (const outcome of ['charged', null]) {
    const back = await bank.entry(-530, { ...text, kind: 'return' });
    await bank.match();
    expect((await bank.became(back))?.outcome).toBe(outcome);
  }
  expect([
    await anew(patronId),
    await credit(patronId),
    await bank.balance(`receivable:${patronId}`),
  ]).toEqual([[], 0, 0]);
});

test('P9 several fees and the balance: the fees are open again, and the reader is told of those alone', async () => {
  const { id: patronId } = await bench.build.patron();
  const charges = [await bank.charge(patronId, 210), await bank.charge(patronId, 330)];
  const payment = await bank.payment(patronId, charges, { prepaid: 70n });
  const text = { remittance: `Library ${payment.reference}` };
  await bank.entry(610, text);
  await bank.match();
  await bank.entry(-610, { ...text, kind: 'return' });
  await bank.match();
  expect([await bank.remaining(charges[0] ?? ''), await bank.remaining(charges[1] ?? '')]).toEqual([
    210, 330,
  ]);
  expect([await credit(patronId), await anew(patronId), await told(payment.id)]).toEqual([
    0,
    [],
    [{ amount: 610, left: 540 }],
  ]);
});

test('P9 what was to be sent back to its payer is not sent once the bank has taken all of it back', async () => {
  const { id: patronId } = await bench.build.patron();
  const charge = await bank.charge(patronId, 240);
  const payment = await bank.payment(patronId, [charge]);
  const text = { remittance: `Library ${payment.reference}` };
  const entry = await bank.entry(390, text);
  await bank.match();
  const remarkId = uuid();
  await bench.rows(
    `insert into remark (id, library, author, text, created_at) values (?, 'demo', gen_random_uuid(), 'Because', now())`,
    [remarkId],
  );
  const before = await bank.balance(`returns:${account}`);
  await bench.perform((does) => does.sendEntryBack({ entryId: entry, library, remarkId, ...bank.step() }));
  expect([await bank.balance(`returns:${account}`), await bank.tasks(entry)]).toEqual([
    before - 150,
    ['bank-return'],
  ]);
  await bank.entry(-390, { ...text, kind: 'return' });
  await bank.match();
  expect([await bank.remaining(charge), await credit(patronId), await anew(patronId)]).toEqual([240, 0, []]);
  expect([await bank.balance(`returns:${account}`), await bank.tasks(entry)]).toEqual([before, []]);
});

test('P9 one transfer for two readers comes back: what each had of it is open or owed again, and no part of it is taken for the bank’s fee', async () => {
  policyOf('charge');
  const readers = await Promise.all([bench.build.patron(), bench.build.patron()]);
  const [one, two] = readers.map(({ id }) => id) as [string, string];
  const charge = await bank.charge(one, 370);
  const payments = [await bank.payment(one, [charge]), await bank.payment(two, [], { prepaid: 260n })];
  const text = { endToEnd: `E2E-${uuid()}` };
  const entry = await bank.entry(630, text);
  await bank.match();
  const parts = payments.map(
    ({ id, amount }) => ({ to: 'payment', paymentId: id, amountMinor: Number(amount) }) as const,
  );
  await bench.perform((does) => does.assignEntry({ entryId: entry, library, parts, ...bank.step() }));
  await bank.charge(two, 100);
  const fee = await bank.balance(`fee:${account}`);
  const back = await bank.entry(-630, { ...text, kind: 'return' });
  await bank.match();
  expect(await bank.became(back)).toEqual({ state: 'matched', outcome: 'charged' });
  expect([await bank.remaining(charge), await anew(one)]).toEqual([370, []]);
  expect(await anew(two)).toMatchObject([{ amount: 100 }]);
  expect(await credit(two)).toBe(0);
  expect(await bank.balance(`fee:${account}`)).toBe(fee);
});

test('P9 where the policy wants staff to decide and one of two readers has used it, nothing is booked before', async () => {
  policyOf('ask');
  const readers = await Promise.all([bench.build.patron(), bench.build.patron()]);
  const [one, two] = readers.map(({ id }) => id) as [string, string];
  const charge = await bank.charge(one, 375);
  const payments = [await bank.payment(one, [charge]), await bank.payment(two, [], { prepaid: 265n })];
  const text = { endToEnd: `E2E-${uuid()}` };
  const entry = await bank.entry(640, text);
  await bank.match();
  const parts = payments.map(
    ({ id, amount }) => ({ to: 'payment', paymentId: id, amountMinor: Number(amount) }) as const,
  );
  await bench.perform((does) => does.assignEntry({ entryId: entry, library, parts, ...bank.step() }));
  await bank.charge(two, 265);
  const back = await bank.entry(-640, { ...text, kind: 'return' });
  await bank.match();
  expect([await bank.remaining(charge), await anew(two), (await bank.became(back))?.state]).toEqual([
    0,
    [],
    'suspended',
  ]);
  expect((await bank.suggestions(back))[0]?.parts.map(({ to }) => to).toSorted()).toEqual([
    'charge',
    'reversal',
  ]);
  expect(await accept(back)).toMatchObject({ outcome: 'charged' });
  expect(await anew(two)).toMatchObject([{ amount: 265 }]);
  expect(await bank.remaining(charge)).toBe(375);
});

test('P9 after all this no invariant is broken', async () => {
  expect(await bench.audit(now + 60_000)).toEqual([]);
});
