import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { account, type Bank, createBank } from '../support/bank.ts';
import { contest, refusals, rounds } from '../races/race.ts';

const now = Date.UTC(2026, 5, 1, 10);

let bench: ActivityBench;
let bank: Bank;
beforeAll(async () => {
  bench = await startActivities();
  bank = await createBank(bench, now);
});
afterAll(() => bench.stop());

const { library } = { library: 'demo' };
const deciding = (entryId: string) => ({ entryId, library, ...bank.step() });

async function remark(): Promise<string> {
  const id = uuid();
  await bench.rows(
    `insert into remark (id, library, author, text, created_at) values (?, 'demo', gen_random_uuid(), 'Because', now())`,
    [id],
  );
  return id;
}

const credit = async (patronId: string) => 0 - (await bank.balance(`prepaid:${patronId}`));

let serial = 0;
/** An amount that no other payment of the tests has. */
const amountOf = () => 10_000 + (serial += 7);

/** An entry that waits, and the reader whose payment it is suggested for. */
async function waiting(name = `Frieda Unikat${serial}`) {
  const amount = amountOf();
  const { id: patronId } = await bench.build.patron({ name });
  const charge = await bank.charge(patronId, amount);
  const payment = await bank.payment(patronId, [charge]);
  const entry = await bank.entry(amount, { payerName: `Otto Unikat${serial}` });
  await bank.match();
  const [suggestion] = await bank.suggestions(entry);
  return { amount, patronId, charge, payment, entry, suggestionId: suggestion?.id ?? '' };
}

const accept = (entryId: string, suggestionId: string) =>
  bench.perform((does) => does.acceptSuggestion({ ...deciding(entryId), suggestionId }));

test('P9 one click accepts a suggestion, once', async () => {
  const { entry, suggestionId, charge } = await waiting();
  const step = { ...deciding(entry), suggestionId };
  const first = await bench.perform((does) => does.acceptSuggestion(step));
  expect(first).toMatchObject({ entryId: entry, outcome: 'exact' });
  expect(await bench.perform((does) => does.acceptSuggestion(step))).toEqual(first);
  expect(refusals(await accept(entry, suggestionId))).toEqual(['entry-decided']);
  expect([await bank.remaining(charge), await bank.tasks(entry), await bank.suggestions(entry)]).toEqual([
    0,
    [],
    [],
  ]);
});

test('P9 staff share an entry out to payments and readers, in part first', async () => {
  const { amount, payment, entry } = await waiting();
  const { id: other } = await bench.build.patron();
  const part = (amountMinor: number) => [{ to: 'payment', paymentId: payment.id, amountMinor } as const];
  const assign = (parts: Parameters<typeof does>[0]) => does(parts);
  const does = (
    parts: readonly (
      | { to: 'payment'; paymentId: string; amountMinor: number }
      | { to: 'credit'; patronId: string; amountMinor: number }
    )[],
  ) => bench.perform((activities) => activities.assignEntry({ ...deciding(entry), parts }));
  expect(refusals(await assign(part(amount + 1)))).toEqual(['parts-exceed-entry']);
  expect(refusals(await assign([{ to: 'credit', patronId: uuid(), amountMinor: 1 }]))).toEqual([
    'patron-unknown',
  ]);
  expect(refusals(await assign(part(4000)))).toEqual([]);
  expect([(await bank.became(entry))?.state, await bank.tasks(entry)]).toEqual(['suspended', ['bank-entry']]);
  const before = bench.woken.length;
  expect(refusals(await assign([{ to: 'credit', patronId: other, amountMinor: amount - 4000 }]))).toEqual([]);
  expect(bench.woken.slice(before)).toContainEqual(expect.stringMatching(/^new payment:/));
  expect([await bank.became(entry), await credit(other)]).toEqual([
    { state: 'matched', outcome: 'credit' },
    amount - 4000,
  ]);
});

test('P9 money that waits is sent back: a task, closed when its transfer appears on the statement', async () => {
  const { amount, entry } = await waiting();
  const sent = await bench.perform(async (does) =>
    does.sendEntryBack({ ...deciding(entry), remarkId: await remark() }),
  );
  expect(sent).toMatchObject({ outcome: 'sent-back' });
  expect([await bank.became(entry), await bank.tasks(entry)]).toEqual([
    { state: 'returned', outcome: 'sent-back' },
    ['bank-return'],
  ]);
  expect(await bank.balance(`returns:${account}`)).toBe(-amount);
  const out = await bank.entry(-amount, { payerName: `Otto Unikat${serial}` });
  await bank.match();
  expect([await bank.became(out), await bank.tasks(entry)]).toEqual([
    { state: 'matched', outcome: 'sent-back' },
    [],
  ]);
  expect(await bank.balance(`returns:${account}`)).toBe(0);
});

test('P9 what came twice can be sent back from the reader’s credit, as far as it is still there', async () => {
  const { patronId, payment, amount, entry, suggestionId } = await waiting();
  await accept(entry, suggestionId);
  const second = await bank.entry(amount, { remittance: payment.reference ?? '' });
  await bank.match();
  expect(await credit(patronId)).toBe(amount);
  const back = async (amountMinor?: number) => {
    const given = {
      ...deciding(second),
      remarkId: await remark(),
      ...(amountMinor !== undefined && { amountMinor }),
    };
    return bench.perform((does) => does.sendEntryBack(given));
  };
  expect(refusals(await back(amount + 1))).toEqual(['return-exceeds-entry']);
  expect(refusals(await back())).toEqual([]);
  expect([await credit(patronId), await bank.tasks(second)]).toEqual([0, ['bank-return']]);
  expect(refusals(await back())).toEqual(['return-waiting']);
});

test('P9 an entry that is no reader’s money is ignored with a reason, and undone again', async () => {
  const { amount, entry } = await waiting();
  const remarkId = await remark();
  await bench.perform((does) => does.ignoreEntry({ ...deciding(entry), remarkId }));
  expect([await bank.became(entry), await bank.balance(`other:${account}`)]).toEqual([
    { state: 'ignored', outcome: 'ignored' },
    -amount,
  ]);
  await bench.perform((does) => does.undoEntry({ ...deciding(entry), remarkId }));
  expect([await bank.became(entry), await bank.balance(`other:${account}`), await bank.tasks(entry)]).toEqual(
    [{ state: 'suspended', outcome: null }, 0, ['bank-entry']],
  );
});

test('P9 a match is undone by a reversal: the charge is open again, and nothing decides by itself from now on', async () => {
  const { charge, payment, entry, suggestionId, amount } = await waiting();
  const suspended = await bank.balance(`suspense:${account}`);
  await accept(entry, suggestionId);
  const remarkId = await remark();
  const undone = await bench.perform((does) => does.undoEntry({ ...deciding(entry), remarkId }));
  expect(undone).toMatchObject({ outcome: 'undone' });
  expect([await bank.remaining(charge), await bank.balance(`suspense:${account}`)]).toEqual([
    amount,
    suspended,
  ]);
  await bank.match(true);
  expect((await bank.became(entry))?.state).toBe('suspended');
  expect(refusals(await bench.perform((does) => does.undoEntry({ ...deciding(entry), remarkId })))).toEqual([
    'entry-waiting',
  ]);
  expect((await bank.suggestions(entry))[0]?.parts[0]).toMatchObject({ paymentId: payment.id });
});

test('P9 a return that a later entry tells of cannot be undone', async () => {
  const { payment, amount, entry, suggestionId } = await waiting();
  await accept(entry, suggestionId);
  await bank.entry(-amount, { remittance: payment.reference ?? '', kind: 'return' });
  await bank.match();
  const remarkId = await remark();
  const undone = await bench.perform((does) => does.undoEntry({ ...deciding(entry), remarkId }));
  expect(refusals(undone)).toEqual(['entry-not-undoable']);
});

test('P9 two cashiers accept different suggestions at once: one is booked, the other is told', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { entry, suggestionId, amount } = await waiting();
    const { id: other } = await bench.build.patron();
    const answers = await contest(
      round,
      () => accept(entry, suggestionId),
      () =>
        bench.perform((does) =>
          does.assignEntry({
            ...deciding(entry),
            parts: [{ to: 'credit', patronId: other, amountMinor: amount }],
          }),
        ),
    );
    const refused = answers.flatMap(refusals);
    expect(refused).toEqual(['entry-decided']);
  }
});

test('P9 a cashier accepts while a late match books the same entry: once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { entry, suggestionId, amount, charge } = await waiting();
    await bench.rows(
      `update bank_entry set payer_name = (select name from patron where name like 'Frieda Unikat%' order by created_at desc limit 1) where id = ?`,
      [entry],
    );
    const [accepted] = await contest(
      round,
      () => accept(entry, suggestionId),
      () => bank.match(true),
    );
    expect(['', 'entry-decided', 'suggestion-outdated']).toContain(refusals(accepted).join());
    expect([await bank.remaining(charge), (await bank.became(entry))?.state]).toEqual([0, 'matched']);
    const [row] = await bench.rows<{ paid: number }>(
      `select sum(amount)::float8 as paid from journal join posting on journal_id = journal.id where entry_id = ? and account like 'receivable:%'`,
      [entry],
    );
    expect(row?.paid).toBe(-amount);
  }
});

test('P9 two workers match the same page: each entry is booked once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { id: patronId } = await bench.build.patron();
    const payments = [];
    for (let n = 0; n < 3; n += 1)
      payments.push(await bank.payment(patronId, [await bank.charge(patronId, 300)]));
    const entries = await Promise.all(
      payments.map(({ reference }) => bank.entry(300, { remittance: reference ?? '' })),
    );
    const [one, other] = await contest(
      round,
      () => bank.match(),
      () => bank.match(),
    );
    expect(one.matched + other.matched).toBe(3);
    expect(await credit(patronId)).toBe(0);
    for (const entry of entries) expect((await bank.became(entry))?.outcome).toBe('exact');
  }
});

test('P9 after all this the bank’s account is what the statement says, and no invariant is broken', async () => {
  const [row] = await bench.rows<{ sum: number }>('select sum(amount)::float8 as sum from bank_entry');
  expect(await bank.balance(`bank:${account}`)).toBe(row?.sum);
  expect(await bench.audit(now + 60_000)).toEqual([]);
});
