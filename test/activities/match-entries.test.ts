import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { showReference } from '../../domain/payment-reference.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { account, type Bank, createBank } from '../support/bank.ts';

const now = Date.UTC(2026, 5, 1, 10);

let bench: ActivityBench;
let bank: Bank;
beforeAll(async () => {
  bench = await startActivities();
  bank = await createBank(bench, now);
});
afterAll(() => bench.stop());

const text = (reference: string | null | undefined) => ({
  remittance: `Library ${showReference(reference ?? '')}`,
});

/** A reader who owes, and the payment by transfer for it. */
async function owing(...amounts: number[]) {
  const { id: patronId } = await bench.build.patron();
  const charges: string[] = [];
  for (const amount of amounts) charges.push(await bank.charge(patronId, amount));
  const payment = await bank.payment(patronId, charges);
  return { patronId, charges, payment, credit: async () => 0 - (await bank.balance(`prepaid:${patronId}`)) };
}

test('P9 exact: a transfer with the reference settles the payment, and wakes who waits', async () => {
  const { id: patronId } = await bench.build.patron();
  const charge = await bank.charge(patronId, 1500, 'ill:test');
  const payment = await bank.payment(patronId, [charge]);
  const entry = await bank.entry(1500, text(payment.reference));
  const before = await bank.balance(`bank:${account}`);
  expect(await bank.match()).toEqual({ matched: 1, suspended: 0 });
  expect(await bank.became(entry)).toEqual({ state: 'matched', outcome: 'exact' });
  expect([await bank.remaining(charge), await bank.balance(`prepaid:${patronId}`)]).toEqual([0, 0]);
  expect([await bank.balance(`bank:${account}`), await bank.balance(`suspense:${account}`)]).toEqual([
    before + 1500,
    0,
  ]);
  expect(await bank.notices(payment.id)).toEqual(['payment-received']);
  expect(bench.woken).toEqual(expect.arrayContaining(['ill:test', `payment:${payment.id}`]));
  expect(await bank.match()).toEqual({ matched: 0, suspended: 0 });
});

test('P9 a process that has waited for long is woken as far as it is in the engine’s list', async () => {
  const { id: patronId } = await bench.build.patron();
  const begunAt = new Date(now - 60_000);
  const payment = await bank.payment(patronId, [await bank.charge(patronId, 1100)], { begunAt });
  await bank.entry(1100, text(payment.reference));
  await bank.match();
  expect(bench.woken.filter((id) => id.includes(payment.id))).toEqual([`listed payment:${payment.id}`]);
});

test('P9 over-payment: the rest is the reader’s credit', async () => {
  const { charges, payment, credit } = await owing(1000);
  const entry = await bank.entry(1200, text(payment.reference));
  await bank.match();
  expect(await bank.became(entry)).toEqual({ state: 'matched', outcome: 'over' });
  expect([await bank.remaining(charges[0] ?? ''), await credit()]).toEqual([0, 200]);
});

test('P9 under-payment settles what it can, and the reader is told what is left', async () => {
  const { charges, payment, credit } = await owing(600, 400);
  const entry = await bank.entry(700, text(payment.reference));
  await bank.match();
  expect(await bank.became(entry)).toEqual({ state: 'matched', outcome: 'short' });
  expect([
    await bank.remaining(charges[0] ?? ''),
    await bank.remaining(charges[1] ?? ''),
    await credit(),
  ]).toEqual([0, 300, 0]);
  expect((await bank.notices(payment.id)).toSorted()).toEqual(['payment-received', 'payment-short']);
});

test('P9 double payment: the second transfer becomes credit, and the reader is told', async () => {
  const { charges, payment, credit } = await owing(800);
  const [first, second] = [
    await bank.entry(800, text(payment.reference)),
    await bank.entry(800, text(payment.reference)),
  ];
  await bank.match();
  expect([(await bank.became(first))?.outcome, (await bank.became(second))?.outcome]).toEqual([
    'exact',
    'double',
  ]);
  expect([await bank.remaining(charges[0] ?? ''), await credit()]).toEqual([0, 800]);
  expect(await bank.notices(payment.id)).toContain('payment-double');
});

test('P9 a payment paid at the desk meanwhile: the transfer becomes credit, whose payment had expired', async () => {
  const { patronId, charges, payment, credit } = await owing(500);
  const [chargeId = ''] = charges;
  await bench.rows(`update payment set state = 'expired', ended_at = now() where id = ?`, [payment.id]);
  await bench.rows(`update payment_line set open = false where payment_id = ?`, [payment.id]);
  const desk = { lines: [{ chargeId, amountMinor: 500 }], means: 'cash', branch: 'main', patronId } as const;
  const paid = await bench.perform((does) =>
    does.takePayment({ ...desk, paymentId: uuid(), ...bank.step() }),
  );
  expect(paid).not.toHaveProperty('refused');
  const entry = await bank.entry(500, text(payment.reference));
  await bank.match();
  expect([(await bank.became(entry))?.outcome, await credit()]).toEqual(['double', 500]);
  expect(bench.woken).toContain(`new payment:${payment.id}`);
});

test('P9 a payment that was cancelled or has expired meanwhile is settled by money that comes late', async () => {
  for (const state of ['cancelled', 'expired']) {
    const { charges, payment } = await owing(500);
    await bench.rows(`update payment set state = ?, ended_at = now() where id = ?`, [state, payment.id]);
    await bench.rows(`update payment_line set open = false where payment_id = ?`, [payment.id]);
    const entry = await bank.entry(500, text(payment.reference));
    await bank.match();
    expect([(await bank.became(entry))?.outcome, await bank.remaining(charges[0] ?? '')]).toEqual([
      'exact',
      0,
    ]);
    expect(bench.woken).toContain(`new payment:${payment.id}`);
  }
});

test('P9 a transfer kept short by banks settles the payment in full; what they kept is the bank’s fee', async () => {
  const { charges, payment, credit } = await owing(3000);
  const before = await bank.balance(`fee:${account}`);
  const entry = await bank.entry(2850, { ...text(payment.reference), charges: 150n });
  await bank.match();
  expect((await bank.became(entry))?.outcome).toBe('fees-kept');
  expect([
    await bank.remaining(charges[0] ?? ''),
    await credit(),
    await bank.balance(`fee:${account}`),
  ]).toEqual([0, 0, before + 150]);
  expect(await bank.notices(payment.id)).toEqual(['payment-received']);
});

test('P9 one transfer for several readers, with their references, is split', async () => {
  const [one, other] = [await owing(700), await owing(200, 100)];
  const remittance = `${one.payment.reference} und ${other.payment.reference}`;
  const entry = await bank.entry(1000, { remittance, payerName: 'A parent' });
  await bank.match();
  expect(await bank.became(entry)).toEqual({ state: 'matched', outcome: 'split' });
  for (const id of [...one.charges, ...other.charges]) expect(await bank.remaining(id)).toBe(0);
});

test('P9 one transfer for several references that does not come to their sum waits, with the split it may be', async () => {
  const [one, other] = [await owing(700), await owing(300)];
  const remittance = `${one.payment.reference} / ${other.payment.reference}`;
  const entry = await bank.entry(900, { remittance });
  expect(await bank.match()).toEqual({ matched: 0, suspended: 1 });
  expect([await bank.became(entry), await bank.tasks(entry)]).toEqual([
    { state: 'suspended', outcome: null },
    ['bank-entry'],
  ]);
  const [suggestion] = await bank.suggestions(entry);
  expect(suggestion?.parts.map(({ amountMinor }) => amountMinor)).toEqual([700, 200]);
});

test('P9 without a reference: amount, payer and time leave one payment', async () => {
  const { id: patronId } = await bench.build.patron({ name: 'Jörg Müller-Lüdenscheidt' });
  const payment = await bank.payment(patronId, [await bank.charge(patronId, 4321)]);
  const entry = await bank.entry(4321, {
    payerName: 'MUELLER-LUEDENSCHEIDT JOERG',
    remittance: 'Bibliothek',
  });
  await bank.match();
  expect((await bank.became(entry))?.outcome).toBe('exact');
  expect(await bank.notices(payment.id)).toEqual(['payment-received']);
});

test('P9 without a reference: two readers of one name, or a parent, are suggested and not guessed', async () => {
  const twins = [await bench.build.patron({ name: '张伟' }), await bench.build.patron({ name: '張 偉' })];
  for (const { id } of twins) await bank.payment(id, [await bank.charge(id, 5432)]);
  const entry = await bank.entry(5432, { payerName: '张伟 先生' });
  const child = await bench.build.patron({ name: 'Lena Kowalczyk' });
  const childs = await bank.payment(child.id, [await bank.charge(child.id, 6543)]);
  const parents = await bank.entry(6543, { payerName: 'Karol Kowalczyk' });
  await bank.match();
  expect((await bank.became(entry))?.state).toBe('suspended');
  const offered = (await bank.suggestions(entry)).filter(({ reasons }) => reasons.includes('amount'));
  expect(offered.map(({ reasons }) => reasons)).toEqual([0, 1].map(() => ['amount', 'name', 'date']));
  const [best] = await bank.suggestions(parents);
  expect(best?.reasons).toEqual(['amount', 'name-of-family', 'date']);
  expect(best?.parts).toEqual([{ to: 'payment', paymentId: childs.id, amountMinor: 6543 }]);
});

test('P9 unknown money waits in suspense with a task, and is booked when its payment turns up', async () => {
  const before = await bank.balance(`suspense:${account}`);
  const { id: patronId } = await bench.build.patron({ name: 'Somebody Rarely Seen' });
  const entry = await bank.entry(7654, { payerName: 'Somebody Rarely Seen' });
  await bank.match();
  expect([(await bank.became(entry))?.state, await bank.tasks(entry)]).toEqual(['suspended', ['bank-entry']]);
  expect(await bank.balance(`suspense:${account}`)).toBe(before - 7654);
  expect((await bank.suggestions(entry))[0]?.parts).toEqual([{ to: 'credit', patronId, amountMinor: 7654 }]);
  await bank.payment(patronId, [await bank.charge(patronId, 7654)]);
  await bank.match(true);
  expect([(await bank.became(entry))?.outcome, await bank.tasks(entry)]).toEqual(['exact', []]);
  expect(await bank.balance(`suspense:${account}`)).toBe(before);
});

test('P9 a returned transfer: the booking is taken back, the charge is open again, the bank’s fee is booked', async () => {
  const { charges, payment } = await owing(900);
  const entry = await bank.entry(900, { ...text(payment.reference), endToEnd: 'E2E-1' });
  await bank.match();
  const fee = await bank.balance(`fee:${account}`);
  const back = await bank.entry(-1200, { ...text(payment.reference), kind: 'return', returnReason: 'AM04' });
  await bank.match();
  expect([await bank.became(back), (await bank.became(entry))?.state]).toEqual([
    { state: 'matched', outcome: 'returned' },
    'returned',
  ]);
  expect([await bank.remaining(charges[0] ?? ''), await bank.balance(`fee:${account}`)]).toEqual([
    900,
    fee + 300,
  ]);
  expect(await bank.notices(payment.id)).toContain('payment-returned');
});

test('P9 a gateway’s payout is known by its id and amount, and booked against the gateway', async () => {
  const file = uuid();
  await bench.rows(
    `insert into settlement_file (id, library, provider, hash, content, received_at, received_by) values (?, 'demo', 'online', 'h', '', now(), 'system')`,
    [file],
  );
  await bench.rows(
    `insert into settlement_line (id, library, provider, key, file_id, kind, payout, gross, fee, net, currency, occurred_at)
     values (gen_random_uuid(), 'demo', 'online', 'k1', ?, 'payout', 'po_77x', -4200, 0, -4200, 'EUR', now())`,
    [file],
  );
  const entry = await bank.entry(4200, { payerName: 'Payments Ltd', remittance: 'PO_77X payout' });
  const other = await bank.entry(4201, { payerName: 'Payments Ltd', remittance: 'PO_77X payout' });
  await bank.match();
  expect([(await bank.became(entry))?.outcome, (await bank.became(other))?.state]).toEqual([
    'rule',
    'suspended',
  ]);
  expect(await bank.balance('gateway:online')).toBe(-4200);
});

test('P9 an entry in another currency than its payment waits for staff', async () => {
  const { payment } = await owing(900);
  const entry = await bank.entry(900, { ...text(payment.reference), currency: 'USD' });
  await bank.match();
  expect(await bank.became(entry)).toEqual({ state: 'suspended', outcome: null });
});

test('P9 A12 money for a payment whose reader was erased is nobody’s credit: it waits, and is sent back', async () => {
  const { id: patronId } = await bench.build.patron();
  const payment = await bank.payment(patronId, [], {
    prepaid: 700n,
    amount: 700n,
    state: 'expired',
    endedAt: new Date(now),
  });
  const erased = await bench.activities.erasePatron({ patronId, erasureId: uuid(), ...bank.step() });
  expect(erased).toHaveProperty('erasureId');
  const [named, plain] = [await bank.entry(700, text(payment.reference)), await bank.entry(700)];
  expect(await bank.match()).toEqual({ matched: 0, suspended: 2 });
  expect(await bank.balance(`prepaid:${patronId}`)).toBe(0);
  for (const entryId of [named, plain]) {
    expect(await bank.became(entryId)).toMatchObject({ state: 'suspended' });
    const given = { ...bank.step(), entryId, library: bank.library };
    const parts = [{ to: 'payment', paymentId: payment.id, amountMinor: 700 }] as const;
    expect(await bench.activities.assignEntry({ ...given, parts })).toEqual({
      refused: [{ code: 'payment-unknown', paymentId: payment.id }],
    });
    const remarkId = uuid();
    await bench.rows(
      `insert into remark (id, library, author, text, created_at) values (?, 'demo', gen_random_uuid(), 'Erased', now())`,
      [remarkId],
    );
    const sent = { ...given, operation: `command:${uuid()}`, remarkId };
    expect(await bench.activities.sendEntryBack(sent)).toMatchObject({ outcome: 'sent-back' });
  }
});

test('P9 every entry is booked into its bank account, to the cent', async () => {
  const [row] = await bench.rows<{ sum: number }>('select sum(amount)::float8 as sum from bank_entry');
  expect(await bank.balance(`bank:${account}`)).toBe(row?.sum);
  expect(await bench.rows('select id from bank_entry where journal_id is null')).toEqual([]);
});

test('P9 hundreds at once, each payment nine times: each entry is booked once, and what was paid too much is credit', async () => {
  const payers = 40;
  const copies = 9;
  const made = await Promise.all(Array.from({ length: payers }, () => owing(500)));
  const references = made.flatMap(({ payment }) => Array.from({ length: copies }, () => payment.reference));
  const balances = () => Promise.all([bank.balance(`bank:${account}`), bank.balance(`suspense:${account}`)]);
  const [before, waiting] = await balances();
  await Promise.all(references.map((reference) => bank.entry(500, text(reference))));
  const matched = await Promise.all([bank.match(), bank.match()]);
  expect(matched.reduce((sum, each) => sum + each.matched, 0)).toBe(payers * copies);
  expect(await balances()).toEqual([before + payers * copies * 500, waiting]);
  for (const { charges, credit } of made) {
    expect(await bank.remaining(charges[0] ?? '')).toBe(0);
    expect(await credit()).toBe((copies - 1) * 500);
  }
}, 120_000);
