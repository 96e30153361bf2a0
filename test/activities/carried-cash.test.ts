import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { onItsWay } from '../../db/migrations/Migration20270105000000_carried_cash.ts';
import { carriedCash } from '../../db/queries/carried-cash.ts';
import { isRefused } from '../../domain/refusal.ts';
import { reconcileDay } from '../../activities/reconciliation/reconcile-day.ts';
import { contest, refusals, rounds } from '../races/race.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Bank, createBank } from '../support/bank.ts';
import { createCharges } from '../support/charges.ts';

const now = Date.UTC(2026, 5, 3, 10);
const day = 86_400_000;
const actor = 'staff:00000000-0000-7000-8000-000000000001';

let bench: ActivityBench;
let bank: Bank;
let remark: () => Promise<string>;
beforeAll(async () => {
  bench = await startActivities({
    change: (policy) => ({
      ...policy,
      money: {
        ...policy.money,
        matching: {
          ...policy.money.matching,
          rules: [{ code: 'cash', direction: 'in', text: 'cash deposit', book: 'transit:north' }],
        },
      },
    }),
  });
  bank = await createBank(bench, now);
  ({ remark } = createCharges(bench, now));
  for (const branch of ['main', 'north']) tills.set(branch, await openTill(branch));
});
afterAll(() => bench.stop());

const library = 'demo';

/** Opens a branch's till with enough in it. */
async function openTill(branch: string): Promise<string> {
  const sessionId = uuid();
  const opened = await bench.perform((does) =>
    does.openDrawer({ ...bank.step(), sessionId, library, branch, countMinor: 10_000_000, actor }),
  );
  if (isRefused(opened)) throw new Error(JSON.stringify(opened));
  return sessionId;
}

const tills = new Map<string, string>();

/** Carries cash to the bank, or fetches it; answers the id of what is on its way. */
async function carry(amountMinor: number, { direction = 'out', branch = 'main', daysAgo = 1 } = {}) {
  const sessionId = tills.get(branch) ?? '';
  const given = {
    ...bank.step(),
    now: now - daysAgo * day,
    movementId: uuid(),
    sessionId,
    library,
    direction: direction as 'in' | 'out',
    place: 'bank' as const,
    amountMinor,
    remarkId: await remark(),
    actor,
  } as const;
  const moved = await bench.perform((does) => does.moveCash(given));
  if (isRefused(moved)) throw new Error(JSON.stringify(moved));
  const [row] = await bench.rows<{ id: string }>('select id from journal where operation = ?', [
    `drawer-movement:${given.movementId}`,
  ]);
  return row?.id ?? '';
}

/** Which entry shows it. */
async function shownBy(carriedId: string): Promise<string | null | undefined> {
  const all = await carriedCash(bench.orm, { library, waiting: false, limit: 500 });
  return all.find(({ id }) => id === carriedId)?.entryId;
}

const deciding = (entryId: string) => ({ entryId, library, ...bank.step() });
const accept = (entryId: string, suggestionId = '') =>
  bench.perform((does) => does.acceptSuggestion({ ...deciding(entryId), suggestionId }));
const assign = (entryId: string, carriedIds: readonly string[], amountMinor: number) =>
  bench.perform((does) =>
    does.assignEntry({ ...deciding(entryId), parts: [{ to: 'cash', carriedIds, amountMinor }] }),
  );

const balances = async (branch = 'main') => [
  await bank.balance(`transit:${branch}`),
  await bank.balance(`difference:${branch}`),
];
/** What has been added to a branch's transit and its differences since. */
const since = async (before: readonly number[], branch = 'main') =>
  (await balances(branch)).map((sum, at) => sum - (before[at] ?? 0));

let serial = 0;
/** Amounts so far apart that none is taken for another counted otherwise. */
const amountOf = () => 100_000 + (serial += 10_000);

test('P9 cash carried to the bank is suggested for its entry by amount and day, and accepted with one click', async () => {
  const amount = amountOf();
  const before = await balances();
  const carriedId = await carry(amount);
  expect(await since(before)).toEqual([amount, 0]);
  const entry = await bank.entry(amount);
  await bank.match();
  const [suggestion] = await bank.suggestions(entry);
  expect(suggestion).toMatchObject({
    reasons: ['cash', 'amount', 'date'],
    parts: [{ to: 'cash', branch: 'main', carriedIds: [carriedId], days: ['2026-06-02'] }],
  });
  expect(await accept(entry, suggestion?.id)).toMatchObject({ outcome: 'carried' });
  expect(await since(before)).toEqual([0, 0]);
  expect([await bank.became(entry), await bank.tasks(entry), await shownBy(carriedId)]).toEqual([
    { state: 'matched', outcome: 'carried' },
    [],
    entry,
  ]);
});

test('P9 what was fetched from the bank is the same the other way', async () => {
  const amount = amountOf();
  const before = await balances();
  const carriedId = await carry(amount, { direction: 'in' });
  const entry = await bank.entry(-amount);
  await bank.match();
  const [suggestion] = await bank.suggestions(entry);
  expect(await accept(entry, suggestion?.id)).toMatchObject({ outcome: 'carried' });
  expect([await since(before), await shownBy(carriedId)]).toEqual([[0, 0], entry]);
});

test('P9 what the bank has counted otherwise is the branch’s difference, named by the comparison until somebody has taken note', async () => {
  const amount = amountOf();
  const before = await balances();
  await carry(amount);
  const entry = await bank.entry(amount - 150);
  await bank.match();
  const [suggestion] = await bank.suggestions(entry);
  expect(suggestion?.reasons).toContain('amount-counted');
  expect(await accept(entry, suggestion?.id)).toMatchObject({ outcome: 'carried-differs' });
  expect(await since(before)).toEqual([0, 150]);
  const found = async (on: string) => {
    const asked = { library, day: on, actor: 'system', now: now + 30 * day, last: true } as const;
    await reconcileDay(bench.deps, asked, () => undefined);
    return bench.rows(
      `select kind, expected::float8 as expected, found::float8 as found, amount::float8 as amount from difference
       where subject_id = ? and solved_at is null and acknowledged_at is null`,
      [entry],
    );
  };
  expect(await found('2026-06-03')).toEqual([
    { kind: 'cash-differs', expected: amount, found: amount - 150, amount: -150 },
  ]);
  await bench.rows(
    `update difference set acknowledged_at = now(), acknowledged_by = ? where subject_id = ?`,
    [actor, entry],
  );
  expect(await found('2026-06-04')).toEqual([]);
});

test('P9 what a rule calls a branch’s cash finds by itself what was carried; staff are asked where the bank has counted otherwise', async () => {
  const [first, second] = [amountOf(), amountOf()];
  const carried = [
    await carry(first, { branch: 'north', daysAgo: 2 }),
    await carry(second, { branch: 'north' }),
  ];
  const text = { remittance: 'CASH DEPOSIT 4711', payerName: 'Demonstration Library' };
  const both = await bank.entry(first + second, text);
  await bank.match();
  expect([await bank.became(both), await shownBy(carried[0] ?? ''), await shownBy(carried[1] ?? '')]).toEqual(
    [{ state: 'matched', outcome: 'carried' }, both, both],
  );
  const third = amountOf();
  await carry(third, { branch: 'north' });
  const short = await bank.entry(third - 20, text);
  await bank.match();
  expect((await bank.became(short))?.state).toBe('suspended');
  const [suggestion] = await bank.suggestions(short);
  expect(await accept(short, suggestion?.id)).toMatchObject({ outcome: 'carried-differs' });
  const unheard = await bank.entry(7, text);
  await bank.match();
  expect(await bank.became(unheard)).toEqual({ state: 'matched', outcome: 'rule' });
});

test('P9 staff say themselves what an entry is; what does not wait, goes the other way or differs by too much is refused', async () => {
  const [amount, more] = [amountOf(), amountOf()];
  const long = await carry(amount, { daysAgo: 100 });
  const other = await carry(more, { branch: 'north' });
  const fetched = await carry(more, { direction: 'in' });
  const entry = await bank.entry(amount);
  await bank.match();
  expect((await bank.suggestions(entry)).filter(({ reasons }) => reasons.includes('cash'))).toEqual([]);
  expect(refusals(await assign(entry, [fetched], amount))).toEqual(['cash-unknown']);
  expect(refusals(await assign(entry, [uuid()], amount))).toEqual(['cash-unknown']);
  expect(refusals(await assign(entry, [long, long], amount))).toEqual(['cash-unknown']);
  expect(refusals(await assign(entry, [long, other], amount))).toEqual(['cash-differs']);
  expect(refusals(await assign(entry, [long], amount - 5001))).toEqual(['cash-differs']);
  expect(refusals(await assign(entry, [long], amount + 1))).toEqual(['parts-exceed-entry']);
  const twice = [1, 2].map(() => ({ to: 'cash', carriedIds: [long], amountMinor: amount }) as const);
  const parts = twice.map((part) => ({ ...part, amountMinor: amount / 2 }));
  const given = { ...deciding(entry), parts };
  expect(isRefused(await bench.perform((does) => does.assignEntry(given)))).toBe(true);
  expect(await assign(entry, [long], amount)).toMatchObject({ outcome: 'carried' });
  expect([await shownBy(long), await shownBy(other)]).toEqual([entry, null]);
});

test('P9 undone, it is on its way again and suggested anew', async () => {
  const amount = amountOf();
  const before = await balances();
  const carriedId = await carry(amount);
  const entry = await bank.entry(amount);
  await bank.match();
  const [suggestion] = await bank.suggestions(entry);
  await accept(entry, suggestion?.id);
  const undo = { ...deciding(entry), remarkId: await remark() };
  expect(await bench.perform((does) => does.undoEntry(undo))).toMatchObject({ outcome: 'undone' });
  expect([await since(before), await shownBy(carriedId)]).toEqual([[amount, 0], null]);
  const [again] = await bank.suggestions(entry);
  expect(await accept(entry, again?.id)).toMatchObject({ outcome: 'carried' });
  expect([await since(before), await shownBy(carriedId)]).toEqual([[0, 0], entry]);
});

test('P9 of two entries that are taken for the same cash at once one is; the other waits', async () => {
  for (let round = 0; round < Math.min(rounds, 8); round += 1) {
    const amount = amountOf();
    const before = await balances();
    await carry(amount);
    const entries = [await bank.entry(amount), await bank.entry(amount)];
    await bank.match();
    const chosen = await Promise.all(
      entries.map(async (entry) => ({ entry, suggestion: (await bank.suggestions(entry))[0]?.id })),
    );
    const [one, other] = chosen.map(
      ({ entry, suggestion }) =>
        () =>
          accept(entry, suggestion),
    );
    if (!one || !other) throw new Error('There are two entries.');
    const answers = await contest(round, one, other);
    expect(answers.map((answer) => refusals(answer).join()).toSorted()).toEqual(['', 'suggestion-outdated']);
    expect(await since(before)).toEqual([0, 0]);
  }
});

test('P9 cash that is on no statement after the time allowed is named, and what came of which nobody knew', async () => {
  const late = async () => {
    const asked = { library, day: '2026-06-20', actor: 'system', now: now + 30 * day, last: true } as const;
    await reconcileDay(bench.deps, asked, () => undefined);
    return bench.rows<{ account: string; amount: number }>(
      `select account, amount::float8 as amount from difference where kind = 'cash-late' and solved_at is null order by account`,
    );
  };
  const [main] = await balances();
  const [north] = await balances('north');
  const named = [
    { account: 'transit:main', amount: -(main ?? 0) },
    { account: 'transit:north', amount: -(north ?? 0) },
  ];
  expect(await late()).toEqual(named.filter(({ amount }) => amount !== 0));
});

test('P9 nothing of it leaves the books out of balance', async () => {
  const broken = await bench.audit(now + 30 * day);
  expect(broken.filter(({ name }) => !name.startsWith('entry-waits'))).toEqual([]);
});

test('P9 what was carried before each time was noted is on its way as far as its account says so, the latest of it', async () => {
  const booked = async (amount: number, at: number, kind = 'drawer-paid-out') => {
    const id = uuid();
    await bench.rows(
      `insert into journal (id, library, operation, kind, at, actor) values (?, 'zju', ?, ?, ?, 'system')`,
      [id, id, kind, new Date(at)],
    );
    await bench.rows(
      `insert into posting (id, journal_id, account, amount, currency) values (gen_random_uuid(), ?, 'transit:main', ?, 'EUR'), (gen_random_uuid(), ?, 'cash:main', ?, 'EUR')`,
      [id, amount, id, -amount],
    );
    return id;
  };
  await booked(1000, now);
  await booked(-1000, now + 1, 'bank-other');
  const expected = [await booked(2000, now + 2), await booked(500, now + 3)];
  const broughtIn = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).toSorted();
  const before = await bench.rows<{ id: string }>('select id from carried_cash where entry_id is null');
  await bench.rows('delete from carried_cash');
  await bench.rows(onItsWay);
  const rows = await bench.rows<{ id: string; library: string }>('select id, library from carried_cash');
  expect(broughtIn(rows.filter(({ library: of }) => of === 'zju'))).toEqual(expected.toSorted());
  expect(broughtIn(before)).toEqual(
    expect.arrayContaining(broughtIn(rows.filter(({ library: of }) => of === library))),
  );
});
