import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { drawDue } from '../../activities/ill-settlements/draw.ts';
import { illPolicy } from '../../domain/policy-ill.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createIllMoney, type IllMoney, withPrices } from '../support/ill-money.ts';

/** What libraries owe each other, and how they settle it. */
let bench: ActivityBench;
let money: IllMoney;
const october = Date.parse('2026-10-20T12:00:00Z');
const now = Date.parse('2027-01-05T12:00:00Z');
const actor = 'staff:00000000-0000-7000-8000-000000000001';
const names = (name: string) => ({ ja: name, zh: name, de: name, en: name });

/** Each library of the installation knows each other by its code. */
const codes = ['demo', 'zju', 'ccc-member', 'chikushino'];
const partners = (policy: LibraryPolicy): LibraryPolicy => {
  const peers = codes.map((library) => ({
    code: library,
    name: names(library),
    agency: { value: library },
    library,
  }));
  const outside = {
    code: 'bl',
    name: names('BL'),
    agency: { value: 'GB-UkLoBL' },
    url: 'https://bl.example',
  };
  return {
    ...policy,
    currency: 'CNY',
    ill: illPolicy.parse({ mode: 'distributed', peers: [...peers, outside] }),
  };
};
const settled = (policy: LibraryPolicy) =>
  withPrices(
    {},
    { period: 'quarterly', netting: true, addresses: { bl: 'accounts@bl.example' } },
  )(partners(policy));

beforeAll(async () => {
  bench = await startActivities({ change: settled, changeOthers: settled });
  money = createIllMoney(bench, october);
});
afterAll(() => bench?.stop());

const step = () => ({ operation: `test/${uuid()}`, now, actor }) as const;
const act = () => bench.activities;
const drawFor = async (library: string) => {
  const drawn = await act().drawLibrarySettlements({ ...step(), library });
  if ('refused' in drawn) throw new Error(JSON.stringify(drawn));
  return drawn.settlementIds;
};
const settlements = (library: string, peer: string) =>
  bench.rows<{ id: string; state: string; total: number; lines: number; from: string; to: string }>(
    `select id, state, total::int, from_on::text as from, to_on::text as to,
       (select count(*)::int from ill_settlement_line where settlement_id = s.id and state <> 'left-out') as lines
     from ill_settlement s where library = ? and peer = ? order by drawn_at, id`,
    [library, peer],
  );
const onlyOne = async (library: string, peer: string) => {
  const [row, ...more] = await settlements(library, peer);
  if (!row || more.length > 0) throw new Error(`${library} has ${more.length + (row ? 1 : 0)} with ${peer}`);
  return row;
};
const lineOf = async (settlementId: string, reference: string) => {
  const [row] = await bench.rows<{ id: string }>(
    `select line.id from ill_settlement_line line join ill_transaction t on t.id = transaction_id where settlement_id = ? and reference = ?`,
    [settlementId, reference],
  );
  return row?.id ?? '';
};
const remark = async () => {
  const id = uuid();
  const values = [id, 'demo', uuid(), 'Why', new Date(now)];
  await bench.rows(
    'insert into remark (id, library, author, text, created_at) values (?, ?, ?, ?, ?)',
    values,
  );
  return id;
};

/** Something that one library of the installation has shipped to another; both have booked it. */
async function shipped(from: string, to: string, reference: string, costMinor: number) {
  const ids = await money.requested({ library: to, peer: from, reference, costMinor });
  const supplyId = await money.supplied({ library: from, peer: to, reference, costMinor });
  await money.ship(ids, { at: new Date(october) });
  await money.supply(supplyId);
}

test('I17 a settlement has everything that was shipped in the period with one library, and nothing twice', async () => {
  await shipped('zju', 'demo', 'Z1', 700);
  await shipped('zju', 'demo', 'Z2', 300);
  await shipped('demo', 'zju', 'D1', 250);
  expect(await drawFor('demo')).toHaveLength(1);
  expect(await onlyOne('demo', 'zju')).toMatchObject({
    state: 'drawn',
    total: -750,
    lines: 3,
    from: '2026-10-01',
    to: '2026-12-31',
  });
  expect(await drawFor('demo')).toEqual([]);
  expect(await act().drawLibrarySettlements({ ...step(), library: 'demo', until: '2027-01-05' })).toEqual({
    refused: [{ code: 'settlement-period-open' }],
  });
});

test('I17 two that are drawn up at the same instant share nothing', async () => {
  for (const reference of ['R1', 'R2', 'R3']) await shipped('chikushino', 'zju', reference, 100);
  const rounds = await Promise.all([1, 2, 3, 4].map(() => bench.perform(() => drawFor('zju'))));
  expect(rounds.flat()).toHaveLength(2);
  expect(await onlyOne('zju', 'chikushino')).toMatchObject({ total: -300, lines: 3 });
});

test('I17 libraries of one installation confirm each for itself, once both say the same; paid, the account is even', async () => {
  const ours = await onlyOne('demo', 'zju');
  const theirs = await onlyOne('zju', 'demo');
  expect(theirs.total).toBe(750);
  const confirm = (library: string, settlementId: string, side: 'ours' | 'theirs' = 'ours') =>
    act().confirmLibrarySettlement({ ...step(), library, settlementId, side });
  expect(await confirm('demo', ours.id, 'theirs')).toEqual({ refused: [{ code: 'settlement-moved-on' }] });
  expect(await confirm('demo', ours.id)).toEqual({ settlementId: ours.id });
  expect(
    await act().payLibrarySettlement({ ...step(), library: 'demo', settlementId: ours.id }),
  ).toHaveProperty('refused');
  expect(await confirm('zju', theirs.id)).toEqual({ settlementId: theirs.id });
  expect((await onlyOne('demo', 'zju')).state).toBe('confirmed');
  expect((await onlyOne('zju', 'demo')).state).toBe('confirmed');
  const before = await money.balance('peer:zju');
  const twice = { ...step(), library: 'demo', settlementId: ours.id };
  const paid = await Promise.all([
    act().payLibrarySettlement(twice),
    act().payLibrarySettlement({ ...twice, ...step() }),
  ]);
  expect(paid.filter((each) => 'refused' in each)).toHaveLength(1);
  expect(await money.balance('peer:zju')).toBe(before + 750);
  expect((await onlyOne('demo', 'zju')).state).toBe('settled');
});

test('I17 a disputed line keeps both from confirming until it is corrected by a reversal, or left out for a later settlement', async () => {
  await shipped('ccc-member', 'demo', 'C1', 900);
  await shipped('ccc-member', 'demo', 'C2', 100);
  await drawFor('demo');
  await drawFor('ccc-member');
  const ours = await onlyOne('demo', 'ccc-member');
  const theirs = await onlyOne('ccc-member', 'demo');
  const on = async (library: string, settlementId: string, reference: string) => ({
    ...step(),
    library,
    settlementId,
    lineId: await lineOf(settlementId, reference),
    remarkId: await remark(),
  });
  await act().disputeSettlementLine({ ...(await on('demo', ours.id, 'C1')), by: 'us' });
  expect((await onlyOne('demo', 'ccc-member')).state).toBe('disputed');
  const confirm = (library: string, settlementId: string) =>
    act().confirmLibrarySettlement({ ...step(), library, settlementId, side: 'ours' });
  const differs = { refused: [{ code: 'settlement-differs' }] };
  expect(await confirm('demo', ours.id)).toEqual(differs);
  expect(await confirm('ccc-member', theirs.id)).toEqual(differs);

  const corrected = { decision: 'correct', costMinor: 400 } as const;
  await act().decideSettlementLine({ ...(await on('demo', ours.id, 'C1')), ...corrected });
  expect(await onlyOne('demo', 'ccc-member')).toMatchObject({ state: 'drawn', total: -500, lines: 3 });
  expect(await money.balance('peer:ccc-member')).toBe(-500);
  expect(await confirm('demo', ours.id)).toEqual(differs);
  await act().decideSettlementLine({ ...(await on('ccc-member', theirs.id, 'C1')), ...corrected });

  for (const [library, id] of [
    ['demo', ours.id],
    ['ccc-member', theirs.id],
  ] as const) {
    const left = { ...(await on(library, id, 'C2')), decision: 'leave-out' } as const;
    expect(await act().decideSettlementLine(left)).toEqual({ settlementId: id });
    expect(await confirm(library, id)).toEqual(library === 'demo' ? differs : { settlementId: id });
  }
  expect(await confirm('demo', ours.id)).toEqual({ settlementId: ours.id });
  expect(await onlyOne('demo', 'ccc-member')).toMatchObject({ state: 'confirmed', total: -400 });

  const next = Date.parse('2027-04-02T12:00:00Z');
  await drawDue(bench.deps, next);
  expect((await settlements('demo', 'ccc-member')).map(({ total, state }) => [total, state])).toEqual([
    [-400, 'confirmed'],
    [-100, 'drawn'],
  ]);
});

test('I17 with a library elsewhere, staff send the statement, hand in the other’s, and confirm when nothing differs', async () => {
  const ids = await money.requested({ peer: 'bl', reference: 'B1', costMinor: 1200, currency: 'GBP' });
  await money.ship(ids, { at: new Date(october) });
  await drawFor('demo');
  const { id: settlementId } = await onlyOne('demo', 'bl');
  const sent = await act().sendLibrarySettlement({ ...step(), library: 'demo', settlementId });
  expect(sent).toMatchObject({ settlementId, deliver: [expect.any(String)] });
  const [mail] = await bench.rows<{ address: string }>(
    `select address from notice where kind = 'library-settlement'`,
  );
  expect(mail).toEqual({ address: 'accounts@bl.example' });
  const hand = (amount: number) =>
    bench.rows(
      `insert into ill_settlement_theirs (settlement_id, position, side, reference, amount) values (?, 1, 'supplier', 'B1', ?)
       on conflict (settlement_id, position) do update set amount = excluded.amount`,
      [settlementId, amount],
    );
  const confirm = (side: 'ours' | 'theirs') =>
    act().confirmLibrarySettlement({ ...step(), library: 'demo', settlementId, side });
  await hand(1300);
  expect(await confirm('ours')).toEqual({ refused: [{ code: 'settlement-differs' }] });
  await hand(1200);
  expect(await confirm('ours')).toEqual({ settlementId });
  expect(await confirm('theirs')).toEqual({ settlementId });
  expect((await onlyOne('demo', 'bl')).state).toBe('confirmed');
  await act().payLibrarySettlement({ ...step(), library: 'demo', settlementId });
  expect(await money.balance('peer:bl', 'demo', 'GBP')).toBe(0);
});

test('I17 netted with all that both sides have confirmed, each library has one sum to get or to pay', async () => {
  const far = Date.parse('2027-07-02T12:00:00Z');
  const ring = [
    ['ccc-member', 'zju', 500],
    ['zju', 'chikushino', 800],
    ['chikushino', 'ccc-member', 200],
  ] as const;
  const fresh = createIllMoney(bench, Date.parse('2027-05-02T12:00:00Z'));
  for (const [from, to, costMinor] of ring) {
    const reference = `N-${from}`;
    const at = new Date('2027-05-02T12:00:00Z');
    await fresh.ship(await fresh.requested({ library: to, peer: from, reference, costMinor }), { at });
    await fresh.supply(await fresh.supplied({ library: from, peer: to, reference, costMinor }), at);
  }
  await drawDue(bench.deps, far);
  const later = { now: far };
  const open = await bench.rows<{ id: string; library: string }>(
    `select id, library from ill_settlement where to_on = '2027-06-30' and state = 'drawn' and library <> 'demo' and peer <> 'demo'`,
  );
  for (const { id: settlementId, library } of open)
    await act().confirmLibrarySettlement({ ...step(), ...later, library, settlementId, side: 'ours' });
  const runs = await Promise.all(
    ['ccc-member', 'zju'].map((library) =>
      bench.perform(() => act().netLibrarySettlements({ ...step(), ...later, library })),
    ),
  );
  expect(runs.filter((each) => 'refused' in each)).toHaveLength(1);
  const positions = await bench.rows<{ library: string; amount: number }>(
    'select library, amount::int from ill_netting_position order by library',
  );
  expect(positions).toEqual([
    { library: 'ccc-member', amount: 700 },
    { library: 'chikushino', amount: -600 },
    { library: 'demo', amount: -400 },
    { library: 'zju', amount: 300 },
  ]);
  expect(await money.balance('netting:ill', 'chikushino')).toBe(-600);
  const [netted] = await bench.rows<{ id: string }>('select id from ill_netting');
  const nettingId = netted?.id ?? '';
  await act().payNettingPosition({ ...step(), library: 'chikushino', nettingId });
  expect(await act().payNettingPosition({ ...step(), library: 'chikushino', nettingId })).toHaveProperty(
    'refused',
  );
  expect(await money.balance('netting:ill', 'chikushino')).toBe(0);
});

test('I17 after all of it the books are sound', async () => {
  expect(
    (await bench.audit(now)).filter(({ name }) => name.startsWith('ill') || name.startsWith('journal')),
  ).toEqual([]);
});
